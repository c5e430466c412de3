package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"lectern/internal/config"
	"lectern/internal/edit"
	"lectern/internal/gitrepo"
	"lectern/internal/recording"
)

// recordingsFlags are the flags of `lectern recordings`.
type recordingsFlags struct {
	apply, commit, local bool
	published            string
	year                 int
}

func (a *app) recordingsCommand() *cobra.Command {
	var f recordingsFlags
	cmd := &cobra.Command{
		Use:   "recordings SOURCE... [flags]",
		Short: "Find the video and the slides of each session, and link them",
		Long: `Find out which recordings and which slides belong to which notes, and show the
links as a table and as a diff. With --apply they are written.

A SOURCE is a file, "-" for standard input, a folder of slides named after their
talks, or a web address. What a file is, its content says: the list that yt-dlp
-J --flat-playlist prints, a YouTube playlist's feed, media.ccc.de's JSON, a
programme with links (frab, pretalx), CSV with the columns title, video, slides
and speakers, or a session's page saved from sched.com. Several sources are looked
at together.

All notes and all recordings are compared at once, by the words of their titles
(typos, dropped subtitles and names behind a dash are no obstacle), speakers,
days, times, rooms and lengths. A link is written only where nothing speaks
against it and nothing else comes near; what is not sure is listed, with its
reasons, and left alone. A note that has its link keeps it.

A button takes the place of the one that is commented out or leads nowhere yet, in
its style; else it stands under the front matter. Nothing else in a note changes.`,
		Example: `  yt-dlp -J --flat-playlist https://www.youtube.com/playlist?list=… > playlist.json
  lectern recordings playlist.json
  lectern recordings playlist.json slides.csv --commit
  lectern recordings https://media.ccc.de/public/conferences/camp2019 --apply`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &usageError{cmd.CommandPath() + " needs a list of recordings", "name a file, a folder of slides or a web address; see " + cmd.CommandPath() + " --help"}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.recordings(cmd.Context(), args, f)
		},
	}
	fl := cmd.Flags()
	fl.BoolVar(&f.apply, "apply", false, "write the links that are sure")
	fl.BoolVar(&f.commit, "commit", false, "write them, and make one git commit of it")
	fl.IntVar(&f.year, "year", 0, "the `year` of the conference, where neither the notes nor the site's title say it")
	fl.StringVar(&f.published, "published-at", "", "the web `address` at which a folder of slides is published\n(default: where the website has it, if it lies in static and the website's address is known)")
	fl.BoolVar(&f.local, "local-address", false, "allow a web address of this machine or its network's links")
	return cmd
}

// linkJob is one run of the command.
type linkJob struct {
	dir      string
	cfg      *config.Config
	sessions []recording.Session
	list     []recording.Recording
	notes    map[string]linkNote // by their paths
	// others are the paths of a session's notes in other languages, by the path of
	// its first one.
	others map[string][]string
}

// linkNote is a note that may get links.
type linkNote struct {
	src      []byte
	language string
}

func (a *app) recordings(ctx context.Context, sources []string, f recordingsFlags) (err error) {
	if f.year != 0 && (f.year < 1970 || f.year > 2200) {
		return &usageError{fmt.Sprintf("--year %d: there was no such conference", f.year), "write four digits, such as 2025"}
	}
	dir, err := a.projectDir()
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("open the project: %w", err)
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	job := &linkJob{dir: dir, notes: map[string]linkNote{}, others: map[string][]string{}}
	if err := a.readSessions(ctx, job, root); err != nil {
		return err
	}
	for _, s := range sources {
		list, err := a.readRecordings(ctx, job, s, f)
		if err != nil {
			return err
		}
		job.list = append(job.list, list...)
	}
	proposals := recording.Match(job.sessions, job.list, recording.Options{Event: job.cfg.Title, Year: f.year})
	changes, skipped, err := job.plan(proposals)
	if err != nil {
		return err
	}
	if err := a.showProposals(job, proposals, skipped); err != nil {
		return err
	}
	if !f.apply && !f.commit {
		if _, err := fmt.Fprint(a.Out, edit.Diff(changes)); err != nil {
			return fmt.Errorf("print the changes: %w", err)
		}
		return a.linkSummary(proposals, changes, skipped, "would write", "; nothing was written: --apply does")
	}
	return a.writeLinks(ctx, job, root, proposals, changes, skipped, f.commit)
}

