package deps

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "lectern"

// layers says which of the module's packages each may import. Imports point
// one way; a package that is not here has to be put here first.
var layers = map[string]struct {
	imports []string
	why     string
}{
	"cmd/lectern": {[]string{"internal/cli"}, "main turns signals into a context and nothing else, so that all behaviour can be tested without a process"},
	"cmd/lectern-server": {
		[]string{"internal/metrics", "internal/server", "internal/snapshot"},
		"what images hold: it shows a site that is there, and should stay small",
	},
	"internal/cli": {nil, "the one place for wiring, flags and the terminal: it may import everything"},

	"internal/build": {
		[]string{"cache", "card", "check", "config", "diag", "gitrepo", "history", "icon", "note", "page", "picture", "search", "site", "snapshot", "source"},
		"owns the phases, and so knows all that work in them; it knows nothing of who asks for the build",
	},
	"internal/server": {
		[]string{"diag", "snapshot"},
		"shows snapshots: it gets its build function handed in and never sees Markdown",
	},
	"internal/preview": {
		[]string{"diag", "markdown", "server", "snapshot"},
		"shows sites beside the live one: how they are built it is told by its caller",
	},
	"internal/forge":      {nil, "a commit's state in, a request to the forge out"},
	"internal/webhook":    {nil, "a request in, what has happened out: it knows neither git nor what is done about it"},
	"internal/credential": {nil, "the environment in, credentials out: it asks helpers and files, and no registry"},
	"internal/follow":     {nil, "when to look, whatever it is that is looked at"},
	"internal/release": {
		[]string{"snapshot"},
		"keeps snapshots on disk and says which is live: it knows neither builds nor HTTP",
	},
	"internal/metrics": {[]string{"server"}, "what a server is asked and how it does, for Prometheus: beside it, because the library is large"},
	"internal/auth":    {[]string{"server"}, "asks who is there, in front of whatever handler: beside the server, because its libraries are large"},
	"internal/certs":   {nil, "certificates in and out: it knows nothing of what is served"},
	"internal/listen":  {nil, "sockets, whoever listens at them"},
	"internal/control": {
		[]string{"release", "snapshot"},
		"lets people see and change which release is live: what they show is handed in",
	},
	"internal/image": {
		[]string{"attest", "credential", "snapshot"},
		"packs snapshots and pushes them: it knows neither notes nor git, nor where programs lie",
	},
	"internal/slimserver": {nil, "programs that a release carries: it knows nothing of what they do"},
	"internal/sbom":       {nil, "programs and packages in, a document out: it knows neither sites nor registries"},
	"internal/attest":     {nil, "signs and judges bytes: it knows no registry, no file and no environment"},
	"internal/page": {
		[]string{"card", "config", "icon", "markdown", "note", "site", "snapshot"},
		"renders a model to bytes: what it shows was decided before",
	},
	"internal/scaffold":  {[]string{"diag", "edit", "note", "schedule"}, "a programme and what is there in, changes out"},
	"internal/fetch":     {nil, "an address in, bytes out"},
	"internal/edit":      {[]string{"diag", "note"}, "changes of files, whoever plans them"},
	"internal/starter":   {nil, "the files that a new project begins with"},
	"internal/move":      {[]string{"config", "diag", "edit", "note", "site"}, "plans a move from the model, and leaves reading and writing files to the caller"},
	"internal/site":      {[]string{"config", "diag", "history", "note"}, "a pure function from notes and history to the model"},
	"internal/check":     {[]string{"config", "diag", "note", "site", "spelling"}, "a pure function from the model to findings: what it reads it is handed"},
	"internal/note":      {[]string{"diag", "highlight", "icon", "mathml", "spelling"}, "a pure function of one file: it knows no site and no configuration, so that its results can be kept"},
	"internal/config":    {[]string{"diag"}, "the first thing that is read: all else depends on it"},
	"internal/source":    {[]string{"diag"}, "gives files to everything above, and knows nothing of what is in them"},
	"internal/gitrepo":   {[]string{"history"}, "knows git alone"},
	"internal/history":   {nil, "plain data that gitrepo fills and site reads"},
	"internal/search":    {nil, "documents in, an index out: it could serve any site"},
	"internal/snapshot":  {nil, "what a build makes, independent of how it was made"},
	"internal/highlight": {nil, "code in, HTML out"},
	"internal/linkcheck": {[]string{"cache", "fetch"}, "addresses in, answers out: it knows no notes"},
	"internal/spelling":  {nil, "words in, corrections out"},
	"internal/mathml":    {nil, "TeX in, MathML out"},
	"internal/markdown":  {nil, "HTML in, Markdown out"},
	"internal/recording": {[]string{"diag", "note", "schedule"}, "lists of recordings and sessions in, what belongs together out, and where a note has its button"},
	"internal/schedule":  {[]string{"diag", "markdown"}, "a programme's bytes in, its sessions out: it knows no notes"},
	"internal/card":      {nil, "words in, a picture out"},
	"internal/cache":     {nil, "bytes by the hash of what they were made from"},
	"internal/picture":   {nil, "pictures' bytes in, what is in them and smaller pictures out"},
	"internal/icon":      {nil, "a set of pictures"},
	"internal/diag":      {nil, "everything reports through it"},
	"internal/deps":      {nil, "a test"},
	"test/browser":       {nil, "tests, which run the command as a user would"},
}

