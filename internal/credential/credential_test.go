package credential

import (
	"context"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const secret = "correct-horse"

var (
	noor = Credential{Username: "noor", Password: secret}
	b64  = base64.StdEncoding.EncodeToString([]byte("noor:" + secret))
)

// put writes a file below dir.
func put(t *testing.T, dir, name, text string) {
	t.Helper()
	name = filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o777); err != nil {
		t.Fatal(err)
	}
}

// environment looks up variables, in whose values HOME stands for dir.
func environment(dir string, vars map[string]string) func(string) string {
	return func(name string) string {
		if name == "HOME" || name == "USERPROFILE" {
			return dir
		}
		return strings.ReplaceAll(vars[name], "HOME", dir)
	}
}

func TestFiles(t *testing.T) {
	entry := func(key string) string { return `{"auths": {"` + key + `": {"auth": "` + b64 + `"}}}` }
	other := `{"auths": {"r.example.org": {"username": "other", "password": "x"}}}`
	tests := map[string]struct {
		files      map[string]string
		env        map[string]string
		repository string // "" is r.example.org/talks/notes
		want       Credential
		err        string // part of it
	}{
		"nothing":                    {},
		"docker":                     {files: map[string]string{".docker/config.json": entry("r.example.org")}, want: noor},
		"docker, plain fields":       {files: map[string]string{".docker/config.json": other}, want: Credential{Username: "other", Password: "x"}},
		"docker, long ago":           {files: map[string]string{".docker/config.json": entry("https://r.example.org/v1/")}, want: noor},
		"another registry":           {files: map[string]string{".docker/config.json": entry("s.example.org")}},
		"another port":               {files: map[string]string{".docker/config.json": entry("r.example.org:5000")}},
		"a longer name":              {files: map[string]string{".docker/config.json": entry("r.example.org.evil.example")}},
		"one repository":             {files: map[string]string{".docker/config.json": entry("r.example.org/talks/notes")}, want: noor},
		"a group of repositories":    {files: map[string]string{".docker/config.json": entry("r.example.org/talks")}, want: noor},
		"another repository":         {files: map[string]string{".docker/config.json": entry("r.example.org/talks/slides")}},
		"a name's beginning":         {files: map[string]string{".docker/config.json": entry("r.example.org/tal")}},
		"Docker Hub":                 {files: map[string]string{".docker/config.json": entry("https://index.docker.io/v1/")}, repository: "index.docker.io/talks/notes", want: noor},
		"Docker Hub as Podman's":     {files: map[string]string{".docker/config.json": entry("docker.io")}, repository: "index.docker.io/talks/notes", want: noor},
		"tokens":                     {files: map[string]string{".docker/config.json": `{"auths":{"r.example.org":{"identitytoken":"i","registrytoken":"r"}}}`}, want: Credential{IdentityToken: "i", RegistryToken: "r"}},
		"DOCKER_CONFIG":              {files: map[string]string{"d/config.json": entry("r.example.org"), ".docker/config.json": other}, env: map[string]string{"DOCKER_CONFIG": "HOME/d"}, want: noor},
		"DOCKER_AUTH_CONFIG":         {files: map[string]string{".docker/config.json": other}, env: map[string]string{"DOCKER_AUTH_CONFIG": entry("r.example.org")}, want: noor},
		"podman":                     {files: map[string]string{".docker/config.json": entry("s.example.org"), "run/containers/auth.json": entry("r.example.org")}, env: map[string]string{"XDG_RUNTIME_DIR": "HOME/run"}, want: noor},
		"podman in the home folder":  {files: map[string]string{".config/containers/auth.json": entry("r.example.org")}, want: noor},
		"podman elsewhere":           {files: map[string]string{"c/containers/auth.json": entry("r.example.org")}, env: map[string]string{"XDG_CONFIG_HOME": "HOME/c"}, want: noor},
		"REGISTRY_AUTH_FILE":         {files: map[string]string{"auth.json": entry("r.example.org"), ".docker/config.json": other}, env: map[string]string{"REGISTRY_AUTH_FILE": "HOME/auth.json"}, want: noor},
		"REGISTRY_AUTH_FILE alone":   {files: map[string]string{"auth.json": entry("s.example.org"), ".docker/config.json": other}, env: map[string]string{"REGISTRY_AUTH_FILE": "HOME/auth.json"}},
		"REGISTRY_AUTH_FILE missing": {files: map[string]string{".docker/config.json": other}, env: map[string]string{"REGISTRY_AUTH_FILE": "HOME/auth.json"}, err: "auth.json"},
		"own words count most": {
			files: map[string]string{".docker/config.json": "{broken"},
			env:   map[string]string{"LECTERN_REGISTRY_USERNAME": "noor", "LECTERN_REGISTRY_PASSWORD": secret, "REGISTRY_AUTH_FILE": "HOME/missing"}, want: noor,
		},
		"own token":             {env: map[string]string{"LECTERN_REGISTRY_TOKEN": "r"}, want: Credential{RegistryToken: "r"}},
		"a folder for the file": {files: map[string]string{".docker/config.json/x": ""}},
		"broken JSON":           {files: map[string]string{".docker/config.json": "{\n\n  \"auths\": " + secret}, err: "config.json:3 is no file of credentials: it is not valid JSON"},
		"cut short":             {files: map[string]string{".docker/config.json": "{\n\"auths\": {"}, err: "config.json:2 is no file"},
		"wrong type":            {files: map[string]string{".docker/config.json": "{\n\"auths\": {\n\"r.example.org\": \"" + secret + "\"}}"}, err: `config.json:3 is no file of credentials: "auths`},
		"empty":                 {files: map[string]string{".docker/config.json": ""}, err: "config.json:1 is no file"},
		"no base64":             {files: map[string]string{".docker/config.json": `{"auths":{"r.example.org":{"auth":"noor:` + secret + `"}}}`}, err: "config.json: the entry of r.example.org"},
		"no colon":              {files: map[string]string{".docker/config.json": `{"auths":{"r.example.org":{"auth":"bm9vcg=="}}}`}, err: "the entry of r.example.org"},
		"a file counts more than a job's token": {
			files: map[string]string{".docker/config.json": other},
			env:   map[string]string{"CI_REGISTRY": "r.example.org", "CI_REGISTRY_USER": "ci", "CI_REGISTRY_PASSWORD": "y"}, want: Credential{Username: "other", Password: "x"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range tt.files {
				put(t, dir, name, text)
			}
			repository := tt.repository
			if repository == "" {
				repository = "r.example.org/talks/notes"
			}
			got, err := Find(t.Context(), environment(dir, tt.env), repository)
			check(t, got, err, tt.want, tt.err)
		})
	}
}

