package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"lectern/internal/build"
	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/edit"
	"lectern/internal/fetch"
	"lectern/internal/recording"
	"lectern/internal/site"
)

// readSessions reads the project's notes, drafts included, private ones not.
func (a *app) readSessions(ctx context.Context, job *linkJob, root *os.Root) (err error) {
	load := a.configLoader(job.dir, "", true)
	b, err := build.Open(build.Options{
		Dir: job.dir, Output: filepath.Join(job.dir, "public"), Drafts: true,
		// A note that is not due yet gets its links all the same.
		Load: func(fsys fs.FS) (*config.Config, []diag.Diagnostic, error) {
			cfg, diags, err := load(fsys)
			if err == nil {
				for _, c := range cfg.All() {
					c.BuildFuture, c.BuildExpired = true, true
				}
			}
			return cfg, diags, err
		},
		Now: func(context.Context) (time.Time, error) { return time.Now(), nil },
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	m, err := b.Model(ctx)
	if err != nil {
		return err
	}
	job.cfg = m.Site.Config
	// The default language first: its titles are the likeliest to be the programme's.
	languages := slices.Concat([]*site.Site{m.Site}, slices.DeleteFunc(slices.Clone(m.Site.All()), func(l *site.Site) bool { return l == m.Site }))
	for _, l := range languages {
		for _, p := range l.Pages {
			// A note that is part of another's session stands on that one's page.
			if p.Kind != site.Single || p.Note == nil || p.Lead != nil {
				continue
			}
			src, err := root.ReadFile(filepath.FromSlash(p.Note.Path))
			if err != nil {
				return fmt.Errorf("read %s: %w", p.Note.Path, err)
			}
			job.add(p, linkNote{src, l.Config.Language})
		}
	}
	return nil
}

// add takes a page's note as a session, or as another language's note of one that
// is there.
func (j *linkJob) add(p *site.Page, n linkNote) {
	j.notes[p.Note.Path] = n
	for _, t := range p.Translations {
		if t.Page.Note == nil || t.Page == p {
			continue
		}
		first := t.Page.Note.Path
		if slices.ContainsFunc(j.sessions, func(s recording.Session) bool { return s.Path == first }) {
			j.others[first] = append(j.others[first], p.Note.Path)
			return
		}
	}
	fm := &p.Note.Front
	j.sessions = append(j.sessions, recording.Session{
		Path: p.Note.Path, ID: fm.Session, Title: p.Title, Speakers: fm.Speakers, Start: fm.Start, End: fm.End,
		Room: fm.Room, Track: fm.Track, Event: fm.Event, Text: string(p.Note.Text),
		Video: p.Note.Resources.Video, Slides: p.Note.Resources.Slides, Code: p.Note.Resources.Code,
	})
}

// readRecordings reads one source and prints what of it could not be used.
func (a *app) readRecordings(ctx context.Context, job *linkJob, source string, f recordingsFlags) ([]recording.Recording, error) {
	if !fetch.IsURL(source) {
		if info, err := os.Stat(a.path(source)); err == nil && info.IsDir() {
			return a.readSlides(job, source, f.published)
		}
	}
	name, data, err := a.readSource(ctx, source, f.local)
	if err != nil {
		return nil, err
	}
	list, finds, err := recording.Read(name, data)
	if e, ok := errors.AsType[*recording.Error](err); ok {
		return nil, &hintedError{err, e.Hint}
	}
	if err != nil {
		return nil, err
	}
	a.printDiags(finds)
	return list, nil
}

// readSlides lists a folder of slides.
func (a *app) readSlides(job *linkJob, folder, published string) ([]recording.Recording, error) {
	abs, err := filepath.Abs(a.path(folder))
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", folder, err)
	}
	address, err := job.folderAddress(a, abs, published)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", folder, err)
	}
	names, err := filesBelow(root, ".")
	if err = errors.Join(err, root.Close()); err != nil {
		return nil, err
	}
	list, finds := recording.Files(filepath.ToSlash(folder), names, address)
	a.printDiags(finds)
	return list, nil
}

// showProposals prints what was found: what is sure, then what is not.
func (a *app) showProposals(job *linkJob, ps []recording.Proposal, skipped map[int]string) error {
	w := &proposalPrinter{a: a, job: job}
	for i, p := range ps {
		if p.Class == recording.Sure && skipped[i] == "" {
			w.line("sure", p)
			w.reason(p.Candidates[0], job.list[p.Candidates[0].Recording].Title)
		}
	}
	for i, p := range ps {
		why := skipped[i]
		if p.Class == recording.Unsure {
			why = p.Why
		}
		if why == "" {
			continue
		}
		w.line("unsure", p)
		w.printf("        %s\n", printable(why))
		for _, c := range p.Candidates {
			w.printf("        %s\n", job.list[c.Recording].Link(p.Kind))
			w.reason(c, job.list[c.Recording].Title)
		}
	}
	if w.err != nil {
		return fmt.Errorf("print the table: %w", w.err)
	}
	return nil
}

// linkSummary says in a line what was found and done.
func (a *app) linkSummary(ps []recording.Proposal, changes []edit.Change, skipped map[int]string, done, tail string) error {
	var n [4]int
	for i, p := range ps {
		c := p.Class
		if skipped[i] != "" {
			c = recording.Unsure
		}
		n[c]++
	}
	_, err := fmt.Fprintf(a.Out, "%s %s in %s; %d not sure, %d not found, %d there already%s\n",
		done, plural(n[recording.Sure], "link"), plural(len(changes), "note"), n[recording.Unsure], n[recording.None], n[recording.Kept], tail)
	if err != nil {
		return fmt.Errorf("print what was done: %w", err)
	}
	return nil
}
