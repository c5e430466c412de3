package main

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// bundle is a style sheet or a script that esbuild makes of a source and all
// that it imports.
type bundle struct {
	// source is the slash path of the entry point from the repository's root.
	source string
	// name is the asset's.
	name string
}

// engines are the oldest browsers that the theme is written for; esbuild
// rewrites what they don't know, where it can.
func engines() []api.Engine {
	return []api.Engine{
		{Name: api.EngineChrome, Version: "120"},
		{Name: api.EngineFirefox, Version: "121"},
		{Name: api.EngineSafari, Version: "17.2"},
	}
}

// build returns the minified bundle. Scripts become classic ones: they run
// without CORS, from any host and from a disk.
func (b bundle) build(root string) (asset, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{filepath.Join(root, filepath.FromSlash(b.source))},
		AbsWorkingDir:     root,
		Outfile:           filepath.Join(root, b.name), // never written, it sets the paths in urls
		Bundle:            true,
		Format:            api.FormatIIFE,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsInline,
		Engines:           engines(),
		Tsconfig:          filepath.Join(root, "web", "tsconfig.json"),
		Loader:            map[string]api.Loader{".svg": api.LoaderDataURL},
		LogLevel:          api.LogLevelSilent,
	})
	if err := firstMessages(append(result.Errors, result.Warnings...)); err != nil {
		return asset{}, fmt.Errorf("bundle %s: %w", b.source, err)
	}
	if len(result.OutputFiles) != 1 {
		return asset{}, fmt.Errorf("bundle %s: esbuild made %d files, want one %s", b.source, len(result.OutputFiles), path.Ext(b.name))
	}
	return asset{b.name, result.OutputFiles[0].Contents}, nil
}

// firstMessages makes one error of what esbuild has to say; a warning is one
// too, because what is checked in should have none.
func firstMessages(all []api.Message) error {
	if len(all) == 0 {
		return nil
	}
	return errors.New(strings.Join(api.FormatMessages(all, api.FormatMessagesOptions{}), ""))
}
