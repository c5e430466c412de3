package main

import (
	"path/filepath"
)

// chemistryNotice is what the header of the chemistry library says, which its
// small form leaves out.
const chemistryNotice = `
mhchem.min.js is temml's extension of that name, under the same licence. It is
adapted from MathJax's extension mhchem:

Copyright (c) 2011-2015 The MathJax Consortium
Copyright (c) 2015-2018 Martin Hensel

Licensed under the Apache License, Version 2.0: http://www.apache.org/licenses/LICENSE-2.0
`

// makeMath copies the library that turns TeX into MathML, the part of it that
// knows chemistry, and the licences.
func makeMath(root string) error {
	for _, f := range []struct{ from, to, more string }{
		{from: "temml/dist/temml.min.js", to: "temml.min.js"},
		{from: "temml/contrib/mhchem/mhchem.min.js", to: "mhchem.min.js"},
		{from: "temml/LICENSE", to: "NOTICE", more: chemistryNotice},
	} {
		b, err := readPackage(root, f.from)
		if err != nil {
			return err
		}
		if err := writeChanged(filepath.Join(root, "internal", "mathml", f.to), append(b, f.more...)); err != nil {
			return err
		}
	}
	return nil
}
