package attest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
)

func attested(t testing.TB, s *Signer, digest string) []byte {
	t.Helper()
	st := must(NewStatement(repository, digest, ProvenanceType, Provenance{
		BuildDefinition: BuildDefinition{BuildType: "urn:example", ExternalParameters: map[string]string{"a": "b"}},
		RunDetails:      RunDetails{Builder: Builder{ID: "urn:builder"}},
	}))(t)
	return must(s.Attest(st))(t)
}

func TestAttest(t *testing.T) {
	signer, trusted := newKeySigner(t)
	_, strangers := newKeySigner(t)
	envelope := attested(t, signer, digest)
	if !bytes.Equal(envelope, attested(t, signer, digest)) {
		t.Error("the same is said in another way")
	}
	// The form: what a verifier of in-toto and SLSA looks for.
	var e dsse.Envelope
	if err := json.Unmarshal(envelope, &e); err != nil || e.PayloadType != "application/vnd.in-toto+json" || len(e.Signatures) != 1 {
		t.Fatalf("%v %+v", err, e)
	}
	payload := must(base64.StdEncoding.DecodeString(e.Payload))(t)
	want := `{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"` + repository + `","digest":{"sha256":"` + digest[7:] +
		`"}}],"predicateType":"https://slsa.dev/provenance/v1","predicate":{"buildDefinition":{"buildType":"urn:example","externalParameters":{"a":"b"}},"runDetails":{"builder":{"id":"urn:builder"}}}}`
	if string(payload) != want {
		t.Errorf("%s\nwant %s", payload, want)
	}
	other := "sha256:" + strings.Repeat("f", 64)
	forged := bytes.Replace(envelope, []byte(e.Payload), []byte(base64.StdEncoding.EncodeToString(bytes.Replace(payload, []byte(digest[7:]), []byte(other[7:]), 1))), 1)
	for name, tt := range map[string]struct {
		envelope          []byte
		digest, predicate string
		keys              []PublicKey
		want              bool
	}{
		"good":            {envelope, digest, ProvenanceType, trusted, true},
		"other key":       {envelope, digest, ProvenanceType, strangers, false},
		"no key":          {envelope, digest, ProvenanceType, nil, false},
		"other digest":    {envelope, other, ProvenanceType, trusted, false},
		"no digest":       {envelope, "", ProvenanceType, trusted, false},
		"other predicate": {envelope, digest, "https://cyclonedx.org/bom", trusted, false},
		"forged":          {forged, other, ProvenanceType, trusted, false},
		"other payload":   {bytes.Replace(envelope, []byte("in-toto"), []byte("other"), 1), digest, ProvenanceType, trusted, false},
		"not signed":      {bytes.Replace(envelope, []byte(e.Signatures[0].Sig), nil, 1), digest, ProvenanceType, trusted, false},
		"no envelope":     {[]byte("x"), digest, ProvenanceType, trusted, false},
	} {
		if got := Attested(tt.envelope, tt.digest, tt.predicate, tt.keys); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if _, err := NewStatement(repository, "v1", ProvenanceType, nil); err == nil {
		t.Error("a tag is no digest")
	}
}

func FuzzAttested(f *testing.F) {
	signer, trusted := newKeySigner(f)
	_, strangers := newKeySigner(f)
	f.Add(attested(f, signer, digest))
	f.Add([]byte(`{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[{"sig":"AA=="}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if Attested(data, digest, ProvenanceType, strangers) {
			t.Error("signed with a key that signed nothing")
		}
		Attested(data, digest, ProvenanceType, trusted)
	})
}

// A bundle as cosign 3.1 makes it.
func TestBundles(t *testing.T) {
	public := must(os.ReadFile("testdata/cosign.pub"))(t)
	bundle := must(os.ReadFile("testdata/bundle.json"))(t)
	const signed = "sha256:7baeac51cf4fa4289b19e5aacdc53e9be7a2b414da5e4918ec986e4fc0b4248e"
	trusted := must(ParsePublicKeys(public))(t)
	signer, strangers := newKeySigner(t)
	provenance := []byte(`{"dsseEnvelope":` + string(attested(t, signer, signed)) + `}`)
	for name, tt := range map[string]struct {
		bundles [][]byte
		digest  string
		keys    []PublicKey
		want    error
	}{
		"good":              {[][]byte{bundle}, signed, trusted, nil},
		"among others":      {[][]byte{[]byte("x"), provenance, bundle}, signed, trusted, nil},
		"none":              {nil, signed, trusted, ErrUnsigned},
		"no bundle":         {[][]byte{[]byte("x"), []byte("{}")}, signed, trusted, ErrUnsigned},
		"other key":         {[][]byte{bundle}, signed, strangers, ErrOtherKey},
		"other image":       {[][]byte{bundle}, digest, trusted, ErrOtherKey},
		"other than a sign": {[][]byte{provenance}, signed, strangers, ErrOtherKey},
	} {
		if err := VerifyBundles(repository, tt.digest, tt.bundles, Trust{Keys: tt.keys}); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}
