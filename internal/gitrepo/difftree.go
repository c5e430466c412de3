package gitrepo

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"lectern/internal/history"
)

// The longest that is kept of a commit's texts, in runes.
const (
	maxAuthor  = 100
	maxSubject = 200
)

// diff asks git what each of ids changed and calls f for them in order. Git
// compares the trees by their hashes and goes into those alone that differ; a
// file's content is read only to see, in a commit that both adds and removes
// files, whether one was moved.
func (r *Repo) diff(ctx context.Context, p *place, ids []history.ID, f func(*history.Commit)) error {
	args := []string{
		"diff-tree", "--stdin", "--root", "-r", "--raw", "-z", "--no-abbrev", "-M", "-l200", "--always",
		"--encoding=UTF-8", "--date=raw", "--format=format:%x01%H%x00%cd%x00%an%x00%s%x00",
	}
	if p.prefix != "" {
		args = append(args, "--", ":(top,literal)"+strings.TrimSuffix(p.prefix, "/"))
	}
	cmd, stderr, cancel, err := command(ctx, r.dir, args...)
	if err != nil {
		return err
	}
	defer cancel()
	var in bytes.Buffer
	for _, id := range ids {
		in.WriteString(id.String() + "\n")
	}
	cmd.Stdin = &in
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	d := differ{r: bufio.NewReaderSize(out, 256<<10), prefix: p.prefix, paths: map[string]string{}}
	parseErr := d.all(f)
	if parseErr != nil {
		cancel() // nobody reads on
	}
	if err := cmd.Wait(); err != nil && parseErr == nil {
		return explain(ctx, err, stderr.String())
	}
	return parseErr
}

// differ reads what diff-tree prints: for each commit its head, then a line for
// each file with its path behind, all ended by zero bytes.
type differ struct {
	r      *bufio.Reader
	prefix string
	token  []byte
	// paths holds each path once.
	paths map[string]string
}

// next reads a token into d.token.
func (d *differ) next() error {
	d.token = d.token[:0]
	for {
		part, err := d.r.ReadSlice(0)
		d.token = append(d.token, part...)
		switch {
		case err == bufio.ErrBufferFull && len(d.token) < 1<<20:
			continue
		case err == nil:
			d.token = d.token[:len(d.token)-1]
			return nil
		case err == io.EOF && len(d.token) == 0:
			return io.EOF
		case err == io.EOF:
			return io.ErrUnexpectedEOF
		}
		return err
	}
}

// all reads all commits.
func (d *differ) all(f func(*history.Commit)) error {
	var c *history.Commit
	flush := func() {
		if c != nil {
			f(c)
		}
	}
	for {
		err := d.next()
		if err == io.EOF || err == io.ErrUnexpectedEOF && len(bytes.TrimSpace(d.token)) == 0 {
			flush()
			return nil
		}
		if err != nil {
			return err
		}
		text := bytes.TrimLeft(d.token, "\n")
		switch {
		case len(text) == 0: // between commits
		case text[0] == 1:
			flush()
			if c, err = d.head(string(text[1:])); err != nil {
				return err
			}
		case text[0] == ':' && c != nil:
			if err := d.file(c, string(text)); err != nil {
				return err
			}
		default:
			return fmt.Errorf("git gave %q where a change was to come", clip(string(text)))
		}
	}
}

// head reads the rest of what a commit says of itself.
func (d *differ) head(id string) (*history.Commit, error) {
	c := &history.Commit{}
	var err error
	if c.ID, err = parseID(id); err != nil {
		return nil, err
	}
	if err = d.next(); err != nil {
		return nil, err
	}
	if c.Time, err = parseDate(string(d.token)); err != nil {
		return nil, err
	}
	if err = d.next(); err != nil {
		return nil, err
	}
	c.Author = line(d.token, maxAuthor)
	if err = d.next(); err != nil {
		return nil, err
	}
	c.Subject = line(d.token, maxSubject)
	return c, nil
}

// parseDate reads git's raw form: seconds, and the zone as hours and minutes.
func parseDate(s string) (time.Time, error) {
	sec, zone, _ := strings.Cut(s, " ")
	unix, err := strconv.ParseInt(sec, 10, 64)
	hhmm, err2 := strconv.Atoi(zone)
	if err != nil || err2 != nil || unix < -1<<40 || unix > 1<<40 || hhmm < -9999 || hhmm > 9999 {
		return time.Time{}, fmt.Errorf("git gave %q for a date", clip(s))
	}
	minutes := hhmm/100*60 + hhmm%100
	if minutes < -14*60 || minutes > 14*60 {
		minutes = 0 // no place on earth
	}
	return inZone(unix, minutes), nil
}

func inZone(unix int64, minutes int) time.Time {
	if minutes == 0 {
		return time.Unix(unix, 0).UTC()
	}
	return time.Unix(unix, 0).In(time.FixedZone("", minutes*60))
}

// line makes one clean line of at most so many runes.
func line(text []byte, most int) string {
	s := strings.ToValidUTF8(string(text), "\uFFFD")
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	// Marks that turn the direction of all that follows are nobody's name.
	s = strings.Map(func(r rune) rune {
		if r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, s)
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// file reads one change; meta is ":100644 100644 OLD NEW M".
func (d *differ) file(c *history.Commit, meta string) error {
	f := strings.Fields(meta)
	if len(f) != 5 {
		return fmt.Errorf("git gave %q for a change", clip(meta))
	}
	var ch history.Change
	var err error
	if ch.Old, err = content(f[0], f[2]); err != nil {
		return err
	}
	if ch.New, err = content(f[1], f[3]); err != nil {
		return err
	}
	if err = d.next(); err != nil {
		return err
	}
	ch.Path = d.path()
	if f[4][0] == 'R' || f[4][0] == 'C' {
		if f[4][0] == 'R' {
			ch.From = ch.Path
		}
		if err = d.next(); err != nil {
			return err
		}
		ch.Path = d.path()
	}
	switch {
	case ch.Path == "" || ch.Old == ch.New && ch.From == "": // a link, a module, or a mode alone
	case len(c.Files) >= maxChanges:
		c.Partial = true
	default:
		c.Files = append(c.Files, ch)
	}
	return nil
}

// content returns what a file of the given mode holds.
func content(mode, id string) (history.ID, error) {
	if strings.TrimPrefix(mode, ":") != "100644" && strings.TrimPrefix(mode, ":") != "100755" {
		return "", nil
	}
	return parseID(id)
}

// path returns the token as a path from the project's folder.
func (d *differ) path() string {
	if p, ok := d.paths[string(d.token)]; ok {
		return p
	}
	full := string(d.token)
	p, ok := strings.CutPrefix(full, d.prefix)
	if !ok {
		p = ""
	}
	d.paths[full] = p
	return p
}
