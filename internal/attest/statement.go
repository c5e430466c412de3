package attest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
)

// Types of the parts of an attestation.
const (
	statementType = "https://in-toto.io/Statement/v1"
	payloadType   = "application/vnd.in-toto+json"
	// ProvenanceType is the predicate's type of a [Provenance].
	ProvenanceType = "https://slsa.dev/provenance/v1"
)

// Statement is an in-toto statement, version 1: something that is said of
// artifacts.
type Statement struct {
	Type          string     `json:"_type"`
	Subject       []Resource `json:"subject"`
	PredicateType string     `json:"predicateType"`
	Predicate     any        `json:"predicate"`
}

// Resource is in-toto's ResourceDescriptor: something with a name or an
// address, and what it was exactly.
type Resource struct {
	Name   string            `json:"name,omitempty"`
	URI    string            `json:"uri,omitempty"`
	Digest map[string]string `json:"digest,omitempty"`
}

// Provenance is SLSA's predicate of that name, version 1: from what something
// was made, how, and by whom.
type Provenance struct {
	BuildDefinition BuildDefinition `json:"buildDefinition"`
	RunDetails      RunDetails      `json:"runDetails"`
}

// BuildDefinition says from what and how something was made.
type BuildDefinition struct {
	BuildType            string         `json:"buildType"`
	ExternalParameters   any            `json:"externalParameters"`
	InternalParameters   map[string]any `json:"internalParameters,omitempty"`
	ResolvedDependencies []Resource     `json:"resolvedDependencies,omitempty"`
}

// RunDetails say who made it. There are no times in it: the same input gives
// the same statement.
type RunDetails struct {
	Builder  Builder   `json:"builder"`
	Metadata *Metadata `json:"metadata,omitempty"`
}

// Builder is who ran the build, and with which versions of what.
type Builder struct {
	ID      string            `json:"id"`
	Version map[string]string `json:"version,omitempty"`
}

// Metadata names the run.
type Metadata struct {
	InvocationID string `json:"invocationId,omitempty"`
}

// NewStatement says something of the image with the digest ("sha256:…") in the
// repository.
func NewStatement(repository, digest, predicateType string, predicate any) (Statement, error) {
	hex, ok := hexOf(digest)
	if !ok {
		return Statement{}, fmt.Errorf("%q is no SHA-256 digest", digest)
	}
	return Statement{
		Type: statementType, PredicateType: predicateType, Predicate: predicate,
		Subject: []Resource{{Name: repository, Digest: map[string]string{"sha256": hex}}},
	}, nil
}

func hexOf(digest string) (string, bool) {
	const algorithm = "sha256:"
	if len(digest) != len(algorithm)+64 || digest[:len(algorithm)] != algorithm {
		return "", false
	}
	return digest[len(algorithm):], true
}

// Attest signs a statement: a DSSE envelope in JSON.
func (s *Signer) Attest(st Statement) ([]byte, error) {
	payload, err := json.Marshal(st)
	if err != nil {
		return nil, fmt.Errorf("attest: %w", err)
	}
	sig, err := s.sign(dsse.PAE(payloadType, payload))
	if err != nil {
		return nil, err
	}
	// The key is named by nobody: verifiers try those that they trust.
	return json.Marshal(dsse.Envelope{
		PayloadType: payloadType, Payload: base64.StdEncoding.EncodeToString(payload),
		Signatures: []dsse.Signature{{Sig: base64.StdEncoding.EncodeToString(sig)}},
	})
}

// Attested reports whether an envelope holds a statement of the type about the
// image with the digest, signed with one of the keys.
func Attested(envelope []byte, digest, predicateType string, keys []PublicKey) bool {
	var e dsse.Envelope
	if err := json.Unmarshal(envelope, &e); err != nil || e.PayloadType != payloadType {
		return false
	}
	payload, err := base64.StdEncoding.DecodeString(e.Payload)
	if err != nil {
		return false
	}
	signed := slices.ContainsFunc(e.Signatures, func(s dsse.Signature) bool {
		sig, err := base64.StdEncoding.DecodeString(s.Sig)
		return err == nil && slices.ContainsFunc(keys, func(k PublicKey) bool { return k.verify(dsse.PAE(e.PayloadType, payload), sig) })
	})
	hex, ok := hexOf(digest)
	var st Statement
	if !signed || !ok || json.Unmarshal(payload, &st) != nil || st.Type != statementType || st.PredicateType != predicateType {
		return false
	}
	return slices.ContainsFunc(st.Subject, func(r Resource) bool { return r.Digest["sha256"] == hex })
}
