package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"time"

	"lectern/internal/attest"
	"lectern/internal/image"
	"lectern/internal/page"
	"lectern/internal/sbom"
)

// bill makes the bill of materials of an image of the site.
func (a *app) bill(c *container, subject image.Subject) (image.Document, error) {
	im := sbom.Image{
		Repository: subject.Repository, Digest: subject.Digest, Created: c.created, Lectern: a.version().Version,
	}
	for _, s := range subject.Servers {
		im.Servers = append(im.Servers, sbom.Server{Platform: s.Platform, Binary: s.Binary})
	}
	for _, p := range page.Packages(func(path string) bool { return c.result.Snapshot.Lookup(path) != nil }) {
		im.Packages = append(im.Packages, sbom.Package(p))
	}
	data, err := sbom.Document(im)
	return image.Document{MediaType: sbom.MediaType, Data: data}, err
}

// Names that provenance uses; docs/operations.md says what they stand for.
const (
	buildType    = "urn:lectern:publish:1"
	localBuilder = "urn:lectern:builder:local"
)

// buildParameters are what a person decided about the image. Nothing is in it
// that could be a secret: of flags only those that change what readers get.
type buildParameters struct {
	Repository  string           `json:"repository"`
	Source      *attest.Resource `json:"source,omitempty"`
	Uncommitted bool             `json:"uncommittedChanges,omitempty"`
	BaseURL     string           `json:"baseURL,omitempty"`
	Drafts      bool             `json:"drafts,omitempty"`
	ContentOnly bool             `json:"contentOnly,omitempty"`
	Platforms   []string         `json:"platforms,omitempty"`
	Time        string           `json:"time"`
}

// provenance says how an image was made.
func (a *app) provenance(c *container, f containerFlags, subject image.Subject) (attest.Statement, error) {
	p := buildParameters{
		Repository: subject.Repository, BaseURL: withoutUser(f.baseURL), Drafts: f.drafts, ContentOnly: f.contentOnly,
		Time: c.created.UTC().Format(time.RFC3339),
	}
	var made []attest.Resource
	if c.hasCommit {
		source := attest.Resource{Digest: map[string]string{"gitCommit": c.commit.Commit}}
		if c.commit.Address == "" {
			source.Name = "notes"
		} else {
			source.URI = "git+" + c.commit.Address
		}
		p.Source, p.Uncommitted = &source, c.commit.Dirty
		made = append(made, source)
	}
	for _, s := range subject.Servers {
		sum := sha256.Sum256(s.Binary)
		p.Platforms = append(p.Platforms, s.Platform)
		made = append(made, attest.Resource{Name: "server for " + s.Platform, Digest: map[string]string{"sha256": hex.EncodeToString(sum[:])}})
	}
	v := a.version()
	run := attest.RunDetails{Builder: attest.Builder{ID: localBuilder, Version: map[string]string{"lectern": v.Version, "go": v.Go}}}
	if v.Commit != "" {
		run.Builder.Version["lectern-commit"] = v.Commit
	}
	if ci, ok := findCI(a.Env); ok {
		run.Builder.ID = ci.builder
		run.Metadata = &attest.Metadata{InvocationID: ci.run}
	}
	return attest.NewStatement(subject.Repository, subject.Digest, attest.ProvenanceType, attest.Provenance{
		BuildDefinition: attest.BuildDefinition{BuildType: buildType, ExternalParameters: p, ResolvedDependencies: made},
		RunDetails:      run,
	})
}

// ciRun is what a CI service tells its jobs of themselves.
type ciRun struct {
	// builder is the workflow or project that defines the job, run the page of
	// this very run.
	builder, run string
}

// findCI reads it from the environment: of GitHub, Forgejo, Gitea and GitLab.
func findCI(env func(string) string) (ciRun, bool) {
	server, repository := env("GITHUB_SERVER_URL"), env("GITHUB_REPOSITORY")
	switch {
	case env("GITHUB_ACTIONS") == "true" && server != "" && repository != "":
		server = strings.TrimSuffix(withoutUser(server), "/")
		id := env("GITHUB_RUN_ID")
		if env("FORGEJO_ACTIONS") == "true" || env("GITEA_ACTIONS") == "true" {
			id = env("GITHUB_RUN_NUMBER") // what their pages are called after
		}
		run := ciRun{builder: server + "/" + repository, run: server + "/" + repository + "/actions/runs/" + id}
		if workflow := env("GITHUB_WORKFLOW_REF"); workflow != "" {
			run.builder = server + "/" + workflow
		}
		if attempt := env("GITHUB_RUN_ATTEMPT"); attempt != "" && env("FORGEJO_ACTIONS") == "" && env("GITEA_ACTIONS") == "" {
			run.run += "/attempts/" + attempt
		}
		return run, true
	case env("GITLAB_CI") == "true" && env("CI_PROJECT_URL") != "":
		return ciRun{builder: withoutUser(env("CI_PROJECT_URL")), run: withoutUser(env("CI_JOB_URL"))}, true
	}
	return ciRun{}, false
}

// withoutUser takes user and password out of an address.
func withoutUser(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.User = nil
	return u.String()
}
