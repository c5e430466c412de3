package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

func TestCommandLine(t *testing.T) {
	none := func(string) string { return "" }
	tests := []struct {
		args string
		env  map[string]string
		code int
		want string
	}{
		{"", nil, 2, "the one command is serve"},
		{"build", nil, 2, "the one command is serve"},
		{"serve", nil, 2, "--snapshot is missing"},
		{"serve --snapshot /x more", nil, 2, `"more" is one argument too many`},
		{"serve --snapshot /x", map[string]string{"LECTERN_PORT": "many"}, 2, "LECTERN_PORT"},
		{"serve --port 0 --snapshot /nowhere/at/all", nil, 1, "open the site"},
		{"serve --port 0", map[string]string{"LECTERN_SNAPSHOT": "/nowhere/at/all"}, 1, "open the site"},
	}
	for _, tt := range tests {
		env := none
		if tt.env != nil {
			env = func(k string) string { return tt.env[k] }
		}
		var out, errs bytes.Buffer
		if code := run(context.Background(), strings.Fields(tt.args), env, &out, &errs); code != tt.code || !strings.Contains(errs.String(), tt.want) {
			t.Errorf("%q: code %d, said %q", tt.args, code, errs.String())
		}
	}
}
