package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lectern/internal/edit"
	"lectern/internal/fetch"
	"lectern/internal/scaffold"
	"lectern/internal/schedule"
)

// importFlags are the flags of `lectern import`.
type importFlags struct {
	into, zone    string
	only          []string
	dryRun, local bool
	quiet, choose bool
}

func (a *app) importCommand() *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:   "import [PROGRAMME [DIR]] [flags]",
		Short: "Make notes of a conference's programme, or bring them up to date",
		Long: `Make a note for each chosen session of a conference's programme: with title,
speakers, room, times, tags, the abstract folded away, and places for the links
to video and slides.

PROGRAMME is a file, "-" for standard input, or a web address; without one it is
where the last programme came from. What it is written in is told by its content:
pretalx and frab (JSON, XML), Sessionize and GridSmart (JSON), iCalendar as
sched.com, pretalx, Indico and others write it, and Indico's JSON.

On a terminal, sessions are chosen in your editor. Elsewhere, and without
--only, all talks are.

Importing again brings up to date what came from the programme and still is as
it was. What a person wrote or changed stays. No file is renamed or removed. The
programme is kept in .lectern/programme.json, which belongs into the repository.`,
		Example: `  lectern import https://pretalx.example.org/camp/schedule/export/schedule.json
  lectern import programme.ics --only track=Security --only favourites.txt
  lectern import --dry-run     # what did the programme change?`,
		Args: atMost(2, "a programme and a folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			source := ""
			if len(args) > 0 {
				source = args[0]
				args = args[1:]
			}
			return a.importProgramme(cmd.Context(), source, args, f)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.into, "into", "", "make the days' folders in this `folder` of the project (default: where the notes are)")
	fl.StringArrayVar(&f.only, "only", nil, "choose the sessions of a track=…, room=…, tag=… or day=…, or those that a `file` names\nby title, id or address, a line for each; may be given several times")
	fl.BoolVar(&f.choose, "choose", false, "choose sessions in your editor, also where some were chosen before")
	fl.BoolVar(&f.dryRun, "dry-run", false, "show what would be written as a diff, and write nothing")
	fl.StringVar(&f.zone, "time-zone", "", "the conference's time `zone`, such as Europe/London, where the programme is wrong about it")
	fl.BoolVar(&f.local, "local-address", false, "allow a web address of this machine or its network's links")
	fl.BoolVarP(&f.quiet, "quiet", "q", false, "print nothing but what needs attention")
	_ = cmd.MarkFlagDirname("into") // fails for an unknown flag alone
	return cmd
}

func (a *app) importProgramme(ctx context.Context, source string, args []string, f importFlags) error {
	if f.choose && len(f.only) > 0 {
		return &usageError{"--choose and --only exclude each other", "leave out one of them"}
	}
	p, err := a.openProject(ctx, args, f.into)
	if err != nil {
		return err
	}
	if source == "" {
		if source, err = p.lastSource(); err != nil {
			return err
		}
	}
	prog, err := a.readProgramme(ctx, p, source, f)
	if err != nil {
		return err
	}
	var changes []schedule.Change
	if p.Last != nil {
		changes = schedule.Diff(&p.Last.Programme, prog)
	}
	chosen, err := a.chooseSessions(ctx, p, prog, f)
	if err != nil {
		return err
	}
	plan, err := scaffold.Import(p.Project, prog, scaffold.Options{Chosen: chosen, Source: p.remembered(a, source)})
	if err != nil {
		return err
	}
	a.printDiags(plan.Diags)
	a.printClashes(p, plan)
	if !f.quiet || f.dryRun {
		for _, c := range changes {
			fmt.Fprintln(a.Out, c)
		}
	}
	if f.dryRun {
		return a.showPlan(plan)
	}
	if err := p.write(plan.Changes...); err != nil {
		return err
	}
	if f.quiet {
		return nil
	}
	return a.importSummary(p, prog, plan)
}

