//go:build unix

package gitrepo

import (
	"os/exec"
	"syscall"
)

// endGroup makes all that cmd starts end with it.
func endGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
