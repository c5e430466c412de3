package build

import (
	"context"
	"fmt"

	"lectern/internal/cache"
	"lectern/internal/card"
	"lectern/internal/diag"
	"lectern/internal/page"
	"lectern/internal/snapshot"
)

// cards draws the social cards of one language's pages. A card's path says all
// that is on it, so that what was drawn once stays right.
type cards struct {
	store *cache.Store
	files map[string]*snapshot.File // by path
}

func newCards(store *cache.Store) *cards {
	return &cards{store: store, files: map[string]*snapshot.File{}}
}

func (c *cards) ready(_ *Builder, l *language) ([]*snapshot.File, bool) {
	wanted := l.pass.Cards()
	files := make([]*snapshot.File, 0, len(wanted))
	for _, w := range wanted {
		if f := c.files[w.Path]; f != nil {
			files = append(files, f)
		}
	}
	return files, len(files) == len(wanted)
}

func (c *cards) finish(ctx context.Context, b *Builder, l *language) (bool, error) {
	wanted := l.pass.Cards()
	kept := make(map[string]*snapshot.File, len(wanted))
	var todo []page.Card
	for _, w := range wanted {
		if f := c.files[w.Path]; f != nil {
			kept[w.Path] = f
		} else {
			todo = append(todo, w)
		}
	}
	made := make([]*snapshot.File, len(todo))
	artists := make(chan *card.Artist, b.opts.Jobs) // those who have nothing to do
	err := b.eachAlone(ctx, len(todo), func(i int) error {
		var err error
		made[i], err = c.draw(artists, todo[i])
		return err
	})
	for _, f := range made {
		if f != nil {
			kept[f.Path] = f
		}
	}
	c.files = kept // and nothing of pages that are no more
	return false, err
}

// draw takes a card from the cache, or draws it.
func (c *cards) draw(artists chan *card.Artist, w page.Card) (*snapshot.File, error) {
	key := cache.KeyOf([]byte("a social card"), []byte(w.Path))
	data, ok := c.store.Get(key)
	if !ok {
		var a *card.Artist
		var err error
		select {
		case a = <-artists:
		default:
			if a, err = card.New(); err != nil {
				return nil, err
			}
		}
		data, err = a.Draw(w.Text)
		artists <- a
		if err != nil {
			return nil, fmt.Errorf("%s: %w", w.Path, err)
		}
		c.store.Put(key, data)
	}
	body := snapshot.MakeBody(data)
	return &snapshot.File{Path: w.Path, Body: body, Hash: body.Hash()}, nil
}

func (c *cards) diagnostics() []diag.Diagnostic { return nil }