// writeLinks writes the changes and commits them if asked.
func (a *app) writeLinks(ctx context.Context, job *linkJob, root *os.Root, ps []recording.Proposal, changes []edit.Change, skipped map[int]string, commit bool) error {
	files := make([]string, len(changes))
	for i, c := range changes {
		files[i] = c.Path
	}
	work := gitrepo.OpenWork(job.dir)
	if commit && len(changes) > 0 {
		if _, err := work.Check(ctx); err != nil {
			return err
		}
		if err := gitrepo.Committed(ctx, job.dir, files); err != nil {
			if _, ok := errors.AsType[*gitrepo.NotCommittedError](err); ok {
				err = &hintedError{err, "commit them first, or use --apply and commit by hand"}
			}
			return err
		}
	}
	if err := edit.Write(root, changes); err != nil {
		if errors.Is(err, edit.ErrChanged) {
			return &hintedError{err, "run the command again"}
		}
		return err
	}
	tail := ""
	if commit && len(changes) > 0 {
		if err := work.CommitFiles(ctx, commitMessage(ps, skipped), files); err != nil {
			return &hintedError{fmt.Errorf("commit: %w", err), "the links are written; commit them by hand"}
		}
		tail = ", and committed"
	}
	return a.linkSummary(ps, changes, skipped, "wrote", tail)
}

// plan makes the changes that the sure proposals ask for, in all languages of
// their notes. skipped says why the proposals of some numbers cannot be carried
// out.
func (j *linkJob) plan(ps []recording.Proposal) (changes []edit.Change, skipped map[int]string, err error) {
	styles := j.styles()
	skipped = map[int]string{}
	done := map[string][]byte{}
	for i, p := range ps {
		first := j.sessions[p.Session].Path
		var paths []string
		switch p.Class {
		case recording.Sure:
			paths = append([]string{first}, j.others[first]...)
		case recording.Kept: // the other languages may lack it
			paths = j.others[first]
		}
		for _, path := range paths {
			src, ok := done[path]
			if !ok {
				src = j.notes[path].src
			}
			edits, err := recording.Place(src, p.Kind, p.Link, styles[j.notes[path].language][p.Kind])
			if err != nil {
				if path == first {
					skipped[i] = err.Error()
				}
				continue
			}
			out, err := edit.Apply(src, edits)
			if err != nil {
				return nil, nil, fmt.Errorf("change %s: %w", path, err)
			}
			done[path] = out
		}
	}
	for path, out := range done {
		if was := j.notes[path].src; string(out) != string(was) {
			changes = append(changes, edit.Change{Path: path, Old: was, New: out})
		}
	}
	slices.SortFunc(changes, func(a, b edit.Change) int { return strings.Compare(a.Path, b.Path) })
	return changes, skipped, nil
}

// styles is how the notes of each language write their buttons: as most do.
func (j *linkJob) styles() map[string]map[recording.Kind]recording.Style {
	out := map[string]map[recording.Kind]recording.Style{}
	for _, n := range j.notes {
		if out[n.language] == nil {
			out[n.language] = j.stylesOf(n.language)
		}
	}
	return out
}

func (j *linkJob) stylesOf(language string) map[recording.Kind]recording.Style {
	out := map[recording.Kind]recording.Style{}
	for k, label := range buttonLabels(language) {
		count := map[recording.Style]int{}
		for _, n := range j.notes {
			if st, ok := recording.StyleOf(n.src, k); ok && n.language == language {
				count[st]++
			}
		}
		best := recording.DefaultStyle(k, label)
		for st, n := range count {
			if m := count[best]; n > m || n == m && st.Before+st.After < best.Before+best.After {
				best = st
			}
		}
		out[k] = best
	}
	return out
}

// buttonLabels are the words on buttons where no note has any.
func buttonLabels(language string) map[recording.Kind]string {
	if lang, _, _ := strings.Cut(strings.ToLower(language), "-"); lang == "de" {
		return map[recording.Kind]string{recording.Video: "Aufzeichnung ansehen", recording.Slides: "Folien", recording.Code: "Code"}
	}
	return map[recording.Kind]string{recording.Video: "Watch the recording", recording.Slides: "Slides", recording.Code: "Code"}
}

// folderAddress is where a folder of slides is published, with a slash at its end.
func (j *linkJob) folderAddress(a *app, folder, published string) (string, error) {
	if published != "" {
		if !strings.HasPrefix(published, "https://") && !strings.HasPrefix(published, "http://") {
			return "", &usageError{fmt.Sprintf("--published-at %q is no web address", published), "addresses begin with https://"}
		}
		return strings.TrimSuffix(published, "/") + "/", nil
	}
	for _, static := range j.cfg.StaticDirs {
		rel, err := filepath.Rel(filepath.Join(j.dir, filepath.FromSlash(static)), folder)
		if err != nil || !filepath.IsLocal(rel) || j.cfg.BaseURL == "" {
			continue
		}
		if rel == "." {
			return j.cfg.BaseURL, nil
		}
		return j.cfg.BaseURL + filepath.ToSlash(rel) + "/", nil
	}
	return "", &usageError{"it is not known at which web address " + a.shown(folder) + " is published", "say so with --published-at https://…, or put the folder into static and set baseURL"}
}
