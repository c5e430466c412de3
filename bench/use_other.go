//go:build !linux

package main

import (
	"errors"
	"time"
)

// use is what a running process has used.
type use struct {
	cpu            time.Duration
	resident, peak int64 // bytes
}

// processUse is not known here.
func processUse(int) (use, error) { return use{}, errors.ErrUnsupported }
