package main

import (
	"encoding/json"
	"fmt"

	"github.com/gorilla/websocket"
)

// Envelope is one frame. Headers that are nil are sent as null, which every end takes.
type Envelope struct {
	EventName string                 `json:"eventName"`
	Payload   interface{}            `json:"payload"`
	Headers   map[string]interface{} `json:"headers"`
}

func send(conn *websocket.Conn, envelope Envelope) error {
	text, err := json.Marshal(envelope)
	if err != nil {
		return err
	}
	return conn.WriteMessage(websocket.TextMessage, text)
}

func receive(conn *websocket.Conn) (envelope Envelope, err error) {
	_, text, err := conn.ReadMessage()
	if err != nil {
		return envelope, err
	}
	return envelope, json.Unmarshal(text, &envelope)
}

// zap is a field of the headers that belong to the toolkit: "id" of a request, "re" of an answer.
func (envelope Envelope) zap(field string) string {
	zap, _ := envelope.Headers["zap"].(map[string]interface{})
	text, _ := zap[field].(string)
	return text
}

// ask sends a request and reads until its answer comes. The id is the caller's choice, new for each request.
func ask(conn *websocket.Conn, id string, eventName string, payload interface{}) (interface{}, error) {
	headers := map[string]interface{}{"zap": map[string]string{"id": id}}
	if err := send(conn, Envelope{eventName, payload, headers}); err != nil {
		return nil, err
	}
	for {
		envelope, err := receive(conn)
		if err != nil {
			return nil, err
		}
		if envelope.zap("re") != id {
			continue // an event like any other
		}
		if envelope.EventName == "error" {
			return nil, fmt.Errorf("%s failed: %v", eventName, envelope.Payload)
		}
		return envelope.Payload, nil
	}
}
