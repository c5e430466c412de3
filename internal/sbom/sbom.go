// Package sbom writes the bill of materials of an image: which software by
// others is in it. For the servers that is what their programs say of
// themselves (Go writes its modules into each program), for the site the
// packages in its scripts.
//
// The form is CycloneDX 1.6 in JSON, with CycloneDX's own library: scanners
// (Trivy, Grype, Dependency-Track) read it, and its package URLs are what
// databases of vulnerabilities are asked for. A document depends on nothing but
// what it is about: its time is the image's, its serial number is made of the
// image's digest, so the same image gives the same document anywhere.
//
// Nothing of a site's words is in it.
package sbom

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// MediaType is that of the documents.
const MediaType = "application/vnd.cyclonedx+json"

// Image is what a document is about.
type Image struct {
	// Repository is where the image is, Digest ("sha256:…") its name there.
	Repository, Digest string
	// Created is the image's time.
	Created time.Time
	// Lectern is the version of the program that makes the image.
	Lectern string
	// Servers are the programs in it, Packages what its site holds by others.
	Servers  []Server
	Packages []Package
}

// Server is a program in the image.
type Server struct {
	// Platform is as in linux/amd64.
	Platform string
	Binary   []byte
}

// Package is an npm package that is part of the site.
type Package struct {
	Name, Version string
	// Licence is an SPDX expression, or "".
	Licence string
	// Path is the file of the site that it is in; "" stands for its pages.
	Path string
}

// Document returns the bill of materials. A program that does not say what is
// in it, because it was not made by Go, stands there by its hash alone.
func Document(im Image) ([]byte, error) {
	d := document{listed: map[string]bool{}}
	root := d.image(im)
	var direct []string
	for _, s := range im.Servers {
		direct = append(direct, d.server(s))
	}
	for _, p := range im.Packages {
		direct = append(direct, d.npm(p))
	}
	d.depends(root.BOMRef, direct)

	bom := cdx.NewBOM()
	bom.SerialNumber = serial(im)
	bom.Metadata = &cdx.Metadata{
		Timestamp: im.Created.UTC().Format(time.RFC3339),
		Tools:     &cdx.ToolsChoice{Components: &[]cdx.Component{{Type: cdx.ComponentTypeApplication, Name: "lectern", Version: im.Lectern}}},
		Component: root,
	}
	slices.SortFunc(d.components, func(a, b cdx.Component) int { return strings.Compare(a.BOMRef, b.BOMRef) })
	bom.Components = &d.components
	slices.SortFunc(d.dependencies, func(a, b cdx.Dependency) int { return strings.Compare(a.Ref, b.Ref) })
	bom.Dependencies = &d.dependencies
	var out bytes.Buffer
	if err := cdx.NewBOMEncoder(&out, cdx.BOMFileFormatJSON).SetPretty(true).EncodeVersion(bom, cdx.SpecVersion1_6); err != nil {
		return nil, fmt.Errorf("write the bill of materials: %w", err)
	}
	return out.Bytes(), nil
}

// serial is a UUID (version 8 of RFC 9562: made as one likes) of all that may
// make two documents differ.
func serial(im Image) string {
	sum := sha256.Sum256([]byte("lectern sbom 1\n" + im.Repository + "@" + im.Digest + "\n" + im.Lectern))
	id := sum[:16]
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	h := hex.EncodeToString(id)
	return "urn:uuid:" + strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}

// document collects components, each once.
type document struct {
	listed       map[string]bool
	components   []cdx.Component
	dependencies []cdx.Dependency
}

func (d *document) add(c cdx.Component) string {
	if !d.listed[c.BOMRef] {
		d.listed[c.BOMRef] = true
		d.components = append(d.components, c)
	}
	return c.BOMRef
}

func (d *document) depends(ref string, on []string) {
	slices.Sort(on)
	on = slices.Compact(on)
	dep := cdx.Dependency{Ref: ref}
	if len(on) > 0 {
		dep.Dependencies = &on
	}
	d.dependencies = append(d.dependencies, dep)
}

// image is the image itself.
func (d *document) image(im Image) *cdx.Component {
	purl := "pkg:oci/" + strings.ToLower(path.Base(im.Repository)) + "@" + url.QueryEscape(im.Digest) +
		"?repository_url=" + url.QueryEscape(im.Repository)
	c := &cdx.Component{Type: cdx.ComponentTypeContainer, Name: im.Repository, Version: im.Digest, PackageURL: purl, BOMRef: purl}
	if sum, ok := strings.CutPrefix(im.Digest, "sha256:"); ok {
		c.Hashes = &[]cdx.Hash{{Algorithm: cdx.HashAlgoSHA256, Value: sum}}
	}
	return c
}

// server adds a program and the modules that it is made of.
func (d *document) server(s Server) string {
	sum := sha256.Sum256(s.Binary)
	value := hex.EncodeToString(sum[:])
	c := cdx.Component{
		Type: cdx.ComponentTypeApplication, BOMRef: "server:" + s.Platform, Name: "lectern-server",
		Hashes:     &[]cdx.Hash{{Algorithm: cdx.HashAlgoSHA256, Value: value}},
		Properties: &[]cdx.Property{{Name: "lectern:platform", Value: s.Platform}},
	}
	info, err := buildinfo.Read(bytes.NewReader(s.Binary))
	if err != nil {
		d.depends(c.BOMRef, nil)
		return d.add(c)
	}
	if info.Path != "" {
		c.Name = path.Base(info.Path)
	}
	c.Version = info.Main.Version
	modules := []string{d.module("std", strings.TrimPrefix(firstWord(info.GoVersion), "go"))}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		modules = append(modules, d.module(m.Path, m.Version))
	}
	d.depends(c.BOMRef, modules)
	return d.add(c)
}

// firstWord leaves out what GoVersion says of experiments: "go1.26.0 X:foo".
func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}

// module adds a Go module. Scanners know the standard library as "std".
func (d *document) module(name, version string) string {
	purl := "pkg:golang/" + escapePath(name)
	if version != "" {
		purl += "@" + url.PathEscape(version)
	}
	return d.add(cdx.Component{Type: cdx.ComponentTypeLibrary, BOMRef: purl, PackageURL: purl, Name: name, Version: version})
}

// npm adds a package of the site.
func (d *document) npm(p Package) string {
	purl := "pkg:npm/" + escapePath(p.Name) + "@" + url.PathEscape(p.Version)
	c := cdx.Component{Type: cdx.ComponentTypeLibrary, BOMRef: purl, PackageURL: purl, Name: p.Name, Version: p.Version}
	if scope, name, ok := strings.Cut(p.Name, "/"); ok {
		c.Group, c.Name = scope, name
	}
	switch {
	case strings.Contains(p.Licence, " "):
		c.Licenses = &cdx.Licenses{{Expression: p.Licence}}
	case p.Licence != "":
		c.Licenses = &cdx.Licenses{{License: &cdx.License{ID: p.Licence}}}
	}
	if p.Path != "" {
		c.Properties = &[]cdx.Property{{Name: "lectern:file", Value: p.Path}}
	}
	return d.add(c)
}

// escapePath escapes the parts of a name as package URLs want it: @ is no
// letter of theirs.
func escapePath(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = strings.ReplaceAll(url.PathEscape(p), "@", "%40")
	}
	return strings.Join(parts, "/")
}
