package main

import (
	"os"
	"syscall"
)

// peakMemory returns a finished process's peak of resident memory in bytes.
func peakMemory(s *os.ProcessState) int64 {
	if ru, ok := s.SysUsage().(*syscall.Rusage); ok {
		return ru.Maxrss // macOS counts bytes
	}
	return 0
}
