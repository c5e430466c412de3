package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/term"

	"lectern/internal/attest"
)

// signer opens the private key that --sign names: a file, or, as cosign has it,
// env://NAME for one that stands in an environment variable.
func (a *app) signer(ctx context.Context, ref string) (*attest.Signer, error) {
	data, err := a.key(ref, "--sign", "cosign.key")
	if err != nil {
		return nil, err
	}
	s, err := attest.ParsePrivateKey(data, func() ([]byte, error) { return a.keyPassword(ctx, ref) })
	if err != nil {
		return nil, fmt.Errorf("--sign %s: %w", ref, err)
	}
	return s, nil
}

// key reads what a flag says where a key is.
func (a *app) key(ref, flag, usual string) ([]byte, error) {
	if name, ok := strings.CutPrefix(ref, "env://"); ok {
		if value := a.Env(name); name != "" && value != "" {
			return []byte(value), nil
		}
		return nil, &hintedError{fmt.Errorf("%s %s: there is no such variable, or nothing in it", flag, ref), "put the key itself, in PEM, into the variable"}
	}
	if scheme, _, ok := strings.Cut(ref, "://"); ok {
		return nil, &hintedError{fmt.Errorf("%s: keys at %s:// are not known", flag, scheme), "name a file with the key, or a variable: env://NAME"}
	}
	data, err := os.ReadFile(a.path(ref))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &hintedError{fmt.Errorf("%s: there is no file %s", flag, ref), "name the file with the key, such as " + usual + "; make a pair of keys with: cosign generate-key-pair"}
	case err != nil:
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	return data, nil
}

// keyPassword is the password of a private key, from the environment or from
// the person, who is not shown what they type. Where there is neither it is
// empty, as some keys' is.
func (a *app) keyPassword(ctx context.Context, ref string) ([]byte, error) {
	if word := a.Env(attest.PasswordVariable); word != "" || !a.interactive() {
		return []byte(word), nil
	}
	in, ok := a.In.(*os.File)
	if !ok {
		return nil, nil
	}
	fd := int(in.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return nil, fmt.Errorf("ask for the password: %w", err)
	}
	fmt.Fprintf(a.Err, "Password of %s: ", ref)
	type answer struct {
		word []byte
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		word, err := term.ReadPassword(fd)
		answers <- answer{word, err}
	}()
	defer fmt.Fprintln(a.Err)
	select {
	case got := <-answers:
		if got.err != nil {
			return nil, fmt.Errorf("ask for the password: %w", got.err)
		}
		return got.word, nil
	case <-ctx.Done():
		// Nobody answers any more: the terminal shows again what is typed.
		return nil, errors.Join(context.Cause(ctx), term.Restore(fd, before))
	}
}
