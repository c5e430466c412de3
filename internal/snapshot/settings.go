package snapshot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// SettingsName is the file beside a site that holds its [Settings].
const SettingsName = ".lectern-serve.json"

// settingsTemp is what the next settings are called until the site is in place.
const settingsTemp = tempPrefix + "serve"

// maxSettings is more than a policy and a list of documents ever take.
const maxSettings = 16 << 20

// Settings are what a server has to know of a site beside its files.
type Settings struct {
	// Policy and FilePolicy are the Content-Security-Policy of rendered documents
	// and of those that the author put there ready-made; "" is the server's own.
	Policy     string `json:"policy,omitempty"`
	FilePolicy string `json:"filePolicy,omitempty"`
	// Authored are the paths of the ready-made documents.
	Authored []string `json:"authored,omitempty"`
	// Parts is how many manifests list the files; 0 is the one of [WriteDir].
	Parts int `json:"parts,omitempty"`
}

// Encode returns the settings as JSON.
func (s *Settings) Encode() ([]byte, error) {
	data, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("encode the site's settings: %w", err)
	}
	return append(data, '\n'), nil
}

// ParseSettings reads what [Settings.Encode] wrote.
func ParseSettings(data []byte) (Settings, error) {
	var s Settings
	if len(data) > maxSettings {
		return s, fmt.Errorf("%s is too large", SettingsName)
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return s, fmt.Errorf("%s: %w", SettingsName, err)
	}
	if s.Parts < 0 {
		return s, fmt.Errorf("%s: %d parts", SettingsName, s.Parts)
	}
	return s, nil
}

// Authored returns the paths of the documents that an author put there
// ready-made, in order, as [Settings.Authored] wants them.
func (s *Snapshot) Authored() []string {
	var out []string
	for _, f := range s.files {
		ext := strings.ToLower(path.Ext(f.Path))
		if f.Source != nil && !f.Rendered && (ext == ".html" || ext == ".htm") {
			out = append(out, f.Path)
		}
	}
	return out
}

// settingsPlan is what becomes of the settings' file.
type settingsPlan struct {
	data    []byte // nil if there is to be none
	there   bool   // some are there now
	differs bool
}

// planSettings compares the settings that are wanted with those that are there.
func (o *output) planSettings(s *Settings) (p settingsPlan, err error) {
	if s != nil {
		if p.data, err = s.Encode(); err != nil {
			return p, err
		}
	}
	info, err := o.root.Lstat(SettingsName)
	if errors.Is(err, fs.ErrNotExist) {
		p.differs = p.data != nil
		return p, nil
	}
	if err != nil {
		return p, err
	}
	if !info.Mode().IsRegular() {
		return p, fmt.Errorf("%w: %s is not a plain file", ErrRefused, SettingsName)
	}
	p.there, p.differs = true, true
	if p.data != nil && info.Size() == int64(len(p.data)) {
		old, err := fs.ReadFile(o.root.FS(), SettingsName)
		if err != nil {
			return p, err
		}
		p.differs = !bytes.Equal(old, p.data)
	}
	return p, nil
}

// stageSettings writes new settings under a temporary name.
func (w *writer) stageSettings() error {
	if !w.settings.differs || w.settings.data == nil {
		return nil
	}
	f, err := w.createTemp(settingsTemp)
	if err != nil {
		return err
	}
	_, err = f.Write(w.settings.data)
	return errors.Join(err, f.Close())
}

// commitSettings puts what stageSettings wrote into place, or removes settings
// that no longer hold.
func (w *writer) commitSettings() error {
	switch {
	case !w.settings.differs:
		return nil
	case w.settings.data == nil:
		return w.removeIfThere(SettingsName)
	}
	return w.out.root.Rename(settingsTemp, SettingsName)
}
