package credential

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// patience is how long a helper may take: it may ask a person to unlock what it
// keeps.
const patience = 2 * time.Minute

// ask asks a credential helper for what it keeps of a server, by the protocol
// of Docker's credential helpers.
func (f authFile) ask(ctx context.Context, helper, server string) (Credential, error) {
	program := "docker-credential-" + helper
	fail := func(format string, err error) (Credential, error) {
		return Credential{}, &Error{fmt.Sprintf("the credential helper %s, which %s names, "+format, program, f.name, err), err}
	}
	if strings.ContainsAny(helper, `/\`) {
		return fail("can't be called so: %v", errors.New("a name with slashes is no helper's"))
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var out, errs limitedBuffer
	cmd := exec.CommandContext(limited, program, "get")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(server), &out, &errs
	cmd.WaitDelay = time.Second // what it started may keep its output open
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return Credential{}, context.Cause(ctx)
	case limited.Err() != nil:
		return fail("did not answer: %v", fmt.Errorf("it was given %v", patience))
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, exec.ErrDot):
		return fail("can't be started: %v", errors.New("it is not in PATH"))
	case err != nil && strings.Contains(out.String(), "credentials not found"):
		return Credential{}, nil
	case err != nil:
		return fail("failed: %v", fmt.Errorf("%w%s", err, complaint(out.String(), errs.String())))
	}
	var answer struct{ Username, Secret string }
	if json.Unmarshal(out.Bytes(), &answer) != nil {
		return fail("answers what can't be understood: %v", errors.New("it is no JSON"))
	}
	if answer.Username == "<token>" {
		return Credential{IdentityToken: answer.Secret}, nil
	}
	return Credential{Username: answer.Username, Password: answer.Secret}, nil
}

// complaint is what a helper says went wrong: in its output, as the protocol
// has it, or beside that. What looks like an answer is not told, for it would
// hold the secret.
func complaint(texts ...string) string {
	for _, text := range texts {
		text = strings.Join(strings.FieldsFunc(text, func(c rune) bool { return c <= ' ' || c == 0x7f }), " ")
		if text != "" && !strings.ContainsAny(text, "{}") {
			const most = 200
			if len(text) > most {
				text = strings.ToValidUTF8(text[:most], "") + "…"
			}
			return ": " + text
		}
	}
	return ""
}

// limitedBuffer keeps the beginning of what is written to it.
type limitedBuffer struct{ bytes.Buffer }

func (b *limitedBuffer) Write(p []byte) (int, error) {
	if room := mostBytes - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(len(p), room)])
	}
	return len(p), nil
}
