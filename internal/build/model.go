package build

import (
	"context"
	"slices"
	"time"

	"lectern/internal/note"
	"lectern/internal/site"
)

// model brings the site's model up to date: by putting the changed notes into
// it where nothing else depends on what changed, else by making it anew.
func (b *Builder) model(ctx context.Context, ch changes) error {
	told := false
	if b.opts.Whole && b.chronicle != nil {
		var err error
		if told, err = b.chronicle.settle(ctx); err != nil {
			return err
		}
	}
	if b.site != nil && !told && !ch.structure && !b.resized() && b.replace(ch) {
		return nil
	}
	b.touched = nil
	now := time.Time{}
	if slices.ContainsFunc(ch.notes, timed) {
		var err error
		if now, err = b.opts.Now(ctx); err != nil {
			return err
		}
	}
	b.input = site.Input{
		Config: b.cfg, Notes: ch.notes, Files: ch.files, Size: b.size, Now: now,
		Drafts: b.opts.Drafts, Private: b.opts.Private,
	}
	b.remodel()
	if b.opts.Whole && b.chronicle != nil {
		if _, err := b.chronicle.learn(ctx, b); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// remodel makes the model anew of the same notes and files, with the history
// as it is known now.
func (b *Builder) remodel() {
	if b.chronicle != nil {
		b.input.History = b.chronicle.log
	}
	b.site = site.Build(b.input)
	for i, s := range b.site.All() {
		b.langs[i].site = s
	}
	b.outputs = nil
}

func timed(n *note.Note) bool {
	return !n.Front.PublishDate.IsZero() || !n.Front.ExpiryDate.IsZero() || !n.Front.Date.IsZero()
}

func (b *Builder) replace(ch changes) bool {
	if !b.site.Next.IsZero() {
		return false // time may have changed the site too
	}
	for _, e := range ch.edits {
		if !b.site.Replaceable(e.old, e.new) {
			return false
		}
	}
	if b.touched == nil && len(b.outputs) > 0 {
		b.touched = map[*site.Page]bool{}
	}
	facts := false
	for _, e := range ch.edits {
		facts = facts || e.old.FactsKey != e.new.FactsKey
		if p := b.site.Page(e.new.Path); p != nil {
			for _, other := range b.site.Replace(p, e.new) {
				b.touch(other, false)
			}
			b.touch(p, e.old.FactsKey != e.new.FactsKey)
		} else {
			b.site.ReplaceUnpublished(e.old, e.new)
		}
	}
	b.touchSpecials(facts)
	b.touchLists()
	b.input.Notes = ch.notes
	return true
}

// touch marks the pages that show anything of p's note beside what the model
// was made of: p itself and, where its facts changed, the lists and feeds that
// it stands in.
func (b *Builder) touch(p *site.Page, facts bool) {
	if b.touched == nil {
		return // all are marked
	}
	b.touched[p] = true
	if !facts {
		return
	}
	for up := p; up != nil; up = up.Parent {
		b.touched[up] = true
	}
	for _, t := range p.Terms {
		b.touched[t] = true
		b.touched[t.Parent] = true
	}
	for _, who := range slices.Concat(p.Speakers, p.Authors) {
		if who != nil { // a page that the author wrote, and the list of all people
			b.touched[who] = true
			b.touched[who.Parent] = true
		}
	}
}

// touchSpecials marks the special pages that may show what changed: those with
// whole notes or passages on them where one of these is marked, the others where
// facts did change. Their keys say whether they do show it.
func (b *Builder) touchSpecials(facts bool) {
	if b.touched == nil {
		return
	}
	marked := func(m *site.Page) bool { return b.touched[m] || m.Lead != nil && b.touched[m.Lead] }
	for _, l := range b.langs {
		for _, p := range l.site.Specials {
			switch p.Kind {
			case site.Print:
				b.touched[p] = b.touched[p] || facts || slices.ContainsFunc(p.Members, marked)
			case site.Hallway, site.Changes:
				b.touched[p] = true
			default:
				b.touched[p] = b.touched[p] || facts
			}
		}
	}
}
