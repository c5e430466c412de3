// Command gen packs chroma's lexers and styles for package highlight, which
// can then do without chroma: its registry costs some 30 ms at every start.
//
//	go generate ./internal/highlight
//
// writes lexers.bin (see ../pack.go for its format), chroma.css and classes.go.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// run writes the files into dir, the package's folder.
func run(dir string) error {
	data, err := pack()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "lexers.bin"), data, 0o644); err != nil {
		return fmt.Errorf("write the lexers: %w", err)
	}
	css, err := styleSheet()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "chroma.css"), css, 0o644); err != nil {
		return fmt.Errorf("write the style sheet: %w", err)
	}
	source, err := classes()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "classes.go"), source, 0o644); err != nil {
		return fmt.Errorf("write the classes: %w", err)
	}
	return nil
}