// bans are imports that only some packages may have. A path stands for all
// below it, too.
var bans = []struct {
	path string
	only []string
	why  string
}{
	{"os", []string{"internal/control", "cmd/lectern", "cmd/lectern-server", "internal/cache", "internal/cli", "internal/credential", "internal/edit", "internal/source", "internal/release", "internal/snapshot", "internal/gitrepo", "internal/build", "internal/listen", "internal/auth", "internal/certs"}, "parsing, the model and rendering are pure: the same input gives the same bytes"},
	{"net/http", []string{"internal/control", "internal/fetch", "internal/image", "internal/forge", "internal/linkcheck", "internal/preview", "internal/server", "internal/webhook", "internal/cli", "internal/metrics", "internal/auth", "internal/certs"}, "only the server speaks HTTP, and what is fetched is fetched in one place"},
	{"os/exec", []string{"internal/cli", "internal/credential", "internal/gitrepo", "internal/listen"}, "no note can start a program"},
	{"net", []string{"internal/control", "cmd/lectern-server", "internal/fetch", "internal/image", "internal/linkcheck", "internal/server", "internal/cli", "internal/listen", "internal/metrics", "internal/certs"}, "a build needs no network"},
	{"net/http/pprof", nil, "its init puts handlers on the default server"},
	{"expvar", nil, "its init puts handlers on the default server"},
	{"unsafe", nil, "nothing here is worth it"},
	{"testing", nil, "test code is not shipped"},
	{"math/rand", []string{"internal/follow"}, "same input, same bytes; only when a server looks is chance"},

	{"golang.org/x/image", []string{"internal/card", "internal/picture"}, "pictures are decoded in one place and drawn in one"},
	{"image", []string{"internal/card", "internal/picture"}, "pictures are decoded in one place and drawn in one"},

	{"github.com/spf13", []string{"internal/cli"}, "flags are the command line's"},
	{"golang.org/x/term", []string{"internal/cli"}, "the terminal is the command line's"},
	{"github.com/fsnotify", []string{"internal/source"}, "one watcher"},
	{"github.com/yuin", []string{"internal/note", "internal/highlight"}, "Markdown is read in one place"},
	{"github.com/gohugoio", []string{"internal/note"}, "Markdown is read in one place"},
	{"rsc.io/qr", []string{"internal/note"}, "QR codes stand in notes; only its encoder is used, which draws nothing"},
	{"github.com/blevesearch", []string{"internal/search"}, "words are stemmed for search alone"},
	{"github.com/microcosm-cc", []string{"internal/note"}, "what is unsafe is cleaned where it is read"},
	{"github.com/alecthomas/chroma/v2", []string{"internal/highlight"}, "slow to start when imported carelessly: highlight says how"},
	{"github.com/dop251/goja", []string{"internal/mathml"}, "a JavaScript engine for one library: no note's own script ever runs"},
	{"github.com/a-h/templ", []string{"internal/page"}, "templates belong to pages"},
	{"github.com/aymanbagabas/go-udiff", []string{"internal/edit", "internal/preview"}, "changes are shown where they are planned"},
	{"github.com/goccy/go-yaml", []string{"internal/config", "internal/note"}, "configuration and front matter alone are YAML"},
	{"github.com/pelletier/go-toml", []string{"internal/config", "internal/note"}, "configuration and front matter alone are TOML"},
	{"github.com/google/go-containerregistry", []string{"internal/image"}, "heavy: only image needs it"},
	{"github.com/klauspost/compress", []string{"internal/image", "internal/release", "internal/server"}, "layers are compressed in one place, stored files in another, and what goes to browsers in a third"},
	{"github.com/andybalholm/brotli", []string{"internal/server"}, "what goes to browsers is compressed in one place"},
	{"github.com/CycloneDX", []string{"internal/sbom"}, "bills of materials are written in one place"},
	{"github.com/secure-systems-lab", []string{"internal/attest"}, "keys are opened in one place"},
	{"golang.org/x/crypto", []string{"internal/auth"}, "the standard library has what is needed but bcrypt; keys with a password are opened by another library"},
	{"github.com/sigstore", nil, "heavy (Protocol Buffers, 3.6 MB) for what the standard library does in a few lines"},
	{"github.com/caddyserver/certmagic", []string{"internal/certs"}, "heavy, and only some servers need it"},
	{"github.com/coreos/go-oidc", []string{"internal/auth"}, "heavy, and only some servers need it"},
	{"golang.org/x/oauth2", []string{"internal/auth"}, "heavy, and only some servers need it"},
	{"go.uber.org", []string{"internal/certs"}, "certmagic logs with it; all else with log/slog"},
	{"github.com/prometheus", []string{"internal/metrics"}, "metrics are told in one place"},
	{"github.com/coreos/go-systemd", []string{"internal/listen"}, "what starts the server is spoken to in one place"},
	{"k8s.io", []string{"internal/deploy", "cmd/lectern-deploy"}, "heavy: only deploy needs it"},
	{"sigs.k8s.io", []string{"internal/deploy", "cmd/lectern-deploy"}, "heavy: only deploy needs it"},
	{"github.com/fluxcd", []string{"internal/deploy", "cmd/lectern-deploy"}, "heavy: only deploy needs it"},
}