// check compares what was found; errors are of our own kind, and hold no secret.
func check(t *testing.T, got Credential, err error, want Credential, wantErr string) {
	t.Helper()
	if wantErr == "" {
		if err != nil || got != want {
			t.Errorf("%+v, %v; want %+v", got, err, want)
		}
		return
	}
	var own *Error
	if !errors.As(err, &own) || !strings.Contains(err.Error(), wantErr) || own.Hint() == "" || got != (Credential{}) {
		t.Errorf("%+v, %v; want %q", got, err, wantErr)
	}
	if err != nil && (strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), b64)) {
		t.Errorf("the error tells the secret: %v", err)
	}
}

// A job's token is for the registry that belongs to the service, and for no other.
func TestJobs(t *testing.T) {
	gitlab := map[string]string{"CI_REGISTRY": "registry.lab.example", "CI_REGISTRY_USER": "noor", "CI_REGISTRY_PASSWORD": secret}
	github := map[string]string{"GITHUB_SERVER_URL": "https://github.com", "GITHUB_ACTOR": "noor", "GITHUB_TOKEN": secret}
	forgejo := map[string]string{"GITHUB_SERVER_URL": "https://forge.example:3000/", "GITHUB_ACTOR": "noor", "GITHUB_TOKEN": secret}
	newer := map[string]string{"FORGEJO_SERVER_URL": "http://forge.example:3000", "FORGEJO_ACTOR": "noor", "FORGEJO_TOKEN": secret, "GITHUB_SERVER_URL": "https://github.com"}
	gitea := map[string]string{"GITHUB_SERVER_URL": "https://forge.example", "GITHUB_ACTOR": "noor", "GITEA_TOKEN": secret}
	tests := []struct {
		env      map[string]string
		registry string
		want     Credential
	}{
		{gitlab, "registry.lab.example", noor},
		{gitlab, "lab.example", Credential{}},
		{gitlab, "registry.lab.example:5000", Credential{}},
		{gitlab, "registry.lab.example.evil.example", Credential{}},
		{map[string]string{"CI_REGISTRY": "registry.lab.example", "CI_REGISTRY_PASSWORD": secret}, "registry.lab.example", Credential{}},
		{map[string]string{"CI_REGISTRY_USER": "noor", "CI_REGISTRY_PASSWORD": secret}, "registry.lab.example", Credential{}},
		{github, "ghcr.io", noor},
		{github, "github.com", Credential{}},
		{github, "docker.io", Credential{}},
		{github, "evilghcr.io", Credential{}},
		{map[string]string{"GITHUB_ACTOR": "noor", "GITHUB_TOKEN": secret}, "ghcr.io", Credential{}}, // whose is it?
		{map[string]string{"GITHUB_SERVER_URL": "https://github.com", "GITHUB_TOKEN": secret}, "ghcr.io", Credential{}},
		{map[string]string{"GITHUB_SERVER_URL": "https://hub.corp.example", "GITHUB_ACTOR": "noor", "GITHUB_TOKEN": secret}, "containers.hub.corp.example", noor},
		{forgejo, "forge.example:3000", noor},
		{forgejo, "forge.example", Credential{}},
		{forgejo, "ghcr.io", Credential{}},
		{newer, "forge.example:3000", noor},
		{newer, "ghcr.io", Credential{}},
		{gitea, "forge.example", noor},
		{gitea, "ghcr.io", Credential{}},
	}
	for _, tt := range tests {
		got, err := Find(t.Context(), environment(t.TempDir(), tt.env), tt.registry+"/talks/notes")
		if err != nil || got != tt.want {
			t.Errorf("%v: %s gets %+v, %v", tt.env, tt.registry, got, err)
		}
	}
	if got, err := Find(t.Context(), nil, "ghcr.io/talks/notes"); err != nil || got != (Credential{}) {
		t.Errorf("no environment: %+v, %v", got, err)
	}
}

