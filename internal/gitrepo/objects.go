package gitrepo

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
)

// objects reads a mirror's objects through one git that stays: starting one
// takes longer than most answers. It sees what is fetched after its start.
type objects struct {
	m  *Mirror
	mu sync.Mutex

	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// errNoObject says that the mirror does not have an object.
var errNoObject = errors.New("an object is missing in the copy of the repository")

func (o *objects) start() error {
	if o.cmd != nil {
		return nil
	}
	cmd := exec.Command("git", append(quiet[:len(quiet):len(quiet)], "cat-file", "--batch")...)
	cmd.Dir, cmd.Env = o.m.gitDir(), environment(os.Environ())
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	endGroup(cmd) // Ctrl-C is for this process alone
	cmd.Cancel = nil
	if err := cmd.Start(); err != nil {
		return err
	}
	o.cmd, o.in, o.out = cmd, in, bufio.NewReaderSize(out, 64<<10)
	return nil
}

// close ends git, which ends when there is nothing more to read.
func (o *objects) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.end()
}

func (o *objects) end() {
	if o.cmd == nil {
		return
	}
	_ = o.in.Close()
	_ = o.cmd.Process.Kill()
	_ = o.cmd.Wait() // killed
	o.cmd = nil
}

// read returns an object of at most so many bytes.
func (o *objects) read(ctx context.Context, id string, most int64) (kind string, data []byte, err error) {
	err = o.each(ctx, []string{id}, func(_ int, k string, size int64, r io.Reader) error {
		if size > most {
			return fmt.Errorf("it has %d bytes", size)
		}
		kind, data = k, make([]byte, size)
		_, err := io.ReadFull(r, data)
		return err
	})
	return kind, data, err
}

// each calls f with each of the objects ids, in order. f need not read it all.
func (o *objects) each(ctx context.Context, ids []string, f func(i int, kind string, size int64, r io.Reader) error) (err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.start(); err != nil {
		return fmt.Errorf("read the repository's objects: %w", err)
	}
	process := o.cmd.Process // o.cmd is nil when this comes late
	stop := context.AfterFunc(ctx, func() { _ = process.Kill() })
	defer func() {
		if !stop() && err == nil {
			err = ctx.Err()
		}
		if err != nil { // who knows what it would say next
			o.end()
			if ctx.Err() != nil {
				err = ctx.Err()
			}
		}
	}()
	in := o.in
	asked := make(chan error, 1)
	go func() {
		w := bufio.NewWriterSize(in, 32<<10)
		for _, id := range ids {
			if _, err := w.WriteString(id + "\n"); err != nil {
				asked <- err
				return
			}
		}
		asked <- w.Flush()
	}()
	for i, id := range ids {
		if err := o.one(i, id, f); err != nil {
			o.end() // so that whoever writes to it ends
			<-asked
			return err
		}
	}
	return <-asked
}

func (o *objects) one(i int, id string, f func(i int, kind string, size int64, r io.Reader) error) error {
	head, err := o.out.ReadString('\n')
	if err != nil {
		return fmt.Errorf("read the repository's objects: %w", err)
	}
	words := strings.Fields(head)
	if len(words) != 3 {
		return fmt.Errorf("%w: %s", errNoObject, id)
	}
	size, err := strconv.ParseInt(words[2], 10, 64)
	if err != nil || size < 0 {
		return fmt.Errorf("git gave %q for an object", clip(head))
	}
	r := &io.LimitedReader{R: o.out, N: size}
	if err := f(i, words[1], size, r); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		return fmt.Errorf("read the repository's objects: %w", err)
	}
	if b, err := o.out.ReadByte(); err != nil || b != '\n' {
		return fmt.Errorf("read the repository's objects: object %s has no end", id)
	}
	return nil
}
