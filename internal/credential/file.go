package credential

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// store is a place where Docker's kind of credentials may be.
type store struct {
	name string // of the file or the variable
	text string // of the variable; "" is a file
	must bool   // somebody named the file, so it has to be there
}

// stores are the places to look at, in order.
func stores(env func(string) string) []store {
	if name := env("REGISTRY_AUTH_FILE"); name != "" {
		return []store{{name: name, must: true}}
	}
	var out []store
	if text := env("DOCKER_AUTH_CONFIG"); text != "" {
		out = append(out, store{name: "DOCKER_AUTH_CONFIG", text: text})
	}
	add := func(dir string, path ...string) {
		if dir != "" {
			out = append(out, store{name: filepath.Join(append([]string{dir}, path...)...)})
		}
	}
	if dir := env("DOCKER_CONFIG"); dir != "" {
		add(dir, "config.json")
	} else {
		add(home(env), ".docker", "config.json")
	}
	add(env("XDG_RUNTIME_DIR"), "containers", "auth.json")
	if dir := env("XDG_CONFIG_HOME"); dir != "" {
		add(dir, "containers", "auth.json")
	} else {
		add(home(env), ".config", "containers", "auth.json")
	}
	return out
}

// authFile is what Docker's config.json and Podman's auth.json say of
// credentials; see docker-login(1) and containers-auth.json(5).
type authFile struct {
	name    string
	Auths   map[string]authEntry `json:"auths"`
	Helpers map[string]string    `json:"credHelpers"`
	Store   string               `json:"credsStore"`
}

type authEntry struct {
	Auth          string `json:"auth"`
	Username      string `json:"username"`
	Password      string `json:"password"`
	IdentityToken string `json:"identitytoken"`
	RegistryToken string `json:"registrytoken"`
}

// mostBytes bounds a file of credentials.
const mostBytes = 1 << 20

// read reads a store; one that is not there is empty.
func (s store) read() (authFile, error) {
	f := authFile{name: s.name}
	data := []byte(s.text)
	if s.text == "" {
		var err error
		data, err = readFile(s.name)
		if !s.must && (errors.Is(err, fs.ErrNotExist) || isFolder(s.name)) {
			return f, nil
		}
		if err != nil {
			return f, &Error{fmt.Sprintf("read credentials: %v", err), err}
		}
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return f, &Error{fmt.Sprintf("%s%s is no file of credentials: %s", s.name, lineOf(data, err), whatIsWrong(err)), err}
	}
	return f, nil
}

func readFile(name string) (data []byte, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, mostBytes))
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// lineOf is where in the text err was found, as in ":7", if it says so.
func lineOf(data []byte, err error) string {
	at := int64(-1)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &kind):
		at = kind.Offset
	}
	if at < 0 || at > int64(len(data)) {
		return ""
	}
	return fmt.Sprintf(":%d", 1+bytes.Count(data[:at], []byte("\n")))
}

// whatIsWrong tells the kind of error and nothing of the text, which may be secret.
func whatIsWrong(err error) string {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return fmt.Sprintf("%q is of the wrong type", kind.Field)
	}
	return "it is not valid JSON"
}

// dockerHub is how Docker's files and helpers call Docker Hub.
const dockerHub = "https://index.docker.io/v1/"

// find returns what the file knows of a repository: the entry of the longest
// part of its name, a helper's before one that is written down.
func (f authFile) find(ctx context.Context, repository string) (Credential, error) {
	entries := map[string]authEntry{}
	for _, key := range slices.Sorted(maps.Keys(f.Auths)) {
		if name := keyName(key); entries[name] == (authEntry{}) || name == key {
			entries[name] = f.Auths[key]
		}
	}
	host, _, _ := strings.Cut(repository, "/")
	keys := parts(repository)
	server := host
	if host == "index.docker.io" {
		keys, server = append(keys, dockerHub, "docker.io"), dockerHub
	}
	for _, key := range keys {
		if helper := f.Helpers[key]; helper != "" {
			if c, err := f.ask(ctx, helper, key); err != nil || c != (Credential{}) {
				return c, err
			}
		}
		c, err := entries[key].credential()
		if err != nil {
			return c, &Error{fmt.Sprintf("%s: the entry of %s: %v", f.name, key, err), err}
		}
		if c != (Credential{}) {
			return c, nil
		}
	}
	if f.Store != "" {
		return f.ask(ctx, f.Store, server)
	}
	return Credential{}, nil
}

// parts are a repository's name, that without its last part, and so on.
func parts(repository string) []string {
	out := []string{repository}
	for i := strings.LastIndexByte(repository, '/'); i > 0; i = strings.LastIndexByte(repository[:i], '/') {
		out = append(out, repository[:i])
	}
	return out
}

// keyName is a key as older versions of Docker wrote it (https://HOST/v1/),
// as a name.
func keyName(key string) string {
	name := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(key, "https://"), "http://"), "/")
	host, path, _ := strings.Cut(name, "/")
	if path == "v1" || path == "v2" {
		return host
	}
	return name
}

var errNotBase64 = errors.New("its auth is not user:password in base64")

func (e authEntry) credential() (Credential, error) {
	c := Credential{e.Username, e.Password, e.IdentityToken, e.RegistryToken}
	if e.Auth == "" {
		return c, nil
	}
	data, err := base64.StdEncoding.DecodeString(e.Auth)
	if err != nil {
		return Credential{}, errNotBase64
	}
	var ok bool
	if c.Username, c.Password, ok = strings.Cut(strings.TrimRight(string(data), "\x00"), ":"); !ok {
		return Credential{}, errNotBase64
	}
	return c, nil
}
