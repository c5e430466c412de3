package cli

import (
	"bytes"
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"

	"lectern/internal/attest"
)

// recorder is a registry that keeps all that it is sent.
type recorder struct {
	addr string
	mu   sync.Mutex
	sent [][]byte
}

func newRecorder(t *testing.T) *recorder {
	t.Helper()
	r := &recorder{}
	next := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		data, err := io.ReadAll(req.Body)
		if err != nil {
			t.Error(err)
		}
		r.mu.Lock()
		r.sent = append(r.sent, []byte(req.URL.String()), data)
		r.mu.Unlock()
		req.Body = io.NopCloser(bytes.NewReader(data))
		next.ServeHTTP(w, req)
	}))
	t.Cleanup(srv.Close)
	r.addr = strings.TrimPrefix(srv.URL, "http://")
	return r
}

// texts is all that was sent, unpacked, and the statement in an envelope.
func (r *recorder) texts(t *testing.T) (all []string, statement string) {
	t.Helper()
	for _, data := range r.sent {
		if z, err := gzip.NewReader(bytes.NewReader(data)); err == nil {
			if data, err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
		}
		var envelope struct{ Payload []byte }
		if json.Unmarshal(data, &envelope) == nil && len(envelope.Payload) > 0 {
			statement = string(envelope.Payload)
			all = append(all, statement)
		}
		all = append(all, string(data))
	}
	return all, statement
}

// signedProject is a repository with a note that is public and one that is not.
func signedProject(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"hugo.toml":         "title = \"Notes\"\n",
		"content/_index.md": "# Home\n",
		"content/open.md":   "# Open\nWords.\n\n```mermaid\ngraph TD; a-->b\n```\n",
		"content/hush.md":   "---\ntitle: Hushhush\nvisibility: private\n---\nA whispered passphrase.\n",
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"init", "-q", "-b", "main"},
		{"remote", "add", "origin", "https://noor:hunter2@git.example.org/talks.git"},
		{"add", "-A"},
		{"-c", "user.name=Noor", "-c", "user.email=noor@example.org", "commit", "-q", "-m", "Hushhush is whispered"},
	} {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_COMMITTER_DATE=2026-03-26T09:00:00Z", "GIT_AUTHOR_DATE=2026-03-26T09:00:00Z", "GIT_CONFIG_NOSYSTEM=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v %s", args, err, out)
		}
	}
	return dir
}

