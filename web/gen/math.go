package main

import (
	"path/filepath"
)

// makeMath copies the library that turns TeX into MathML, and its licence.
func makeMath(root string) error {
	for _, f := range []struct{ from, to string }{
		{"temml/dist/temml.min.js", "temml.min.js"},
		{"temml/LICENSE", "NOTICE"},
	} {
		b, err := readPackage(root, f.from)
		if err != nil {
			return err
		}
		if err := writeChanged(filepath.Join(root, "internal", "mathml", f.to), b); err != nil {
			return err
		}
	}
	return nil
}
