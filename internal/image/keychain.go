package image

import (
	"context"

	"github.com/google/go-containerregistry/pkg/authn"

	"lectern/internal/credential"
)

// keychain tells the container libraries the credentials that the environment
// leads to.
type keychain struct{ env func(string) string }

// Resolve returns the credentials for a repository, nobody's if there are none.
func (k keychain) Resolve(target authn.Resource) (authn.Authenticator, error) {
	return k.ResolveContext(context.Background(), target)
}

// ResolveContext is Resolve, which a helper's slowness can't hold up for ever.
func (k keychain) ResolveContext(ctx context.Context, target authn.Resource) (authn.Authenticator, error) {
	c, err := credential.Find(ctx, k.env, target.String())
	if err != nil || c == (credential.Credential{}) {
		return authn.Anonymous, err
	}
	return authn.FromConfig(authn.AuthConfig{
		Username: c.Username, Password: c.Password, IdentityToken: c.IdentityToken, RegistryToken: c.RegistryToken,
	}), nil
}
