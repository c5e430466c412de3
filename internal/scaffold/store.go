package scaffold

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"time"

	"lectern/internal/edit"
	"lectern/internal/schedule"
)

// StorePath is where the programme of the last import is kept, from the
// project's folder. It belongs into the repository: it tells what of a note
// came from the programme, and what runs when there is no network.
const StorePath = ".lectern/programme.json"

// storeVersion is that of the file's form.
const storeVersion = 1

// Stored is the programme as it was at the last import.
type Stored struct {
	// Source is where it came from: a file's path or a web address.
	Source string
	// All says that all talks were chosen, and so new ones will be.
	All bool
	// Into is the folder below which the days lie, where somebody asked for one;
	// else "".
	Into string
	// Programme is that of the last import alone.
	Programme schedule.Programme
	// Sessions are its sessions, and those that left it and still have notes.
	Sessions []storedSession
}

type storedSession struct {
	schedule.Session
	// Chosen sessions have a note, which was given Weight.
	Chosen bool
	Weight int
	// Gone ones were in a programme once. They are kept, for they may come back.
	Gone bool
}

// Chosen returns the sessions that are to have notes.
func (s *Stored) Chosen() []schedule.Session {
	var out []schedule.Session
	for _, e := range s.Sessions {
		if e.Chosen && !e.Gone {
			out = append(out, e.Session)
		}
	}
	return out
}

// The form on disk: names as people read them, times in the conference's zone.
type (
	storeFile struct {
		Version  int         `json:"version"`
		Source   string      `json:"source,omitempty"`
		All      bool        `json:"all,omitempty"`
		Into     string      `json:"into,omitempty"`
		Title    string      `json:"title,omitempty"`
		Acronym  string      `json:"acronym,omitempty"`
		URL      string      `json:"url,omitempty"`
		Start    string      `json:"start,omitempty"`
		End      string      `json:"end,omitempty"`
		Zone     string      `json:"timeZone"`
		Offset   int         `json:"offset,omitempty"` // seconds, of a zone without an IANA name
		Days     []string    `json:"days,omitempty"`
		Rooms    []string    `json:"rooms,omitempty"`
		Tracks   []string    `json:"tracks,omitempty"`
		Sessions []storeItem `json:"sessions"`
	}
	storeItem struct {
		ID          string        `json:"id"`
		OtherIDs    []string      `json:"otherIDs,omitempty"`
		Chosen      bool          `json:"chosen,omitempty"`
		Weight      int           `json:"weight,omitempty"`
		Gone        bool          `json:"gone,omitempty"`
		Title       string        `json:"title"`
		Subtitle    string        `json:"subtitle,omitempty"`
		Day         string        `json:"day,omitempty"`
		Start       string        `json:"start,omitempty"`
		End         string        `json:"end,omitempty"`
		AllDay      bool          `json:"allDay,omitempty"`
		Room        string        `json:"room,omitempty"`
		Track       string        `json:"track,omitempty"`
		Type        string        `json:"type,omitempty"`
		Tags        []string      `json:"tags,omitempty"`
		Language    string        `json:"language,omitempty"`
		Speakers    []storePerson `json:"speakers,omitempty"`
		URL         string        `json:"url,omitempty"`
		Cancelled   bool          `json:"cancelled,omitempty"`
		DoNotRecord bool          `json:"doNotRecord,omitempty"`
		Break       bool          `json:"break,omitempty"`
		Links       []storeLink   `json:"links,omitempty"`
		Abstract    string        `json:"abstract,omitempty"`
		Description string        `json:"description,omitempty"`
	}
	storePerson struct {
		ID      string `json:"id,omitempty"`
		Name    string `json:"name"`
		Company string `json:"company,omitempty"`
	}
	storeLink struct {
		Title string `json:"title,omitempty"`
		URL   string `json:"url"`
		Kind  string `json:"kind"`
	}
)

// ErrConflict is found in the error about a file that git could not merge.
var ErrConflict = errors.New("two imports met in it, and git left both")

// ReadStored reads what an import kept.
func ReadStored(data []byte) (*Stored, error) {
	if bytes.HasPrefix(data, []byte("<<<<<<< ")) || bytes.Contains(data, []byte("\n<<<<<<< ")) {
		return nil, fmt.Errorf("read %s: %w", StorePath, ErrConflict)
	}
	var f storeFile
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("read %s: %w", StorePath, err)
	}
	if f.Version != storeVersion {
		return nil, fmt.Errorf("read %s: it has the form %d, and only %d is known: this Lectern is too old for it", StorePath, f.Version, storeVersion)
	}
	zone, err := time.LoadLocation(f.Zone)
	if err != nil || f.Zone == "" || f.Zone == "Local" {
		zone = time.FixedZone(f.Zone, f.Offset)
	}
	s := &Stored{Source: f.Source, All: f.All, Into: f.Into, Programme: schedule.Programme{
		Title: f.Title, Acronym: f.Acronym, URL: f.URL, Start: f.Start, End: f.End, Zone: zone,
		Days: f.Days, Rooms: f.Rooms, Tracks: f.Tracks,
	}}
	for i := range f.Sessions {
		e, err := f.Sessions[i].session(zone)
		if err != nil {
			return nil, fmt.Errorf("read %s: the session %q: %w", StorePath, f.Sessions[i].ID, err)
		}
		s.Sessions = append(s.Sessions, e)
		if !e.Gone {
			s.Programme.Sessions = append(s.Programme.Sessions, e.Session)
		}
	}
	return s, nil
}

