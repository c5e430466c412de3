package release

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"
)

// The files by which a data folder belongs to one process: the lock itself,
// which the system gives back however the process ends, and who has it.
const (
	lockName  = "lectern.lock"
	ownerName = "lectern.pid"
)

type folderLock struct {
	lock  *flock.Flock
	owner string
}

// lockFolder takes the data folder for this process, or says who has it.
func lockFolder(dir string) (*folderLock, error) {
	l := &folderLock{flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600)), filepath.Join(dir, ownerName)}
	ok, err := l.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	if !ok {
		data, err := os.ReadFile(l.owner)
		if pid, convErr := strconv.Atoi(strings.TrimSpace(string(data))); err == nil && convErr == nil {
			return nil, fmt.Errorf("%w: process %d", ErrBusy, pid)
		}
		return nil, ErrBusy
	}
	// Only a message needs it: on a full disk the site is served all the same.
	_ = os.WriteFile(l.owner, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600)
	return l, nil
}

func (l *folderLock) release() error { return l.lock.Unlock() }
