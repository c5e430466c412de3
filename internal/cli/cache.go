package cli

import (
	"os"
	"path/filepath"
)

// cacheDir returns the folder for what is slow to find out and never changes,
// such as what a commit changed: what the flag says, else LECTERN_CACHE, else
// lectern in the user's folder for such things. "off" keeps nothing, and so does
// a user without such a folder: then it returns "".
func (a *app) cacheDir(flag string) string {
	for _, dir := range []string{flag, a.Env("LECTERN_CACHE")} {
		switch dir {
		case "":
		case "off":
			return ""
		default:
			return a.path(dir)
		}
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "lectern")
}
