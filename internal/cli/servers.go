package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"lectern/internal/image"
	"lectern/internal/slimserver"
)

// servers are the programs that an image holds, one for each platform.
type servers struct {
	list []image.Server
	// alone is the platform of an image that nobody chose one for: a build from
	// source knows its own.
	alone string
	// self is the platform whose server is lectern itself, and selfSize what
	// that weighs in the image.
	self     string
	selfSize int64
}

// servers are those that the flags name, those that this lectern carries, and,
// if it carries none, the one for this machine's platform that lies beside it.
func (a *app) servers(f containerFlags) (servers, error) {
	if f.contentOnly {
		for _, flag := range []struct {
			name  string
			given bool
		}{{"server-binary", len(f.servers) > 0}, {"platform", len(f.platforms) > 0}} {
			if flag.given && a.Env(envName(flag.name)) == "" { // the environment is for all commands
				return servers{}, &usageError{"--content-only and --" + flag.name + " exclude each other", "leave out one of them"}
			}
		}
		return servers{}, nil
	}
	byPlatform, err := a.namedServers(f.servers)
	if err != nil {
		return servers{}, err
	}
	var s servers
	wanted := func(p string) bool { return len(f.platforms) == 0 || slices.Contains(f.platforms, p) }
	if carried := a.carried.Platforms(); len(carried) > 0 {
		carried = slices.DeleteFunc(carried, func(p string) bool { return byPlatform[p] != nil || !wanted(p) })
		if err := unpackServers(a.carried, carried, byPlatform); err != nil {
			return servers{}, err
		}
	} else if own := "linux/" + runtime.GOARCH; byPlatform[own] == nil && wanted(own) {
		data, self, err := ownServer(own)
		switch {
		case err == nil:
			byPlatform[own] = data
			if self {
				s.self = own
			}
			if len(byPlatform) == 1 && len(f.platforms) == 0 {
				s.alone = own
			}
		case len(byPlatform) == 0:
			return servers{}, err
		}
	}
	for _, p := range f.platforms {
		if byPlatform[p] == nil {
			return servers{}, noServer(p)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(byPlatform)) {
		if wanted(p) {
			s.list = append(s.list, image.Server{Platform: p, Binary: byPlatform[p]})
		}
	}
	return s, nil
}

// namedServers reads those that --server-binary names.
func (a *app) namedServers(flags []string) (map[string][]byte, error) {
	byPlatform := map[string][]byte{}
	for _, flag := range flags {
		platform, name, ok := strings.Cut(flag, "=")
		if !ok || name == "" {
			return nil, &usageError{fmt.Sprintf("--server-binary %s: a platform and a path are needed", flag), "write --server-binary linux/arm64=lectern-server"}
		}
		data, err := os.ReadFile(a.path(name))
		if err != nil {
			return nil, fmt.Errorf("read the server for %s: %w", platform, err)
		}
		if err := image.CheckBinary(platform, data); err != nil {
			return nil, err
		}
		byPlatform[platform] = data
	}
	return byPlatform, nil
}

// unpackServers unpacks those of the set at once, for it takes a while.
func unpackServers(set slimserver.Set, platforms []string, to map[string][]byte) error {
	data, errs := make([][]byte, len(platforms)), make([]error, len(platforms))
	var wg sync.WaitGroup
	for i, p := range platforms {
		wg.Go(func() { data[i], errs[i] = set.Binary(p) })
	}
	wg.Wait()
	for i, p := range platforms {
		to[p] = data[i]
	}
	return errors.Join(errs...)
}

// ownServer is the server that lies beside this program, or, on Linux, this
// program itself.
func ownServer(platform string) (data []byte, self bool, err error) {
	program, err := os.Executable()
	if err != nil {
		return nil, false, fmt.Errorf("find the server: %w", err)
	}
	dir := filepath.Dir(program)
	names := []string{filepath.Join(dir, "lectern-server-"+strings.ReplaceAll(platform, "/", "-"))}
	if runtime.GOOS == "linux" {
		names = append(names, filepath.Join(dir, "lectern-server"), program)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, false, fmt.Errorf("read the server: %w", err)
		}
		return data, name == program, image.CheckBinary(platform, data)
	}
	return nil, false, noServer(platform)
}

// noServer says that there is no server for a platform, and how to get one.
func noServer(platform string) error {
	goos, arch, _ := strings.Cut(platform, "/")
	return &hintedError{
		errors.New("no server for " + platform + " came with this lectern"),
		fmt.Sprintf("name one: --server-binary %s=lectern-server, made with: CGO_ENABLED=0 GOOS=%s GOARCH=%s go build ./cmd/lectern-server", platform, goos, arch),
	}
}

// weigh notes what a layer weighs if it is that of lectern itself.
func (s *servers) weigh(r image.LayerReport) {
	if s.self != "" && r.Name == image.ServerLayerName(s.self) {
		s.selfSize = r.Size
	}
}

// printServerNotes says what people may not expect of an image whose servers
// they did not choose.
func (a *app) printServerNotes(s servers) {
	if s.alone != "" {
		fmt.Fprintf(a.Err, "note: the image is for %s alone; --server-binary %s=lectern-server adds another platform, and a release of lectern brings both\n", s.alone, otherPlatform(s.alone))
	}
	if s.self != "" {
		fmt.Fprintf(a.Err, "note: its server is lectern itself, %s of the image; with lectern-server beside lectern (CGO_ENABLED=0 go install -ldflags '-s -w' ./cmd/lectern-server) it would be 3 MB\n", size(s.selfSize))
	}
}

// otherPlatform is one that somebody with an image for platform may miss.
func otherPlatform(platform string) string {
	for _, p := range slimserver.Platforms() {
		if p != platform {
			return p
		}
	}
	return platform
}
