// Command lectern turns a folder of conference notes into a website; see
// `lectern --help`.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"lectern/internal/cli"
)

// version is the release; releases set it with -ldflags "-X main.version=1.2.3".
var version string

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal asks for an end; a second one gets the system's answer.
	context.AfterFunc(ctx, stop)
	os.Exit(cli.Run(ctx, os.Args[1:], cli.Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv, Version: version,
	}))
}