func plainKey(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// What is put beside an image is true, says where it is from, and tells no
// secret: nothing of private notes, no password, no key.
func TestAttachments(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	server, err := serverBinary(t)()
	if err != nil {
		t.Fatal(err)
	}
	dir, key := signedProject(t), plainKey(t)
	ci := map[string]map[string]string{
		"GitHub": {
			"GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://bot:hunter2@github.example", "GITHUB_REPOSITORY": "noor/talks", "GITHUB_RUN_ID": "77",
			"GITHUB_RUN_NUMBER": "5", "GITHUB_RUN_ATTEMPT": "2", "GITHUB_WORKFLOW_REF": "noor/talks/.github/workflows/publish.yml@refs/heads/main", "GITHUB_TOKEN": "hunter2",
		},
		"Forgejo": {
			"GITHUB_ACTIONS": "true", "FORGEJO_ACTIONS": "true", "GITHUB_SERVER_URL": "https://forge.example/", "GITHUB_REPOSITORY": "noor/talks",
			"GITHUB_RUN_ID": "77", "GITHUB_RUN_NUMBER": "5", "GITHUB_RUN_ATTEMPT": "1",
		},
		"GitLab": {"GITLAB_CI": "true", "CI_PROJECT_URL": "https://gitlab.example/noor/talks", "CI_JOB_URL": "https://gitlab.example/noor/talks/-/jobs/9", "CI_JOB_TOKEN": "hunter2"},
		"none":   {},
	}
	builders := map[string][2]string{
		"GitHub":  {"https://github.example/noor/talks/.github/workflows/publish.yml@refs/heads/main", "https://github.example/noor/talks/actions/runs/77/attempts/2"},
		"Forgejo": {"https://forge.example/noor/talks", "https://forge.example/noor/talks/actions/runs/5"},
		"GitLab":  {"https://gitlab.example/noor/talks", "https://gitlab.example/noor/talks/-/jobs/9"},
		"none":    {localBuilder, ""},
	}
	for name, env := range ci {
		t.Run(name, func(t *testing.T) {
			r := newRecorder(t)
			lookUp := func(k string) string {
				own := map[string]string{
					"LECTERN_CACHE": "off", "KEY": key, "LECTERN_REGISTRY_USERNAME": "noor", "LECTERN_REGISTRY_PASSWORD": "hunter2",
					"COSIGN_PASSWORD": "hunter2", "HOME": dir,
				}
				if v, ok := own[k]; ok {
					return v
				}
				return env[k]
			}
			var out, errs strings.Builder
			args := []string{
				"publish", dir, r.addr + "/talks/notes", "--server-binary", "linux/amd64=" + server,
				"--base-url", "https://talks.example/", "--sign", "env://KEY", "--sbom", "--provenance",
			}
			if code := Run(t.Context(), args, Streams{Out: &out, Err: &errs, Env: lookUp, Version: "v1.2.3"}); code != 0 {
				t.Fatalf("code %d: %s", code, errs.String())
			}
			for _, what := range []string{"signature", "sbom", "provenance"} {
				if !strings.Contains(errs.String(), what+": put beside it\n") {
					t.Errorf("no %s: %s", what, errs.String())
				}
			}
			_, digest, _ := strings.Cut(strings.TrimSpace(out.String()), "@")
			all, statement := r.texts(t)
			all = append(all, out.String(), errs.String())
			secrets := []string{"Hushhush", "whispered", "hush.md", "hunter2", strings.Split(key, "\n")[1]}
			for _, secret := range append(secrets, base64.StdEncoding.EncodeToString([]byte("noor:hunter2"))) {
				for _, text := range all {
					if i := strings.Index(text, secret); i >= 0 {
						t.Errorf("%q is told: %.200q", secret, text[max(0, i-100):])
					}
				}
			}
			checkStatement(t, statement, r.addr+"/talks/notes", digest, builders[name])
			if bill := find(all, `"bomFormat"`); !strings.Contains(bill, "pkg:npm/mermaid@") || !strings.Contains(bill, "pkg:golang/std@") || !strings.Contains(bill, digest) {
				t.Errorf("the bill of materials: %.500s", bill)
			}
		})
	}
}

func find(texts []string, part string) string {
	for _, text := range texts {
		if strings.Contains(text, part) {
			return text
		}
	}
	return ""
}

func checkStatement(t *testing.T, text, repository, digest string, builder [2]string) {
	t.Helper()
	var st struct {
		Subject   []attest.Resource
		Predicate struct {
			BuildDefinition struct {
				BuildType            string
				ExternalParameters   buildParameters
				ResolvedDependencies []attest.Resource
			}
			RunDetails attest.RunDetails
		}
	}
	if err := json.Unmarshal([]byte(text), &st); err != nil {
		t.Fatal(err)
	}
	if len(st.Subject) != 1 || st.Subject[0].Name != repository || "sha256:"+st.Subject[0].Digest["sha256"] != digest {
		t.Errorf("it is about %+v, not %s", st.Subject, digest)
	}
	def, run := st.Predicate.BuildDefinition, st.Predicate.RunDetails
	p := def.ExternalParameters
	if def.BuildType != buildType || p.Repository != repository || p.BaseURL != "https://talks.example/" || p.Time != "2026-03-26T09:00:00Z" || p.Uncommitted || strings.Join(p.Platforms, " ") != "linux/amd64" {
		t.Errorf("%+v", def)
	}
	if p.Source == nil || p.Source.URI != "git+https://git.example.org/talks" || len(p.Source.Digest["gitCommit"]) != 40 {
		t.Errorf("the source is %+v", p.Source)
	}
	if len(def.ResolvedDependencies) != 2 || def.ResolvedDependencies[0].URI != p.Source.URI || len(def.ResolvedDependencies[1].Digest["sha256"]) != 64 {
		t.Errorf("%+v", def.ResolvedDependencies)
	}
	if run.Builder.ID != builder[0] || run.Builder.Version["lectern"] != "1.2.3" || (run.Metadata != nil) != (builder[1] != "") {
		t.Errorf("%+v", run)
	}
	if run.Metadata != nil && run.Metadata.InvocationID != builder[1] {
		t.Errorf("%+v, want %s", *run.Metadata, builder[1])
	}
}
