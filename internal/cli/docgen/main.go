// Command docgen writes the references in docs/reference from the code that
// they describe. It is run by go generate.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"lectern/internal/check"
	"lectern/internal/cli"
	"lectern/internal/config"
	"lectern/internal/note"
)

func main() {
	dir := flag.String("dir", "docs/reference", "the folder of the references")
	flag.Parse()
	if err := run(*dir); err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}

func run(dir string) error {
	references := []struct {
		name  string
		write func(io.Writer) error
	}{
		{"cli.md", cli.WriteReference},
		{"config.md", config.WriteReference},
		{"shortcodes.md", note.WriteShortcodes},
		{"relearn.md", config.WriteRelearn},
		{"rules.md", check.WriteReference},
	}
	for _, r := range references {
		var b bytes.Buffer
		if err := r.write(&b); err != nil {
			return fmt.Errorf("make %s: %w", r.name, err)
		}
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, r.name), b.Bytes(), 0o666); err != nil {
			return err
		}
	}
	return nil
}