func (i *storeItem) session(zone *time.Location) (storedSession, error) {
	s := storedSession{Chosen: i.Chosen, Weight: i.Weight, Gone: i.Gone, Session: schedule.Session{
		ID: i.ID, OtherIDs: i.OtherIDs, Title: i.Title, Subtitle: i.Subtitle, Day: i.Day, Room: i.Room, Track: i.Track, Type: i.Type,
		Tags: i.Tags, Language: i.Language, URL: i.URL, Cancelled: i.Cancelled, DoNotRecord: i.DoNotRecord, Break: i.Break,
		AllDay: i.AllDay, Abstract: i.Abstract, Description: i.Description,
	}}
	if i.ID == "" || i.Title == "" {
		return s, errors.New("it needs an id and a title")
	}
	for _, t := range []struct {
		text string
		to   *time.Time
	}{{i.Start, &s.Start}, {i.End, &s.End}} {
		if t.text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, t.text)
		if err != nil {
			return s, fmt.Errorf("the time %q cannot be read", t.text)
		}
		*t.to = at.In(zone)
	}
	for _, p := range i.Speakers {
		s.Speakers = append(s.Speakers, schedule.Person{ID: p.ID, Name: p.Name, Company: p.Company})
	}
	for _, l := range i.Links {
		s.Links = append(s.Links, schedule.Link{Title: l.Title, URL: l.URL, Kind: schedule.Kind(l.Kind)})
	}
	return s, nil
}

// store plans the file that keeps the programme.
func (im *importer) store() error {
	data, err := im.stored()
	if err != nil {
		return fmt.Errorf("keep the programme: %w", err)
	}
	if !bytes.Equal(data, im.project.LastData) {
		im.plan.Changes = append(im.plan.Changes, edit.Change{Path: StorePath, Old: im.project.LastData, New: data})
	}
	return nil
}

func (im *importer) stored() ([]byte, error) {
	p := im.p
	f := storeFile{
		Version: storeVersion, Source: im.opts.Source, Title: p.Title, Acronym: p.Acronym, URL: p.URL, Start: p.Start, End: p.End,
		Zone: p.Zone.String(), Days: p.Days, Rooms: p.Rooms, Tracks: p.Tracks,
	}
	if path.Clean(im.project.Into) != path.Clean(im.project.Home) {
		f.Into = im.project.Into
	}
	f.All = im.plan.All
	if _, err := time.LoadLocation(f.Zone); err != nil || f.Zone == "Local" {
		for _, s := range p.Sessions {
			if !s.Start.IsZero() {
				_, f.Offset = s.Start.Zone()
				break
			}
		}
	}
	weights := map[string]int{}
	for i := range im.chosen {
		weights[im.chosen[i].ID] = im.chosen[i].weight
	}
	for i := range p.Sessions {
		s := &p.Sessions[i]
		weight, chosen := weights[s.ID]
		if was := im.late[s.ID]; was != nil {
			s = &was.Session // its note will have to be compared with that
		}
		item := itemOf(s)
		item.Weight, item.Chosen = weight, chosen
		f.Sessions = append(f.Sessions, item)
	}
	for _, s := range im.lost {
		if !im.own[s.ID] && len(im.of(&s.Session, nil)) > 0 {
			item := itemOf(&s.Session)
			item.Weight, item.Chosen, item.Gone = s.Weight, true, true
			f.Sessions = append(f.Sessions, item)
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(f)
	return b.Bytes(), err
}

func itemOf(s *schedule.Session) storeItem {
	item := storeItem{
		ID: s.ID, OtherIDs: s.OtherIDs, Title: s.Title, Subtitle: s.Subtitle, Day: s.Day, Room: s.Room, Track: s.Track, Type: s.Type,
		Tags: s.Tags, Language: s.Language, URL: s.URL, Cancelled: s.Cancelled, DoNotRecord: s.DoNotRecord, Break: s.Break,
		AllDay: s.AllDay, Abstract: s.Abstract, Description: s.Description, Start: stamp(s.Start), End: stamp(s.End),
	}
	for _, who := range s.Speakers {
		item.Speakers = append(item.Speakers, storePerson{who.ID, who.Name, who.Company})
	}
	for _, l := range s.Links {
		item.Links = append(item.Links, storeLink{l.Title, l.URL, string(l.Kind)})
	}
	return item
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
