package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
)

// machine describes where this runs, in a line; what can't be found out is
// left out.
func machine() string {
	parts := []string{fmt.Sprintf("%d processors", runtime.NumCPU())}
	if model := lineOf("/proc/cpuinfo", "model name"); model != "" {
		parts[0] = fmt.Sprintf("%d processors (%s)", runtime.NumCPU(), model)
	} else if model := command("sysctl", "-n", "machdep.cpu.brand_string"); model != "" {
		parts[0] = fmt.Sprintf("%d processors (%s)", runtime.NumCPU(), model)
	}
	if kb, err := strconv.ParseInt(strings.TrimSuffix(lineOf("/proc/meminfo", "MemTotal"), " kB"), 10, 64); err == nil {
		parts = append(parts, bytesText(kb<<10)+" of memory")
	} else if n, err := strconv.ParseInt(command("sysctl", "-n", "hw.memsize"), 10, 64); err == nil {
		parts = append(parts, bytesText(n)+" of memory")
	}
	system := runtime.GOOS + "/" + runtime.GOARCH
	if kernel := command("uname", "-sr"); kernel != "" {
		system = kernel + ", " + system
	}
	return strings.Join(append(parts, system, runtime.Version()), ", ")
}

// lineOf returns the value of the first line of a file that begins with name.
func lineOf(file, name string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(data)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// command returns what a program prints, "" if it can't run here.
func command(name string, args ...string) string {
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
