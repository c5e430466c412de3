package gitrepo

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// Remote is a repository that is followed: somewhere behind https or ssh, or on
// this machine.
type Remote struct {
	// URL is https://…, ssh://…, user@host:path, or a path. It holds no password.
	URL string
	// User and Token, which is asked for at each fetch, are for https. The token
	// reaches git through its environment, never through a command line or a file,
	// and git gives it to no other host than the URL's.
	User  string
	Token func() (string, error)
	// KeyFile is ssh's private key, KnownHosts the file with the hosts' keys. A
	// host with another key, or an unknown one, is never spoken to.
	KeyFile, KnownHosts string
}

// AddressError says that an address can't be followed.
type AddressError struct{ Msg, What string }

func (e *AddressError) Error() string { return e.Msg }

// Hint says what to do about it.
func (e *AddressError) Hint() string { return e.What }

// check makes sure that git will take the address for what it is.
func (r *Remote) check() error {
	switch {
	case r.URL == "" || strings.HasPrefix(r.URL, "-") || strings.ContainsAny(r.URL, "\n\r\x00"):
		return &AddressError{"this is no address of a repository", "name one: https://…, ssh://…, user@host:path, or a path"}
	case r.isLocal():
		return nil
	case !strings.Contains(r.URL, "://"): // user@host:path
		return nil
	}
	u, err := url.Parse(r.URL)
	if err != nil || u.Hostname() == "" && u.Scheme != "file" {
		return &AddressError{"this is no address of a repository", "name one: https://…, ssh://…, user@host:path, or a path"}
	}
	if _, has := u.User.Password(); has || u.User != nil && u.Scheme != "ssh" {
		return &AddressError{"the address holds a user or a password, which lists of processes and logs would show", "give a token with --git-token-file or LECTERN_GIT_TOKEN"}
	}
	switch u.Scheme {
	case "https", "ssh", "file":
	case "http":
		if r.Token != nil && !loopback(u.Hostname()) {
			return &AddressError{"a token would go over the network as anyone can read it", "use https"}
		}
	default:
		return &AddressError{fmt.Sprintf("%s:// is no way to a repository that is supported", u.Scheme), "use https, ssh or a path"}
	}
	return nil
}

func loopback(host string) bool {
	return host == "localhost" || host == "::1" || strings.HasPrefix(host, "127.")
}

// isLocal reports whether the URL is a path: git's own rule is that a colon
// before the first slash is another machine's name.
func (r *Remote) isLocal() bool {
	if strings.Contains(r.URL, "://") {
		return false
	}
	colon, slash := strings.IndexByte(r.URL, ':'), strings.IndexByte(r.URL, '/')
	return colon < 0 || slash >= 0 && slash < colon || filepath.VolumeName(r.URL) != ""
}

// Name is the address for people to read.
func (r *Remote) Name() string { return Redact(r.URL) }

// Web is the repository's address on the web, "" where it has none.
func (r *Remote) Web() string {
	if r.isLocal() {
		return ""
	}
	return webAddress(r.URL)
}

// settings are what git is told for a conversation with the remote: arguments
// that anybody may read, and an environment.
func (r *Remote) settings() (args, env []string, err error) {
	env = append(environment(os.Environ()), "GIT_ALLOW_PROTOCOL=https:http:ssh:file")
	for _, name := range []string{"GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_TRACE_CURL_NO_DATA"} {
		if v := os.Getenv(name); v != "" {
			env = append(env, name+"="+v)
		}
	}
	args = []string{
		"-c", "protocol.version=2", "-c", "http.followRedirects=initial", "-c", "http.lowSpeedLimit=100", "-c", "http.lowSpeedTime=60",
	}
	ssh := []string{
		"ssh", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", "ConnectTimeout=20", "-o", "ServerAliveInterval=15",
		"-o", "ForwardAgent=no", "-o", "ClearAllForwardings=yes",
	}
	if r.KeyFile != "" {
		ssh = append(ssh, "-o", "IdentitiesOnly=yes", "-i", shellQuote(r.KeyFile))
	}
	if r.KnownHosts != "" {
		ssh = append(ssh, "-o", shellQuote(`UserKnownHostsFile="`+r.KnownHosts+`"`), "-o", "GlobalKnownHostsFile="+os.DevNull)
	}
	env = append(env, "GIT_SSH_COMMAND="+strings.Join(ssh, " "))
	if r.Token == nil || r.isLocal() {
		return args, env, nil
	}
	u, err := url.Parse(r.URL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return args, env, nil // ssh has keys
	}
	token, err := r.Token()
	if err != nil {
		return nil, nil, fmt.Errorf("read the token: %w", err)
	}
	if strings.ContainsAny(token, "\n\r\x00") {
		return nil, nil, errors.New("read the token: it has several lines")
	}
	user := r.User
	if user == "" {
		user = "x-access-token" // what GitHub asks of apps; others take any
	}
	// A helper for this host alone: where a server sends git elsewhere, it has none.
	const helper = `!f() { test "$1" = get && printf 'username=%s\npassword=%s\n' "$LECTERN_ASKED_USER" "$LECTERN_ASKED_TOKEN"; }; f`
	args = append(args, "-c", "credential."+u.Scheme+"://"+u.Host+".helper="+helper)
	return args, append(env, "LECTERN_ASKED_USER="+user, "LECTERN_ASKED_TOKEN="+token), nil
}

// shellQuote quotes a word for the shell that git hands GIT_SSH_COMMAND to.
func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
