package gitrepo

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"lectern/internal/history"
)

// Blobs calls f with the content of each of ids, in order, by one process of
// git. Content of more than most bytes, and what the repository does not have,
// is nil. The slice is f's to keep.
func (r *Repo) Blobs(ctx context.Context, ids []history.ID, most int64, f func(id history.ID, data []byte)) error {
	if len(ids) == 0 {
		return nil
	}
	cmd, stderr, cancel, err := command(ctx, r.dir, "cat-file", "--batch", "--buffer")
	if err != nil {
		return err
	}
	defer cancel()
	var in bytes.Buffer
	for _, id := range ids {
		in.WriteString(id.String() + "\n")
	}
	cmd.Stdin = &in
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	readErr := readBlobs(bufio.NewReaderSize(out, 64<<10), ids, most, f)
	if readErr != nil {
		cancel()
	}
	if err := cmd.Wait(); err != nil && readErr == nil {
		return explain(ctx, err, stderr.String())
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return readErr
}

// readBlobs reads, for each of ids, "ID blob SIZE", the content and a line's
// end, or "ID missing".
func readBlobs(out *bufio.Reader, ids []history.ID, most int64, f func(id history.ID, data []byte)) error {
	for _, id := range ids {
		head, err := out.ReadString('\n')
		if err != nil {
			return fmt.Errorf("read from git: %w", err)
		}
		words := strings.Fields(head)
		if len(words) < 3 {
			f(id, nil)
			continue
		}
		size, err := strconv.ParseInt(words[2], 10, 64)
		if err != nil || size < 0 {
			return fmt.Errorf("git gave %q for a file's content", clip(head))
		}
		var data []byte
		if words[1] == "blob" && size <= most {
			data = make([]byte, size)
			_, err = io.ReadFull(out, data)
		} else {
			_, err = io.CopyN(io.Discard, out, size)
		}
		if err == nil {
			_, err = out.Discard(1)
		}
		if err != nil {
			return fmt.Errorf("read from git: %w", err)
		}
		f(id, data)
	}
	return nil
}
