// Package auth asks readers who they are, for sites that are not for everybody:
// by a password, from a file as web servers have it, or by an identity provider
// that speaks OpenID Connect.
//
// It guards whatever handler stands behind it: who is not let in gets nothing of
// it, not even whether an address exists.
package auth

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/bcrypt"

	"lectern/internal/server"
)

// Bounds of files with passwords, and of what is remembered.
const (
	maxFile      = 4 << 20
	maxCost      = 16 // of bcrypt: a second and more
	rememberFor  = 10 * time.Minute
	mostRemember = 4096
)

// Passwords guard a site by the names and passwords in a file. Whoever was let in
// is remembered for some minutes, because comparing a password is slow on purpose.
type Passwords struct {
	path string
	key  []byte // of what is remembered

	mu       sync.Mutex
	users    map[string][]byte // hashes by name
	stamp    os.FileInfo
	known    map[[sha256.Size]byte]time.Time // until when
	slots    chan struct{}
	failures failures
	stranger []byte // a hash of no password, for names that nobody has
	now      func() time.Time
}

// OpenPasswords reads a file of lines NAME:HASH, as `htpasswd -B` writes it.
// Hashes other than bcrypt's are refused: they can be guessed too quickly.
func OpenPasswords(path string) (*Passwords, error) {
	p := &Passwords{
		path: path, key: make([]byte, 32), known: map[[sha256.Size]byte]time.Time{},
		slots: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)), now: time.Now,
	}
	if _, err := rand.Read(p.key); err != nil {
		return nil, err
	}
	if err := p.read(); err != nil {
		return nil, err
	}
	return p, nil
}

// read takes the file in if it is another one than before.
func (p *Passwords) read() error {
	f, err := os.Open(p.path)
	if err != nil {
		return fmt.Errorf("read the passwords: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("read the passwords: %w", err)
	}
	p.mu.Lock()
	same := p.stamp != nil && os.SameFile(p.stamp, info) && p.stamp.Size() == info.Size() && p.stamp.ModTime().Equal(info.ModTime())
	p.mu.Unlock()
	if same {
		return nil
	}
	users, cost, err := parse(io.LimitReader(f, maxFile))
	if err != nil {
		return fmt.Errorf("%s: %w", p.path, err)
	}
	// A name that nobody has takes as long as one that somebody has.
	stranger, err := bcrypt.GenerateFromPassword([]byte(rand.Text()), cost)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.users, p.stamp, p.stranger = users, info, stranger
	clear(p.known)
	return nil
}

// parse reads the lines of a file of passwords, and the highest cost of its hashes.
func parse(r io.Reader) (users map[string][]byte, cost int, err error) {
	users = map[string][]byte{}
	cost = bcrypt.MinCost
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		name, hash, ok := strings.Cut(line, ":")
		if !ok || name == "" {
			return nil, 0, fmt.Errorf("line %d is not NAME:HASH", n)
		}
		if users[name] != nil {
			return nil, 0, fmt.Errorf("line %d: %q is there twice", n, name)
		}
		c, err := bcrypt.Cost([]byte(hash))
		if err != nil {
			return nil, 0, fmt.Errorf("line %d: the password of %q is kept as %s, which is not taken: make it anew with htpasswd -B", n, name, kind(hash))
		}
		if c > maxCost {
			return nil, 0, fmt.Errorf("line %d: the password of %q has a cost of %d; at most %d is taken", n, name, c, maxCost)
		}
		users[name], cost = []byte(hash), max(cost, c)
	}
	if err := lines.Err(); err != nil {
		return nil, 0, err
	}
	if len(users) == 0 {
		return nil, 0, errors.New("there is nobody in it")
	}
	return users, cost, nil
}

// kind says what a hash is that is not taken.
func kind(hash string) string {
	for prefix, name := range map[string]string{
		"$apr1$": "MD5", "$1$": "MD5", "{SHA}": "SHA-1 without salt", "{SSHA}": "SHA-1", "$5$": "SHA-256 crypt", "$6$": "SHA-512 crypt", "$argon2": "Argon2", "$y$": "yescrypt",
	} {
		if strings.HasPrefix(hash, prefix) {
			return name
		}
	}
	return "plain text or an old crypt"
}

// Watch reads the file again when it has changed, until ctx ends. What makes no
// sense is reported, and what was read before counts.
func (p *Passwords) Watch(ctx context.Context, every time.Duration, report func(error)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	last := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		text := ""
		if err := p.read(); err != nil {
			if text = err.Error(); text != last {
				report(err)
			}
		}
		last = text
	}
}

// Around lets through to next who has a password.
func (p *Passwords) Around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := server.ExchangeOf(r)
		name, password, given := r.BasicAuth()
		switch p.check(r.Context(), x, name, password, given) {
		case allowed:
			if x != nil {
				x.User = name
			}
			next.ServeHTTP(w, r)
		case tooMany:
			w.Header().Set("Retry-After", "60")
			refuse(w, http.StatusTooManyRequests, "Too many wrong passwords came from this address. Try again in a minute.")
		default:
			w.Header().Set("WWW-Authenticate", `Basic realm="This website is not for everybody", charset="UTF-8"`)
			refuse(w, http.StatusUnauthorized, "A name and a password are needed here.")
		}
	})
}

func refuse(w http.ResponseWriter, status int, text string) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n") // a client that went away is no concern
}

// verdict is what becomes of a request.
type verdict int

const (
	denied verdict = iota
	allowed
	tooMany
)

func (p *Passwords) check(ctx context.Context, x *server.Exchange, name, password string, given bool) verdict {
	// bcrypt knows no more than 72 bytes; more would be a request that costs without a chance.
	if !given || name == "" || len(name) > 255 || len(password) > 72 {
		return denied
	}
	p.mu.Lock()
	hash, exists := p.users[name]
	if !exists {
		hash = p.stranger
	}
	id := p.identify(name, password, hash)
	until, known := p.known[id]
	p.mu.Unlock()
	now := p.now()
	if known && exists && now.Before(until) {
		return allowed
	}
	if !p.failures.may(x, now) {
		return tooMany
	}
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return denied
	}
	if !p.failures.may(x, p.now()) { // many may have waited here at once
		return tooMany
	}
	if err := bcrypt.CompareHashAndPassword(hash, []byte(password)); err != nil || !exists {
		p.failures.add(x, now)
		return denied
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) >= mostRemember {
		clear(p.known)
	}
	p.known[id] = now.Add(rememberFor)
	return allowed
}

// identify makes of a name, a password and the hash that it fits something
// to remember that tells nothing of them.
func (p *Passwords) identify(name, password string, hash []byte) (id [sha256.Size]byte) {
	m := hmac.New(sha256.New, p.key)
	fmt.Fprintf(m, "%d:%s:%d:%s:%s", len(name), name, len(password), password, hash)
	m.Sum(id[:0])
	return id
}
