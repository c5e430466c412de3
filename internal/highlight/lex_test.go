package highlight

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/dlclark/regexp2/v2"
)

// TestMain stops the clock by which regexp2 gives a match up. Chroma gives it
// 250 ms on the wall, which a busy machine takes for nothing; so the comparison
// stays exact.
func TestMain(m *testing.M) {
	regexp2.SetTimeoutCheckPeriod(24 * time.Hour)
	os.Exit(m.Run())
}

// samples returns the code that chroma tests its lexers with, by lexer's name.
func samples(t testing.TB) map[string]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/alecthomas/chroma/v2").Output()
	if err != nil {
		t.Fatalf("finding chroma's module: %v", err)
	}
	dir := filepath.Join(strings.TrimSpace(string(out)), "lexers", "testdata")
	files := map[string]string{}
	err = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".actual") {
			return err
		}
		data, err := os.ReadFile(path)
		files[strings.TrimSuffix(strings.TrimPrefix(path, dir+string(filepath.Separator)), ".actual")] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// want returns chroma's tokens of a text, neighbours of one type joined; false
// where chroma panics.
func want(t *testing.T, l chroma.Lexer, text string) (tokens []token, ok bool) {
	t.Helper()
	defer func() { ok = ok && recover() == nil }()
	it, err := l.Tokenise(nil, text)
	if err != nil {
		t.Fatal(err)
	}
	for tok := it(); tok != chroma.EOF; tok = it() {
		if tok.Value != "" {
			tokens = append(tokens, token{tokenType(tok.Type), tok.Value})
		}
	}
	return joined(tokens), true
}

func joined(tokens []token) []token {
	var out []token
	for _, tok := range tokens {
		if n := len(out); n > 0 && out[n-1].typ == tok.typ {
			out[n-1].text += tok.text
			continue
		}
		out = append(out, tok)
	}
	return out
}

// maxSample is how much of a sample is compared; chroma takes long for more.
const maxSample = 6000

// different are languages where a rule of chroma's is Go code, which is
// replaced by something simpler.
var different = map[string]bool{"HTTP": true, "Haxe": true, "reStructuredText": true, "Raku": true}

func TestTokensAreChromas(t *testing.T) {
	h := New()
	tested := 0
	for name, text := range samples(t) {
		text = strings.ReplaceAll(text, "\r\n", "\n")
		if len(text) > maxSample {
			text = text[:1+strings.LastIndexByte(text[:maxSample], '\n')]
		}
		base, _, _ := strings.Cut(filepath.ToSlash(name), "/")
		base, _, _ = strings.Cut(base, ".")
		l := lexers.Get(base)
		if l == nil || different[l.Config().Name] {
			continue
		}
		mine := h.find(base)
		if mine == nil {
			t.Errorf("%s: chroma knows this language, highlight does not", base)
			continue
		}
		tested++
		wantTokens, ok := want(t, l, text)
		if !ok {
			continue
		}
		var r run
		r.reset(h)
		got, ok := r.lex(mine, text)
		if !ok {
			var b strings.Builder
			for _, w := range wantTokens {
				b.WriteString(w.text)
			}
			if strings.TrimSuffix(b.String(), "\n") == strings.TrimSuffix(text, "\n") {
				t.Errorf("%s: no tokens", name)
			} else {
				t.Logf("%s: chroma's own tokens are not the text", name)
			}
			continue
		}
		compare(t, name, joined(got), wantTokens)
	}
	t.Logf("%d samples", tested)
	if tested < 150 {
		t.Errorf("only %d samples were compared", tested)
	}
}

func compare(t *testing.T, name string, got, want []token) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			var g, w any
			if i < len(got) {
				g = got[i]
			}
			if i < len(want) {
				w = want[i]
			}
			t.Errorf("%s: token %d is %q, chroma's %q", name, i, g, w)
			return
		}
	}
}