// unlinked must not be in the binary at all, by whatever way.
var unlinked = []struct{ path, why string }{
	{"github.com/alecthomas/chroma/v2/lexers", "registering all lexers costs every start 30 ms"},
	{"github.com/golangci/misspell", "its lists are made into files by go generate: it would bring regular expressions that are compiled at every start, and an HTTP server"},
	{"github.com/evanw/esbuild", "a tool for go generate: the bundles are checked in"},
	{"github.com/chromedp", "for tests in a browser"},
	{"github.com/gohugoio/hugo", "what Lectern is compared with"},
	{"testing", "test code is not shipped"},
	{"net/http/pprof", "its init puts handlers on the default server"},
	{"github.com/letsencrypt", "a certificate authority for tests"},
	{"github.com/zitadel", "an identity provider for tests"},
}

// longestChain is how many packages an import may pass through from the
// command to the last, both counted: longer ones are hard to hold in the head.
const longestChain = 7

func TestLayers(t *testing.T) {
	imports := readImports(t)
	for _, pkg := range sorted(imports) {
		layer, ok := layers[pkg]
		if !ok {
			if tool(imports, pkg) {
				continue // a program for go generate ships with nothing
			}
			t.Errorf("%s is in no layer: say in this test what it may import, and why", pkg)
			continue
		}
		if pkg == "internal/cli" {
			continue
		}
		for _, imp := range imports[pkg].own {
			if !slices.Contains(layer.imports, strings.TrimPrefix(imp, "internal/")) && !slices.Contains(layer.imports, imp) {
				t.Errorf("%s imports %s; it may not, for it %q", pkg, imp, layer.why)
			}
		}
	}
	for pkg, layer := range layers {
		if layer.why == "" {
			t.Errorf("the rule about %s has no reason", pkg)
		}
	}
}

