package diag

import (
	"io"
	"net/url"
	"strings"
)

// The parts of SARIF 2.1.0 (OASIS) that a report has, under its names.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri,omitempty"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string         `json:"id"`
		ShortDescription sarifText      `json:"shortDescription"`
		Help             *sarifHelp     `json:"help,omitempty"`
		Default          sarifRuleLevel `json:"defaultConfiguration"`
	}
	sarifRuleLevel struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifHelp struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    *int              `json:"ruleIndex,omitempty"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations,omitempty"`
		Fingerprints map[string]string `json:"partialFingerprints"`
		Fixes        []sarifFix        `json:"fixes,omitempty"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI       string `json:"uri"`
		URIBaseID string `json:"uriBaseId,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
	sarifFix struct {
		Description sarifText     `json:"description"`
		Changes     []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		Artifact     sarifArtifact      `json:"artifactLocation"`
		Replacements []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		Deleted  sarifBytes `json:"deletedRegion"`
		Inserted *sarifText `json:"insertedContent,omitempty"`
	}
	sarifBytes struct {
		Offset int `json:"byteOffset"`
		Length int `json:"byteLength"`
	}
)

// WriteSARIF prints ds as a SARIF 2.1.0 log, which forges and editors show, with
// the rules and the fixes.
func WriteSARIF(w io.Writer, ds []Diagnostic, r *Report) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: make([]sarifResult, len(ds))}
	run.Tool.Driver = sarifDriver{Name: r.Tool, Version: r.Version, InformationURI: r.Home, Rules: make([]sarifRule, len(r.Rules))}
	index := make(map[string]int, len(r.Rules))
	for i, rule := range r.Rules {
		index[rule.Name] = i
		out := sarifRule{ID: rule.Name, ShortDescription: sarifText{rule.Summary}, Default: sarifRuleLevel{sarifLevel(rule.Severity)}}
		if rule.Help != "" {
			out.Help = &sarifHelp{rule.Summary, rule.Help}
		}
		run.Tool.Driver.Rules[i] = out
	}
	prints := fingerprints(ds)
	for i := range ds {
		run.Results[i] = r.result(&ds[i], prints[i])
		if at, ok := index[ds[i].Rule]; ok {
			run.Results[i].RuleIndex = &at
		}
	}
	return encode(w, sarifLog{
		Schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", Version: "2.1.0",
		Runs: []sarifRun{run},
	})
}

func sarifLevel(s Severity) string { return [...]string{"error", "warning", "note"}[s] }

func (r *Report) result(d *Diagnostic, print string) sarifResult {
	text := d.Message
	if d.Hint != "" {
		text += ". Hint: " + d.Hint
	}
	out := sarifResult{
		RuleID: d.Rule, Level: sarifLevel(d.Severity), Message: sarifText{text},
		Fingerprints: map[string]string{"lectern/v1": print},
	}
	if d.File == "" {
		return out
	}
	artifact := sarifArtifact{r.uri(d.File), "%SRCROOT%"}
	at := sarifPhysical{Artifact: artifact}
	if d.Line > 0 {
		at.Region = &sarifRegion{StartLine: d.Line}
		if d.Col > 0 {
			at.Region.StartColumn = r.column(d)
		}
	}
	out.Locations = []sarifLocation{{at}}
	if d.Fix != nil && len(d.Fix.Edits) > 0 {
		fix := sarifFix{Description: sarifText{d.Fix.Title}, Changes: []sarifChange{{Artifact: artifact}}}
		for _, e := range d.Fix.Edits {
			rep := sarifReplacement{Deleted: sarifBytes{e.Start, e.End - e.Start}}
			if e.New != "" {
				rep.Inserted = &sarifText{e.New}
			}
			fix.Changes[0].Replacements = append(fix.Changes[0].Replacements, rep)
		}
		out.Fixes = []sarifFix{fix}
	}
	return out
}

// uri writes a file's path as a relative reference. One that begins with a part
// that has a colon would be taken for a scheme.
func (r *Report) uri(file string) string {
	parts := strings.Split(r.path(file), "/")
	for i, p := range parts {
		parts[i] = strings.ReplaceAll(url.PathEscape(p), ":", "%3A")
	}
	return strings.Join(parts, "/")
}
