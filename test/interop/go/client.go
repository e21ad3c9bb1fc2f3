package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/gorilla/websocket"
)

// What a line on stdin asks for, and what a line on stdout tells.
type command struct {
	Do string `json:"do"`
	Envelope
}

type sight struct {
	Saw string `json:"saw"`
	*Envelope
	Code   int    `json:"code,omitempty"`
	Reason string `json:"reason"`
}

func tell(seen sight) {
	line, _ := json.Marshal(seen)
	fmt.Println(string(line))
}

// drive does what lines on stdin say, and tells in lines what it sees.
func drive(url string) error {
	conn, _, err := websocket.DefaultDialer.Dial(url, nil)
	if err != nil {
		return err
	}
	tell(sight{Saw: "open"})
	go obey(conn)
	for {
		envelope, err := receive(conn)
		if err != nil {
			tell(ending(err))
			return nil
		}
		tell(sight{Saw: "event", Envelope: &envelope})
	}
}

func obey(conn *websocket.Conn) {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var given command
		if err := json.Unmarshal(lines.Bytes(), &given); err != nil {
			panic(err)
		}
		if given.Do == "send" {
			send(conn, given.Envelope)
		} else {
			say := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
			conn.WriteMessage(websocket.CloseMessage, say)
		}
	}
}

func ending(err error) sight {
	var closed *websocket.CloseError
	if errors.As(err, &closed) {
		return sight{Saw: "close", Code: closed.Code, Reason: closed.Text}
	}
	return sight{Saw: "close", Code: websocket.CloseAbnormalClosure, Reason: err.Error()}
}

// askAround asks a server of ours, and fails at asking.
func askAround(url string) error {
	conn, _, err := websocket.DefaultDialer.Dial(url, nil)
	if err != nil {
		return err
	}
	defer conn.Close()
	sum, err := ask(conn, "1", "sum", []int{1, 2, 3})
	if err != nil {
		return err
	}
	fmt.Println(sum)
	_, err = ask(conn, "2", "join", nil)
	fmt.Println(err)
	return nil
}