// readProgramme reads the programme and prints what of it could not be used.
func (a *app) readProgramme(ctx context.Context, p *project, source string, f importFlags) (*schedule.Programme, error) {
	var opts schedule.Options
	if f.zone != "" {
		loc, err := time.LoadLocation(f.zone)
		if err != nil || f.zone == "Local" {
			return nil, &usageError{fmt.Sprintf("--time-zone %q: there is no such time zone", f.zone), "give one as Europe/London"}
		}
		opts.Zone = loc
	}
	if p.cfg.TimeZone != "" || p.Last != nil {
		opts.DefaultZone = p.zone()
	}
	name, data, err := a.readSource(ctx, source, f.local)
	if err != nil {
		return nil, err
	}
	prog, diags, err := schedule.Read(name, data, opts)
	if se, ok := errors.AsType[*schedule.Error](err); ok {
		return nil, &hintedError{err, se.Hint}
	}
	if err != nil {
		return nil, err
	}
	a.printDiags(diags)
	return prog, nil
}

// maxSource is the most that is read of a file or an address, far above what
// the readers take, so that they can say what is too large.
const maxSource = 256 << 20

// readSource reads a file, standard input or a web address. name is how
// messages call it.
func (a *app) readSource(ctx context.Context, source string, local bool) (name string, data []byte, err error) {
	switch {
	case source == "-":
		if a.In == nil {
			return "", nil, errors.New("there is no standard input to read from")
		}
		data, err = io.ReadAll(io.LimitReader(a.In, maxSource))
		if err != nil {
			err = fmt.Errorf("read standard input: %w", err)
		}
		return "stdin", data, err
	case fetch.IsURL(source):
		data, err = fetch.Get(ctx, source, fetch.Options{Local: local, Agent: "lectern/" + a.version().Version})
		if errors.Is(err, fetch.ErrLocal) {
			err = &hintedError{err, "if that is what you want, say so with --local-address"}
		} else if err != nil {
			err = &hintedError{err, "is the address right? Else save the file in your browser, and give the file's name"}
		}
		u, perr := url.Parse(source)
		if perr != nil {
			return source, data, err
		}
		return fetch.Shown(u), data, err
	}
	file := a.path(source)
	info, err := os.Stat(file)
	if err != nil {
		return "", nil, &hintedError{fmt.Errorf("read %s: %w", source, reason(err)), "name a file that is there, or give a web address with https://"}
	}
	if info.IsDir() {
		return "", nil, &hintedError{fmt.Errorf("%s is a folder", source), "name the file in it"}
	}
	r, err := os.Open(file)
	if err != nil {
		return "", nil, fmt.Errorf("read %s: %w", source, reason(err))
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	data, err = io.ReadAll(io.LimitReader(r, maxSource))
	if err != nil {
		err = fmt.Errorf("read %s: %w", source, reason(err))
	}
	return source, data, err
}

// reason is a file's error without its path, which the message has already.
func reason(err error) error {
	if pe, ok := errors.AsType[*os.PathError](err); ok {
		return pe.Err
	}
	return err
}

// lastSource is where the last programme came from.
func (p *project) lastSource() (string, error) {
	if p.Last == nil {
		return "", &usageError{"there is no programme to import", "name a file or a web address: lectern import https://example.org/schedule.json"}
	}
	if p.Last.Source == "" {
		return "", &usageError{"it is not known where the programme of the last import came from", "name a file or a web address"}
	}
	if fetch.IsURL(p.Last.Source) {
		return p.Last.Source, nil
	}
	return p.path(p.Last.Source), nil
}

// remembered is what to keep of a source: an address without anything that
// could be secret, or a file in the project.
func (p *project) remembered(a *app, source string) string {
	if fetch.IsURL(source) {
		if u, err := url.Parse(source); err == nil && u.User == nil && u.RawQuery == "" {
			return source
		}
		return ""
	}
	if source == "-" {
		return ""
	}
	rel, ok := within(p.dir, a.path(source))
	if !ok {
		return ""
	}
	return rel
}

// maxClashes is how many are named: who goes to everything has many.
const maxClashes = 10

// printClashes names chosen sessions at the same time, those that did not clash
// at the last import. Where nobody chose, many are no more than a number.
func (a *app) printClashes(p *project, plan *scaffold.Plan) {
	known := map[[2]string]bool{}
	if p.Last != nil {
		for _, c := range schedule.Clashes(p.Last.Chosen()) {
			known[[2]string{c.A.ID, c.B.ID}] = true
		}
	}
	clashes := slices.DeleteFunc(schedule.Clashes(plan.Chosen), func(c schedule.Clash) bool {
		return known[[2]string{c.A.ID, c.B.ID}] || known[[2]string{c.B.ID, c.A.ID}]
	})
	label := a.term.paint(cyan, "clash:")
	if len(clashes) > maxClashes && plan.All {
		fmt.Fprintf(a.Err, "%s %d pairs of sessions are at the same time; lectern import --choose chooses among them\n", label, len(clashes))
		return
	}
	for _, c := range clashes[:min(len(clashes), maxClashes)] {
		fmt.Fprintln(a.Err, label, c)
	}
	if more := len(clashes) - maxClashes; more > 0 {
		fmt.Fprintf(a.Err, "%s and %d more\n", label, more)
	}
}

func (a *app) showPlan(plan *scaffold.Plan) error {
	shown := slices.DeleteFunc(slices.Clone(plan.Changes), func(c edit.Change) bool { return c.Path == scaffold.StorePath })
	if _, err := io.WriteString(a.Out, edit.Diff(shown)); err != nil {
		return fmt.Errorf("print the changes: %w", err)
	}
	fmt.Fprintf(a.Err, "would make %s and update %d; nothing was written (--dry-run)\n", plural(plan.Created, "note"), plan.Updated)
	return nil
}

func (a *app) importSummary(p *project, prog *schedule.Programme, plan *scaffold.Plan) error {
	name := prog.Title
	if name == "" {
		name = "the programme"
	}
	parts := []string{plural(plan.Created, "note") + " made"}
	if plan.Updated > 0 {
		parts = append(parts, fmt.Sprintf("%d updated", plan.Updated))
	}
	if plan.Same > 0 {
		parts = append(parts, fmt.Sprintf("%d as they were", plan.Same))
	}
	line := fmt.Sprintf("%s: %s of %s", name, strings.Join(parts, ", "), plural(len(prog.Sessions), "session"))
	if plan.Skipped > 0 {
		line += fmt.Sprintf(" (left out %d that are cancelled or no talks)", plan.Skipped)
	}
	if plan.Created > 0 {
		line += " → " + a.shown(p.path(commonFolder(plan)))
	}
	_, err := fmt.Fprintln(a.Out, line)
	if err != nil {
		return fmt.Errorf("print the summary: %w", err)
	}
	news := p.Last == nil || p.Last.Programme.Zone.String() != prog.Zone.String()
	if zone := prog.Zone.String(); p.cfg.TimeZone == "" && news && strings.Contains(zone, "/") {
		fmt.Fprintf(a.Err, "%s for times as the conference has them, write timeZone: %s into lectern.yaml\n", a.term.paint(cyan, "hint:"), zone)
	}
	return nil
}

// commonFolder is the folder that all new notes are below.
func commonFolder(plan *scaffold.Plan) string {
	common := ""
	for _, c := range plan.Changes {
		if c.Old != nil || c.Path == scaffold.StorePath {
			continue
		}
		dir := path.Dir(c.Path)
		for common != "" && common != "." && dir != common && !strings.HasPrefix(dir, common+"/") {
			common = path.Dir(common)
		}
		if common == "" {
			common = dir
		}
	}
	return common
}
