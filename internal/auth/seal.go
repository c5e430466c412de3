package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// keySize is that of AES-256.
const keySize = 32

// Key returns the key of sessions in the folder dir, which it makes if there
// is none: so that readers stay known when the server is started anew.
func Key(dir string) ([]byte, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("keep the key of sessions: %w", err)
	}
	name := filepath.Join(dir, "session.key")
	key, err := os.ReadFile(name)
	switch {
	case err == nil && len(key) == keySize:
		return key, nil
	case err == nil:
		return nil, fmt.Errorf("%s is no key of %d bytes; remove it, and readers have to say again who they are", name, keySize)
	case !errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("read the key of sessions: %w", err)
	}
	key = make([]byte, keySize)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	if err := writeKey(name, key); err != nil {
		return nil, fmt.Errorf("keep the key of sessions: %w", err)
	}
	return key, nil
}

// writeKey writes all of a key or nothing: with a part of one, the server would
// not start any more.
func writeKey(name string, key []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), "session-*.new") // for its owner alone
	if err != nil {
		return err
	}
	_, err = f.Write(key)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// sealer makes of values cookies that nobody else can read or make.
type sealer struct{ aead cipher.AEAD }

func newSealer(key []byte) (*sealer, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return &sealer{aead}, nil
}

// seal encrypts and signs v for one purpose: what is made for one is worth
// nothing for another.
func (s *sealer) seal(purpose string, v any) (string, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, data, []byte(purpose))), nil
}

// open reads into v what seal made for the same purpose.
func (s *sealer) open(purpose, text string, v any) error {
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return err
	}
	plain, err := s.aead.Open(nil, nil, data, []byte(purpose))
	if err != nil {
		return err
	}
	return json.Unmarshal(plain, v)
}
