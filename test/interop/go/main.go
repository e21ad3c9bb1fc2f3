// A Go program that sends exactly the frames the Go sibling sends, and reads ours into the struct the sibling reads
// them into. It is not the sibling itself.
package main

import (
	"fmt"
	"os"
)

func main() {
	var err error
	switch mode, target := os.Args[1], os.Args[2]; mode {
	case "serve":
		err = serve(target)
	case "drive":
		err = drive(target)
	case "ask":
		err = askAround(target)
	default:
		err = fmt.Errorf("there is no mode %q", mode)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
