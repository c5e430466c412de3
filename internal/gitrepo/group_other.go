//go:build !unix

package gitrepo

import "os/exec"

// endGroup is for systems with groups of processes.
func endGroup(*exec.Cmd) {}
