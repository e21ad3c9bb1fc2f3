package main

import (
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// What the server has seen, for the suite to ask about.
type notes struct {
	sync.Mutex
	endings       []map[string]interface{}
	controlEvents []string
}

// serve does what the Go sibling does with a connection: reads it in one goroutine, and runs a handler for each event.
func serve(address string) error {
	seen := &notes{endings: []map[string]interface{}{}, controlEvents: []string{}}
	upgrader := websocket.Upgrader{}
	http.HandleFunc("/ws", func(response http.ResponseWriter, request *http.Request) {
		conn, err := upgrader.Upgrade(response, request, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		send(conn, Envelope{EventName: "connected", Payload: map[string]string{"id": "zpt-go"}})
		for {
			envelope, err := receive(conn)
			if err != nil {
				closed := ending(err)
				seen.Lock()
				seen.endings = append(seen.endings, map[string]interface{}{"code": closed.Code, "reason": closed.Reason})
				seen.Unlock()
				return
			}
			handle(conn, envelope, seen)
		}
	})
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Println("listening")
	return http.Serve(listener, nil)
}

func handle(conn *websocket.Conn, envelope Envelope, seen *notes) {
	seen.Lock()
	defer seen.Unlock()
	// A reply has the request's id; what is no request has no headers, which Go sends as null.
	answered := map[string]interface{}{"zap": map[string]string{"re": envelope.zap("id")}}
	switch envelope.EventName {
	case "hello":
		send(conn, Envelope{EventName: "hello", Payload: "HELLO FROM SERVER !!!"})
	case "echo":
		send(conn, envelope)
	case "raise":
		send(conn, Envelope{EventName: "error", Payload: "An error occurred in the event raise:\non purpose"})
	case "count":
		numbers, _ := envelope.Payload.(float64)
		for number := 0; number < int(numbers); number++ {
			send(conn, Envelope{EventName: "number", Payload: number})
		}
	case "close":
		// As the sibling's Close() does: the TCP connection is closed, and no Close is sent.
		conn.Close()
	case "close with":
		given, _ := envelope.Payload.(map[string]interface{})
		code, _ := given["code"].(float64)
		reason, _ := given["reason"].(string)
		conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(int(code), reason), time.Now().Add(time.Second))
	case "endings":
		send(conn, Envelope{EventName: "endings", Payload: seen.endings})
	case "control events":
		send(conn, Envelope{EventName: "control events", Payload: seen.controlEvents})
	case "zap:hello", "zap:ping", "zap:pong", "zap:auth":
		seen.controlEvents = append(seen.controlEvents, envelope.EventName)
	case "sum":
		numbers, _ := envelope.Payload.([]interface{})
		sum := 0.0
		for _, number := range numbers {
			value, _ := number.(float64)
			sum += value
		}
		send(conn, Envelope{"sum", sum, answered})
	case "join":
		failure := map[string]interface{}{"code": "room_full", "message": "The room is full.", "details": map[string]int{"max": 12}}
		send(conn, Envelope{"error", failure, answered})
	}
}
