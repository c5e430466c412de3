package webhook

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// maxText is the longest text that is kept of an event, in bytes.
const maxText = 500

// payload is what all senders' bodies have of what is wanted here. Those of
// GitHub, Forgejo and Gitea are alike.
type payload struct {
	Ref        string
	RefType    string `json:"ref_type"`
	Before     string
	After      string
	Deleted    bool
	Repository *struct {
		FullName string `json:"full_name"`
	}
	Action      string
	Number      int64
	PullRequest *struct {
		Number int64
		Head   struct{ Ref, Sha string }
	} `json:"pull_request"`
}

// decode reads what a genuine body says.
func decode(ev *Event, h http.Header, body []byte) error {
	switch ev.Sender {
	case "gitlab":
		return decodeGitLab(ev, body)
	case "plain", "signed":
		return decodePlain(ev, body)
	case "token":
		ev.Kind = Push // of an image, or whatever: it can only want that somebody looks
		return nil
	}
	var p payload
	if err := unmarshal(h, body, &p); err != nil {
		return err
	}
	if p.Repository != nil {
		ev.Repository = text(p.Repository.FullName)
	}
	name := h.Get("X-GitHub-Event") // Forgejo and Gitea send it as well
	if ev.Sender != "github" {
		if own := h.Get("X-Gitea-Event"); own != "" {
			name = own
		}
		if own := h.Get("X-Forgejo-Event"); own != "" {
			name = own
		}
	}
	switch name {
	case "ping":
		ev.Kind = Ping
	case "push":
		ev.pushed(p.Ref, p.Before, p.After)
		if p.Deleted {
			ev.Kind = Delete
		}
	case "create":
		ev.Kind, ev.Ref = Push, fullRef(p.RefType, p.Ref)
	case "delete":
		ev.Kind, ev.Ref = Delete, fullRef(p.RefType, p.Ref)
	case "pull_request", "pull_request_sync":
		ev.pullRequest(&p)
	}
	return nil
}

// unmarshal reads a body as JSON, be it alone or in a form's field, as GitHub
// sends it unless told otherwise.
func unmarshal(h http.Header, body []byte, into any) error {
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type")) // one that can't be read is taken for JSON
	if kind == "application/x-www-form-urlencoded" {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return fmt.Errorf("%w: it is no form", ErrMalformed)
		}
		body = []byte(form.Get("payload"))
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%w: it is no JSON as this sender writes it", ErrMalformed)
	}
	return nil
}

// pushed fills in a push, which is the end of a branch where nothing comes after.
func (ev *Event) pushed(ref, before, after string) {
	ev.Kind, ev.Ref, ev.Before, ev.After = Push, text(ref), commit(before), commit(after)
	if ev.After == "" && strings.Trim(after, "0") == "" && after != "" {
		ev.Kind = Delete
	}
}

func (ev *Event) pullRequest(p *payload) {
	if p.PullRequest == nil {
		return
	}
	number := p.PullRequest.Number
	if number == 0 {
		number = p.Number
	}
	ev.Ref = "refs/pull/" + strconv.FormatInt(number, 10) + "/head"
	ev.Branch, ev.After = text(p.PullRequest.Head.Ref), commit(p.PullRequest.Head.Sha)
	switch p.Action {
	case "opened", "reopened", "synchronize", "synchronized", "edited", "ready_for_review":
		ev.Kind = Request
	case "closed":
		ev.Kind = RequestClosed
	}
}

// decodeGitLab reads a webhook of a project, or of all of a server's.
func decodeGitLab(ev *Event, body []byte) error {
	var p struct {
		Kind    string `json:"object_kind"`
		Event   string `json:"event_name"`
		Ref     string
		Before  string
		After   string
		Project struct {
			Path string `json:"path_with_namespace"`
		}
		Attributes struct {
			IID    int64
			Action string
			OldRev string
			Source string `json:"source_branch"`
			Last   struct {
				ID string
			} `json:"last_commit"`
		} `json:"object_attributes"`
	}
	if json.Unmarshal(body, &p) != nil {
		return fmt.Errorf("%w: it is no JSON as GitLab writes it", ErrMalformed)
	}
	ev.Repository = text(p.Project.Path)
	kind := p.Kind
	if kind == "" {
		kind = p.Event
	}
	switch kind {
	case "push", "tag_push", "repository_update":
		ev.pushed(p.Ref, p.Before, p.After)
	case "merge_request":
		a := p.Attributes
		ev.Ref = "refs/merge-requests/" + strconv.FormatInt(a.IID, 10) + "/head"
		ev.Branch, ev.Before, ev.After = text(a.Source), commit(a.OldRev), commit(a.Last.ID)
		switch a.Action {
		case "open", "reopen", "update":
			ev.Kind = Request
		case "close", "merge":
			ev.Kind = RequestClosed
		}
	}
	return nil
}

// decodePlain reads what anybody else may send: nothing, or an object with any of
// repository, ref, before and after. It is always a push, for that is all that
// it can want.
func decodePlain(ev *Event, body []byte) error {
	var p struct{ Repository, Ref, Before, After string }
	if len(strings.TrimSpace(string(body))) > 0 {
		if json.Unmarshal(body, &p) != nil {
			return fmt.Errorf(`%w: want {"repository", "ref", "before", "after"}, or nothing`, ErrMalformed)
		}
	}
	ev.Repository = text(p.Repository)
	ev.pushed(p.Ref, p.Before, p.After)
	return nil
}

// fullRef is the full name of a branch or tag.
func fullRef(kind, name string) string {
	name = text(name)
	switch {
	case name == "" || strings.HasPrefix(name, "refs/"):
		return name
	case kind == "tag":
		return "refs/tags/" + name
	}
	return "refs/heads/" + name
}

// commit returns the name of a commit, "" where s is none.
func commit(s string) string {
	if len(s) != 40 && len(s) != 64 || strings.Trim(s, "0") == "" {
		return ""
	}
	for _, c := range s {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'f') {
			return ""
		}
	}
	return s
}

// text returns s if it can stand in a log: not long, and without what a terminal
// would act upon. Else it returns "".
func text(s string) string {
	if len(s) > maxText || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return ""
	}
	return s
}
