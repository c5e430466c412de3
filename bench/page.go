package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// section is one question's answer.
type section struct {
	title, text string
	head        []string
	rows        [][]string
	aims        []aim
}

// aim compares a number with what it should be.
type aim struct {
	what  string
	value float64
	// limit is what value should be at least (atLeast) or at most; 0 if there is no aim.
	limit   float64
	atLeast bool
}

func (a aim) met() bool {
	if a.atLeast {
		return a.value >= a.limit
	}
	return a.value <= a.limit
}

// times fills the table of whole processes.
func (s *section) times(programs []program, samples [][]sample) {
	s.head = []string{"Program", "Wall (least–most)", "User", "System", "Peak memory"}
	for i, p := range programs {
		walls := each(samples[i], wall)
		least, most := spread(walls)
		memory := bytesText(median(each(samples[i], rss)))
		if p.selfTimed {
			memory = "" // it has the files in it, read before
		}
		s.rows = append(s.rows, []string{
			p.name, fmt.Sprintf("%s (%s–%s)", duration(median(walls)), duration(least), duration(most)),
			duration(median(each(samples[i], user))), duration(median(each(samples[i], sys))), memory,
		})
	}
}

func (s section) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "## %s\n\n", s.title)
	if s.text != "" {
		b.WriteString(s.text + "\n\n")
	}
	if len(s.rows) > 0 {
		row := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
		row(s.head)
		b.WriteString("|---|" + strings.Repeat("---:|", len(s.head)-1) + "\n")
		for _, r := range s.rows {
			row(r)
		}
		b.WriteString("\n")
	}
	for _, a := range s.aims {
		fmt.Fprintf(b, "- %s: **%s**", a.what, number(a.value))
		if a.limit != 0 {
			word, verdict := "at most", "missed"
			if a.atLeast {
				word = "at least"
			}
			if a.met() {
				verdict = "met"
			}
			fmt.Fprintf(b, " (aim: %s %s, %s)", word, number(a.limit), verdict)
		}
		b.WriteString("\n")
	}
	if len(s.aims) > 0 {
		b.WriteString("\n")
	}
}

// The part of the page that people write stands between these lines and stays.
const (
	profileBegin = "<!-- written by hand from here -->"
	profileEnd   = "<!-- to here; the rest is made by go run ./bench -->"
)

const emptyProfile = "\n## What the profile said\n\nNothing yet.\n\n"

// handWritten returns what stands between the markers of the page there is.
func handWritten(page string) (string, error) {
	if page == "" {
		return emptyProfile, nil
	}
	_, rest, ok := strings.Cut(page, profileBegin)
	text, _, ok2 := strings.Cut(rest, profileEnd)
	if !ok || !ok2 {
		return "", fmt.Errorf("the page has lost the lines %q and %q between which people write; put them back", profileBegin, profileEnd)
	}
	return text, nil
}

func (b *bench) writePage(context.Context) error {
	old := ""
	if b.out != "-" {
		data, err := os.ReadFile(b.out)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		old = string(data)
	}
	byHand, err := handWritten(old)
	if err != nil {
		return fmt.Errorf("%s: %w", b.out, err)
	}
	page := b.page(byHand)
	if b.out == "-" {
		_, err := os.Stdout.WriteString(page)
		return err
	}
	if err := os.MkdirAll(filepath.Dir(b.out), 0o777); err != nil {
		return err
	}
	return os.WriteFile(b.out, []byte(page), 0o666)
}

func (b *bench) page(byHand string) string {
	var p strings.Builder
	p.WriteString("# Benchmarks\n\nMade by `go run ./bench` (see its flags with `-help`).\n\n")
	fmt.Fprintf(&p, "- Machine: %s\n", machine())
	if b.hugoVersion != "" {
		fmt.Fprintf(&p, "- Compared with: Hugo %s, a theme of one layout with nothing but a title, a menu of the day and the text\n", b.hugoVersion)
	}
	if b.date != "" {
		fmt.Fprintf(&p, "- Day: %s\n", b.date)
	}
	fmt.Fprintf(&p, "- Method: notes of about two kilobytes, made for this, each different, in days of %d; whole processes run in turn, %d times after one that does not count, every second round in the other order; medians, and ratios as medians of neighbouring runs; disk caches warm\n", perDay, b.runs)
	for _, n := range b.notes {
		fmt.Fprintf(&p, "- %s\n", n)
	}
	p.WriteString("\n")
	for _, s := range b.sections {
		s.markdown(&p)
	}
	p.WriteString(profileBegin + byHand + profileEnd + "\n")
	return p.String()
}

// duration writes d with three digits or so: "1.43 s", "38.2 ms", "210 µs".
func duration(d time.Duration) string {
	switch {
	case d >= 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d >= time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d >= 100*time.Millisecond:
		return fmt.Sprintf("%.0f ms", d.Seconds()*1e3)
	case d >= time.Millisecond:
		return fmt.Sprintf("%.1f ms", d.Seconds()*1e3)
	default:
		return fmt.Sprintf("%.0f µs", d.Seconds()*1e6)
	}
}

// bytesText writes n in megabytes; "" for zero, which is unknown.
func bytesText(n int64) string {
	switch {
	case n == 0:
		return ""
	case n >= 10_000_000_000:
		return fmt.Sprintf("%.0f GB", float64(n)/1e9)
	case n >= 1_000_000_000:
		return fmt.Sprintf("%.2f GB", float64(n)/1e9)
	default:
		return fmt.Sprintf("%.0f MB", float64(n)/1e6)
	}
}

// number writes a ratio with three digits or so.
func number(x float64) string {
	switch {
	case x >= 100 || x == float64(int64(x)):
		return fmt.Sprintf("%.0f", x)
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	default:
		return fmt.Sprintf("%.2f", x)
	}
}

// thousands writes n as "10,000".
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
