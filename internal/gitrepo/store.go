package gitrepo

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"

	"lectern/internal/history"
)

// storeVersion is part of the file's name: another form is another file. It
// also stands for how diff asks git.
const storeVersion = "1"

// maxStore is the largest file that is read; one beyond is begun anew.
const maxStore = 512 << 20

// store keeps, in one file for each project, what commits changed. A commit
// never changes, so an entry is never void: entries are only added at the end.
// Each has its length and a checksum: what does not hold, because a write was
// cut off or two were mixed up, ends the reading. Losing the file costs time
// alone, so that nothing that goes wrong with it is an error.
type store struct {
	file string
	// good is how much of the file holds; broken says that there is more.
	good   int64
	broken bool
}

func openStore(dir string, p *place) *store {
	if dir == "" {
		return &store{}
	}
	sum := sha256.Sum256([]byte(storeVersion + "\x00" + p.commonDir + "\x00" + p.prefix))
	return &store{file: filepath.Join(dir, "history", fmt.Sprintf("%x", sum[:12]))}
}

// load puts those of the wanted commits that are kept into known.
func (s *store) load(wanted []history.ID, known map[history.ID]*history.Commit) {
	if s.file == "" {
		return
	}
	s.broken = true
	info, err := os.Stat(s.file)
	if err != nil {
		s.broken = !errors.Is(err, os.ErrNotExist)
		return
	}
	if info.Size() > maxStore {
		return
	}
	data, err := os.ReadFile(s.file)
	if err != nil {
		return
	}
	want := make(map[history.ID]bool, len(wanted))
	for _, id := range wanted {
		want[id] = true
	}
	d := decoder{paths: map[string]string{}}
	for len(data) > 0 {
		entry, rest, ok := nextEntry(data)
		if !ok {
			return
		}
		c, ok := d.commit(entry, want)
		if !ok {
			return
		}
		if c != nil {
			known[c.ID] = c
		}
		s.good += int64(len(data) - len(rest))
		data = rest
	}
	s.broken = false
}

// nextEntry cuts the first entry off data: checksum, length, bytes.
func nextEntry(data []byte) (entry, rest []byte, ok bool) {
	if len(data) < 8 {
		return nil, nil, false
	}
	sum, size := binary.LittleEndian.Uint32(data), binary.LittleEndian.Uint32(data[4:])
	if uint64(size) > uint64(len(data)-8) {
		return nil, nil, false
	}
	entry = data[8 : 8+size]
	return entry, data[8+size:], crc32.ChecksumIEEE(entry) == sum
}

// add keeps commits.
func (s *store) add(commits []*history.Commit) {
	if s.file == "" || len(commits) == 0 {
		return
	}
	// Subjects and paths may be nobody else's business.
	if os.MkdirAll(filepath.Dir(s.file), 0o700) != nil {
		return
	}
	f, err := os.OpenFile(s.file, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return
	}
	defer f.Close()
	if s.broken && f.Truncate(s.good) != nil {
		return
	}
	var buf []byte
	for _, c := range commits {
		at := len(buf)
		buf = appendCommit(append(buf, make([]byte, 8)...), c)
		entry := buf[at+8:]
		binary.LittleEndian.PutUint32(buf[at:], crc32.ChecksumIEEE(entry))
		binary.LittleEndian.PutUint32(buf[at+4:], uint32(len(entry)))
	}
	_, _ = f.Write(buf) // one call, so that two writers do not mix; half of it is found out
}

func appendCommit(b []byte, c *history.Commit) []byte {
	_, offset := c.Time.Zone()
	b = appendText(b, string(c.ID))
	b = binary.AppendVarint(b, c.Time.Unix())
	b = binary.AppendVarint(b, int64(offset/60))
	b = appendText(appendText(b, c.Author), c.Subject)
	flags := uint64(0)
	if c.Partial {
		flags = 1
	}
	b = binary.AppendUvarint(b, flags)
	b = binary.AppendUvarint(b, uint64(len(c.Files)))
	for _, f := range c.Files {
		b = appendText(appendText(b, f.Path), f.From)
		b = appendText(appendText(b, string(f.Old)), string(f.New))
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// decoder reads entries. Its paths stand in memory once.
type decoder struct {
	paths map[string]string
	data  []byte
	bad   bool
}

// commit reads an entry; nil where it is not among those wanted.
func (d *decoder) commit(entry []byte, want map[history.ID]bool) (*history.Commit, bool) {
	d.data, d.bad = entry, false
	id := history.ID(d.text())
	if d.bad || !want[id] {
		return nil, !d.bad
	}
	c := &history.Commit{ID: id}
	unix, minutes := d.varint(), d.varint()
	if minutes < -14*60 || minutes > 14*60 {
		return nil, false
	}
	c.Time = inZone(unix, int(minutes))
	c.Author, c.Subject = string(d.text()), string(d.text())
	c.Partial = d.uvarint() == 1
	n := d.uvarint()
	if d.bad || n > uint64(len(d.data)) { // each takes some bytes
		return nil, false
	}
	c.Files = make([]history.Change, n)
	for i := range c.Files {
		f := &c.Files[i]
		f.Path, f.From = d.path(), d.path()
		f.Old, f.New = history.ID(d.text()), history.ID(d.text())
	}
	return c, !d.bad && len(d.data) == 0
}

func (d *decoder) uvarint() uint64 {
	n, size := binary.Uvarint(d.data)
	d.skip(size)
	return n
}

func (d *decoder) varint() int64 {
	n, size := binary.Varint(d.data)
	d.skip(size)
	return n
}

// skip goes size bytes on; below one the number could not be read.
func (d *decoder) skip(size int) {
	if size <= 0 {
		d.bad, d.data = true, nil
		return
	}
	d.data = d.data[size:]
}

func (d *decoder) text() []byte {
	n := d.uvarint()
	if d.bad || n > uint64(len(d.data)) {
		d.bad = true
		return nil
	}
	s := d.data[:n]
	d.data = d.data[n:]
	return s
}

func (d *decoder) path() string {
	b := d.text()
	if s, ok := d.paths[string(b)]; ok {
		return s
	}
	s := string(b)
	d.paths[s] = s
	return s
}
