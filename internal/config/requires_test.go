package config

import (
	"strings"
	"testing"
)

func TestRequires(t *testing.T) {
	tests := []struct {
		constraint, version string
		ok                  bool
	}{
		{">=0.3", "0.3.0", true},
		{">=0.3", "v0.3.0", true},
		{">= 0.3", "0.2.9", false},
		{"0.3", "0.4.0", true},
		{"0.3", "0.2.0", false},
		{">=0.3, <1", "0.9.5", true},
		{">=0.3, <1", "1.0.0", false},
		{">=0.3 <1", "1.2.0", false},
		{"=0.3.1", "0.3.1", true},
		{"==0.3.1", "0.3.2", false},
		{"!=0.3.1", "0.3.1", false},
		{"> 0.3", "0.3.0", false},
		{"<= v1.0.0", "1.0.0", true},
		{">=0.3", "0.3.0-rc.1", false},
		// Development builds.
		{">=99", "", true},
		{">=99", "(devel)", true},
		{">=99", "v0.0.0-20261123013140-51cfd23aa0b1", true},
		{">=99", "v0.3.0+dirty", true},
		{">=99", "0.3.0", false},
	}
	for _, tt := range tests {
		_, _, err := Load(files("lectern.yaml", "requires: '"+tt.constraint+"'\n"), Options{Version: tt.version})
		if (err == nil) != tt.ok {
			t.Errorf("%q with %q: %v", tt.constraint, tt.version, err)
		}
		if err != nil && (!strings.Contains(err.Error(), "requires Lectern "+tt.constraint) || !strings.Contains(err.Error(), "this is Lectern "+strings.TrimPrefix(tt.version, "v")) || !strings.Contains(err.Error(), "lectern.yaml:1:11")) {
			t.Errorf("the message lacks something: %v", err)
		}
	}
	for _, bad := range []string{">=", "x", ">= >= 1", "~> 1", "1.2.3.4", ">=1,"} {
		if _, err := parseConstraint(bad); (err == nil) != (bad == ">=1,") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
