//go:build unix

package snapshot

import (
	"os"
	"os/exec"
	"syscall"
)

// dropPrivileges makes cmd run as a user without rights: root can write anywhere.
func dropPrivileges(cmd *exec.Cmd) {
	if os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534, NoSetGroups: true}}
	}
}
