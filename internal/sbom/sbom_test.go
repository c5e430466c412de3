package sbom

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// program is one made by Go, of modules: what images hold.
var program = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "sbom")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	cmd := exec.Command("go", "build", "-o", filepath.Join(dir, "server"), "lectern/cmd/lectern-server")
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	return os.ReadFile(filepath.Join(dir, "server"))
})

func server(t testing.TB) []byte {
	t.Helper()
	data, err := program()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func example(t testing.TB) Image {
	return Image{
		Repository: "registry.example.org:5000/talks/Notes", Digest: digest, Lectern: "v1.0.0",
		Created: time.Date(2026, 3, 26, 10, 0, 0, 0, time.FixedZone("CET", 3600)),
		Servers: []Server{{"linux/amd64", server(t)}, {"linux/arm64", []byte("no program of Go's")}},
		Packages: []Package{
			{"@antfu/install-pkg", "2.1.0", "MIT", "lectern/mermaid.js"},
			{"dompurify", "3.4.18", "(MPL-2.0 OR Apache-2.0)", "lectern/mermaid.js"},
			{"khroma", "2.1.0", "", "lectern/mermaid.js"},
		},
	}
}

func write(t testing.TB, im Image) ([]byte, cdx.BOM) {
	t.Helper()
	data, err := Document(im)
	if err != nil {
		t.Fatal(err)
	}
	var bom cdx.BOM
	if err := cdx.NewBOMDecoder(bytes.NewReader(data), cdx.BOMFileFormatJSON).Decode(&bom); err != nil {
		t.Fatal(err)
	}
	return data, bom
}

func TestDocument(t *testing.T) {
	data, bom := write(t, example(t))
	if again, _ := write(t, example(t)); !bytes.Equal(data, again) {
		t.Error("the same image gives another document")
	}
	if bom.SpecVersion != cdx.SpecVersion1_6 || bom.Metadata.Timestamp != "2026-03-26T09:00:00Z" {
		t.Errorf("version %v, time %s", bom.SpecVersion, bom.Metadata.Timestamp)
	}
	if !regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(bom.SerialNumber) {
		t.Errorf("serial number %s", bom.SerialNumber)
	}
	root := bom.Metadata.Component
	if want := "pkg:oci/notes@sha256%3A" + digest[7:] + "?repository_url=registry.example.org%3A5000%2Ftalks%2FNotes"; root.PackageURL != want {
		t.Errorf("%s, want %s", root.PackageURL, want)
	}
	by := map[string]cdx.Component{}
	for _, c := range *bom.Components {
		if _, twice := by[c.BOMRef]; twice {
			t.Errorf("%s is there twice", c.BOMRef)
		}
		by[c.BOMRef] = c
	}
	// Every module that the program names, and Go's own library.
	info, err := buildinfo.Read(bytes.NewReader(server(t)))
	if err != nil || len(info.Deps) == 0 {
		t.Fatalf("the test has no modules: %v", err)
	}
	want := []string{"pkg:golang/std@" + strings.TrimPrefix(firstWord(info.GoVersion), "go")}
	for _, m := range info.Deps {
		want = append(want, "pkg:golang/"+m.Path+"@"+m.Version)
	}
	slices.Sort(want)
	if got := on(bom, "server:linux/amd64"); !slices.Equal(got, want) {
		t.Errorf("the server depends on %v, want %v", got, want)
	}
	if got := on(bom, "server:linux/arm64"); got != nil || (*by["server:linux/arm64"].Hashes)[0].Value == "" {
		t.Errorf("%v", got)
	}
	direct := []string{"pkg:npm/%40antfu/install-pkg@2.1.0", "pkg:npm/dompurify@3.4.18", "pkg:npm/khroma@2.1.0", "server:linux/amd64", "server:linux/arm64"}
	if got := on(bom, root.BOMRef); !slices.Equal(got, direct) {
		t.Errorf("%v, want %v", got, direct)
	}
	for _, d := range *bom.Dependencies {
		for _, ref := range on(bom, d.Ref) {
			if _, ok := by[ref]; !ok {
				t.Errorf("%s depends on %s, which is not there", d.Ref, ref)
			}
		}
	}
	scoped := by[direct[0]]
	if scoped.Group != "@antfu" || scoped.Name != "install-pkg" || (*scoped.Licenses)[0].License.ID != "MIT" || (*scoped.Properties)[0].Value != "lectern/mermaid.js" {
		t.Errorf("%+v", scoped)
	}
	if l := *by[direct[1]].Licenses; l[0].Expression != "(MPL-2.0 OR Apache-2.0)" {
		t.Errorf("%+v", l)
	}
	if by[direct[2]].Licenses != nil {
		t.Error("a licence that nobody named")
	}
}

func on(bom cdx.BOM, ref string) []string {
	for _, d := range *bom.Dependencies {
		if d.Ref == ref && d.Dependencies != nil {
			return *d.Dependencies
		}
	}
	return nil
}

// Whatever may make documents differ gives them other serial numbers.
func TestSerial(t *testing.T) {
	seen := map[string]string{}
	for name, change := range map[string]func(*Image){
		"as it is": func(*Image) {}, "digest": func(im *Image) { im.Digest = "sha256:" + strings.Repeat("f", 64) },
		"repository": func(im *Image) { im.Repository = "registry.example.org/other" }, "lectern": func(im *Image) { im.Lectern = "v1.0.1" },
	} {
		im := Image{Repository: "registry.example.org/notes", Digest: digest, Lectern: "v1.0.0"}
		change(&im)
		_, bom := write(t, im)
		if other, ok := seen[bom.SerialNumber]; ok {
			t.Errorf("%s and %s have the same number", name, other)
		}
		seen[bom.SerialNumber] = name
	}
	if len(seen) != 4 {
		t.Error(fmt.Sprint(seen))
	}
}