// Helpers are real programs in PATH.
func TestHelpers(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the helpers of this test are shell scripts")
	}
	bin := t.TempDir()
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	const answer = `echo '{"ServerURL":"x","Username":"noor","Secret":"` + secret + `"}'`
	script := func(name, text string) { put(t, bin, "docker-credential-"+name, "#!/bin/sh\n"+text+"\n") }
	script("good", `[ "$1" = get ] && [ "$(cat)" = r.example.org ] && `+answer)
	script("hub", `[ "$(cat)" = https://index.docker.io/v1/ ] && `+answer)
	script("token", `echo '{"Username":"<token>","Secret":"`+secret+`"}'`)
	script("none", `echo credentials not found in native keychain; exit 1`)
	script("locked", `echo 'the keychain is locked'; exit 1`)
	script("loud", answer+`; echo 'no luck' >&2; exit 3`)
	script("garbage", `echo `+secret)
	helpers := func(name string) string { return `{"credHelpers": {"r.example.org": "` + name + `"}}` }
	storeOf := func(name string) string {
		return `{"auths": {"r.example.org": {}, "s.example.org": {"auth": "` + b64 + `"}}, "credsStore": "` + name + `"}`
	}
	tests := map[string]struct {
		config, repository string
		want               Credential
		err                string
	}{
		"helper":               {helpers("good"), "r.example.org/notes", noor, ""},
		"of another":           {helpers("good"), "s.example.org/notes", Credential{}, ""},
		"store":                {storeOf("good"), "r.example.org/a/b/notes", noor, ""},
		"written down as well": {storeOf("locked"), "s.example.org/notes", noor, ""},
		"store of Docker Hub":  {storeOf("hub"), "index.docker.io/talks/notes", noor, ""},
		"token":                {helpers("token"), "r.example.org/notes", Credential{IdentityToken: secret}, ""},
		"knows none":           {helpers("none"), "r.example.org/notes", Credential{}, ""},
		"locked":               {helpers("locked"), "r.example.org/notes", Credential{}, "docker-credential-locked, which "},
		"locked says so":       {storeOf("locked"), "r.example.org/notes", Credential{}, "failed: exit status 1: the keychain is locked"},
		"tells and fails":      {helpers("loud"), "r.example.org/notes", Credential{}, "docker-credential-loud"},
		"garbage":              {helpers("garbage"), "r.example.org/notes", Credential{}, "docker-credential-garbage"},
		"missing":              {helpers("missing"), "r.example.org/notes", Credential{}, "docker-credential-missing, which "},
		"missing says so":      {storeOf("missing"), "r.example.org/notes", Credential{}, "config.json names, can't be started: it is not in PATH"},
		"a path":               {helpers("../x"), "r.example.org/notes", Credential{}, "can't be called so"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, dir, ".docker/config.json", tt.config)
			got, err := Find(t.Context(), environment(dir, nil), tt.repository)
			check(t, got, err, tt.want, tt.err)
		})
	}
	t.Run("cancelled", func(t *testing.T) {
		dir, started := t.TempDir(), filepath.Join(bin, "started")
		script("slow", "touch "+started+"\nexec sleep 600")
		put(t, dir, ".docker/config.json", helpers("slow"))
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			for {
				if _, err := os.Stat(started); err == nil || ctx.Err() != nil {
					cancel()
					return
				}
			}
		}()
		if _, err := Find(ctx, environment(dir, nil), "r.example.org/notes"); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	})
}
