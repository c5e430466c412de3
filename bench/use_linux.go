package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// use is what a running process has used.
type use struct {
	cpu            time.Duration
	resident, peak int64 // bytes
}

// processUse reads proc(5)'s stat and status of a process.
func processUse(pid int) (use, error) {
	var u use
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return u, err
	}
	// Fields are counted after the name, which may have anything in it.
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) < 13 {
		return u, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	for _, f := range fields[11:13] { // utime and stime, in ticks of 10 ms on every Linux that Go runs on
		ticks, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return u, err
		}
		u.cpu += time.Duration(ticks) * 10 * time.Millisecond
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return u, err
	}
	for line := range strings.Lines(string(status)) {
		name, rest, _ := strings.Cut(line, ":")
		if name != "VmRSS" && name != "VmHWM" {
			continue
		}
		kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
		if err != nil {
			return u, err
		}
		if name == "VmRSS" {
			u.resident = kb << 10
		} else {
			u.peak = kb << 10
		}
	}
	return u, nil
}
