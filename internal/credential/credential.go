// Package credential finds out as whom a registry is to be asked: what a person
// told docker login or podman login, what a credential helper keeps, or what a
// CI service gave its job.
//
// Credentials are found for one repository and are for its registry alone; who
// has found them must send them nowhere else. What CI services put into the
// environment without being asked counts for their own registry and no other.
// No error ever holds a secret.
package credential

import (
	"context"
	"runtime"
	"slices"
	"strings"
)

// Credential is what a registry is told. The zero Credential is nobody's.
type Credential struct {
	Username, Password string
	// IdentityToken is exchanged for a token at the registry's token service;
	// RegistryToken is such a token already.
	IdentityToken, RegistryToken string
}

// Error says why credentials could not be read, though they may be there.
type Error struct {
	msg string
	err error
}

// Error names the file or the program at fault.
func (e *Error) Error() string { return e.msg }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.err }

// Hint says what to do about it.
func (e *Error) Hint() string {
	return "mend it, or use LECTERN_REGISTRY_USERNAME and LECTERN_REGISTRY_PASSWORD, which count more"
}

// Find returns the credentials for a repository, such as
// "registry.example.org/talks/notes"; the zero Credential if nobody told any.
// The first of these that knows some is believed:
//
//  1. LECTERN_REGISTRY_PASSWORD with LECTERN_REGISTRY_USERNAME, or LECTERN_REGISTRY_TOKEN;
//  2. the file that REGISTRY_AUTH_FILE names, which then is the only one;
//  3. DOCKER_AUTH_CONFIG, which holds such a file's text;
//  4. Docker's config.json (in DOCKER_CONFIG, else ~/.docker);
//  5. Podman's containers/auth.json (in XDG_RUNTIME_DIR, then in XDG_CONFIG_HOME, else ~/.config);
//  6. what GitLab, Forgejo, Gitea and GitHub put into their jobs' environment.
//
// The error is an [*Error], or that of ctx.
func Find(ctx context.Context, env func(string) string, repository string) (Credential, error) {
	if env == nil {
		return Credential{}, nil
	}
	switch {
	case env("LECTERN_REGISTRY_PASSWORD") != "":
		return Credential{Username: env("LECTERN_REGISTRY_USERNAME"), Password: env("LECTERN_REGISTRY_PASSWORD")}, nil
	case env("LECTERN_REGISTRY_TOKEN") != "":
		return Credential{RegistryToken: env("LECTERN_REGISTRY_TOKEN")}, nil
	}
	for _, s := range stores(env) {
		f, err := s.read()
		if err != nil {
			return Credential{}, err
		}
		if c, err := f.find(ctx, repository); err != nil || c != (Credential{}) {
			return c, err
		}
	}
	host, _, _ := strings.Cut(repository, "/")
	return ofJob(env, host), nil
}

// ofJob is what the CI service whose job this is gave it for the registry at
// host.
func ofJob(env func(string) string, host string) Credential {
	if env("CI_REGISTRY") == host && env("CI_REGISTRY_USER") != "" && env("CI_REGISTRY_PASSWORD") != "" {
		return Credential{Username: env("CI_REGISTRY_USER"), Password: env("CI_REGISTRY_PASSWORD")}
	}
	// Forgejo and Gitea call their variables as GitHub does, and newer ones by
	// names of their own as well.
	for _, forge := range []string{"FORGEJO", "GITEA", "GITHUB"} {
		own := func(name string) string {
			if v := env(forge + "_" + name); v != "" {
				return v
			}
			return env("GITHUB_" + name)
		}
		if env(forge+"_TOKEN") != "" && own("ACTOR") != "" && slices.Contains(forgeRegistries(own("SERVER_URL")), host) {
			return Credential{Username: own("ACTOR"), Password: env(forge + "_TOKEN")}
		}
	}
	return Credential{}
}

// forgeRegistries are the registries that a forge's token is for: ghcr.io with
// github.com, else the forge itself, and what a GitHub of one's own calls its.
func forgeRegistries(server string) []string {
	_, host, ok := strings.Cut(strings.TrimSuffix(server, "/"), "://")
	switch {
	case !ok:
		return nil
	case host == "github.com":
		return []string{"ghcr.io"}
	}
	return []string{host, "containers." + host}
}

// home is the user's folder.
func home(env func(string) string) string {
	if runtime.GOOS == "windows" {
		return env("USERPROFILE")
	}
	return env("HOME")
}