func TestBans(t *testing.T) {
	imports := readImports(t)
	for _, pkg := range sorted(imports) {
		if tool(imports, pkg) {
			continue
		}
		for _, imp := range imports[pkg].foreign {
			for _, b := range bans {
				if !below(imp, b.path) || slices.Contains(b.only, pkg) || exempt(imp, b.path) {
					continue
				}
				t.Errorf("%s imports %s; only %v may: %s", pkg, imp, b.only, b.why)
			}
		}
	}
}

// exempt reports whether imp, below the banned path, is harmless or has a rule
// of its own.
func exempt(imp, banned string) bool {
	switch banned {
	case "net":
		return imp == "net/url" || imp == "net/netip" || imp == "net/mail" || below(imp, "net/http")
	case "os":
		return imp == "os/exec"
	}
	return false
}

func TestUnlinked(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", module+"/cmd/lectern").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	deps := strings.Fields(string(out))
	if !slices.Contains(deps, module+"/internal/cli") {
		t.Fatal("go list does not know what the command imports")
	}
	for _, d := range deps {
		for _, u := range unlinked {
			if below(d, u.path) {
				t.Errorf("the binary holds %s: %s", d, u.why)
			}
		}
	}
}

func TestLongestChain(t *testing.T) {
	imports := readImports(t)
	var longest func(pkg string) []string
	known := map[string][]string{}
	longest = func(pkg string) []string {
		if c, ok := known[pkg]; ok {
			return c
		}
		known[pkg] = nil // a cycle would not compile
		var best []string
		for _, imp := range imports[pkg].own {
			if c := longest(imp); len(c) > len(best) {
				best = c
			}
		}
		known[pkg] = append([]string{pkg}, best...)
		return known[pkg]
	}
	if c := longest("cmd/lectern"); len(c) > longestChain {
		t.Errorf("an import passes through %d packages, more than %d: %s", len(c), longestChain, strings.Join(c, " → "))
	}
}

func TestNames(t *testing.T) {
	for pkg := range readImports(t) {
		switch path.Base(pkg) {
		case "util", "utils", "common", "helper", "helpers", "manager", "misc", "base", "shared", "lib":
			t.Errorf("%s: the name says nothing of what it is for", pkg)
		}
	}
}

// imported is what a package's files, without the tests, import.
type imported struct {
	name    string   // from the package clause
	own     []string // of this module, without its name
	foreign []string
}

// readImports reads the import declarations of all packages in the module.
func readImports(t *testing.T) map[string]imported {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatal(err)
	}
	packages := map[string]imported{}
	fset := token.NewFileSet()
	err = filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := e.Name()
		if e.IsDir() {
			if name != root && (base[0] == '.' || base[0] == '_' || base == "testdata" || base == "node_modules") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(fset, name, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(name))
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(rel)
		p := packages[pkg]
		p.name = f.Name.Name
		for _, spec := range f.Imports {
			imp, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if own, ok := strings.CutPrefix(imp, module+"/"); ok {
				p.own = append(p.own, own)
			} else {
				p.foreign = append(p.foreign, imp)
			}
		}
		slices.Sort(p.own)
		p.own = slices.Compact(p.own)
		packages[pkg] = p
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(packages) < 10 {
		t.Fatalf("only %d packages found in %s", len(packages), root)
	}
	return packages
}

// tool reports whether pkg is a program other than the shipped ones: it makes
// generated files or measures, and no product code may import it.
func tool(imports map[string]imported, pkg string) bool {
	return imports[pkg].name == "main" && !strings.HasPrefix(pkg, "cmd/")
}

func below(imp, banned string) bool {
	return imp == banned || strings.HasPrefix(imp, banned+"/")
}

func sorted(m map[string]imported) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
