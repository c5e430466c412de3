package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"lectern/internal/snapshot"
)

// A record is a line with the kind of record, the format's number and the
// SHA-256 of all that follows, which is JSON:
//
//	lectern-release 1 9f86d081884c7d65…
//	{"number":12,…}
const (
	releaseKind = "lectern-release 1"
	stateKind   = "lectern-live 1"
	// maxRecord is far more than a record of a million files takes.
	maxRecord = 16 << 20
)

// stored is a release with the pieces of its list of files.
type stored struct {
	Release
	Pieces []snapshot.Digest `json:"pieces"`
}

// state is which release is live.
type state struct {
	// Live is the number of the release that is shown, 0 for none.
	Live int `json:"live"`
	// Pinned says that it stays, whatever is built.
	Pinned bool `json:"pinned,omitempty"`
	// Since is when that began.
	Since time.Time `json:"since,omitzero"`
	// By says who had it so, for the log and the status page.
	By string `json:"by,omitempty"`
}

func encodeRecord(kind string, v any) ([]byte, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode a record: %w", err)
	}
	body = append(body, '\n')
	sum := sha256.Sum256(body)
	head := append([]byte(kind+" "), hex.EncodeToString(sum[:])+"\n"...)
	return append(head, body...), nil
}

// decodeRecord reads what encodeRecord wrote into v.
func decodeRecord(kind string, data []byte, v any) error {
	head, body, ok := bytes.Cut(data, []byte("\n"))
	sum, ours := bytes.CutPrefix(head, []byte(kind+" "))
	if !ok || !ours {
		return fmt.Errorf("%w: it is no %q", ErrDamaged, kind)
	}
	want := sha256.Sum256(body)
	if string(sum) != hex.EncodeToString(want[:]) {
		return fmt.Errorf("%w: its checksum is another", ErrDamaged)
	}
	if err := json.Unmarshal(body, v); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}

// decodeRelease reads a release's record.
func decodeRelease(data []byte) (*stored, error) {
	r := new(stored)
	if err := decodeRecord(releaseKind, data, r); err != nil {
		return nil, err
	}
	if r.Number < 1 || r.Files < 0 || r.Size < 0 {
		return nil, fmt.Errorf("%w: its numbers cannot be", ErrDamaged)
	}
	return r, nil
}

// readRecord returns the file name's content.
func readRecord(root *os.Root, name string) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxRecord+1))
	if err == nil && len(data) > maxRecord {
		err = fmt.Errorf("%w: it is too large", ErrDamaged)
	}
	return data, err
}
