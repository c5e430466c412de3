package image

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
)

// BinaryError says why a program cannot be an image's server.
type BinaryError struct {
	Platform string
	Err      error
}

// Error says what is wrong.
func (e *BinaryError) Error() string {
	return fmt.Sprintf("the server for %s: %v", e.Platform, e.Err)
}

// Unwrap returns the reason.
func (e *BinaryError) Unwrap() error { return e.Err }

// Hint says what to do about it.
func (e *BinaryError) Hint() string {
	os, arch := "linux", "ARCH"
	if p, err := parsePlatform(e.Platform); err == nil {
		os, arch = p.OS, p.Architecture
	}
	return fmt.Sprintf("build it with: CGO_ENABLED=0 GOOS=%s GOARCH=%s go build -trimpath -ldflags '-s -w' ./cmd/lectern-server", os, arch)
}

// CheckBinary makes sure that a program can run in an image that holds nothing
// else: an ELF executable for the platform, with no loader and no libraries.
// The error is a [BinaryError].
func CheckBinary(platform string, data []byte) error {
	p, err := parsePlatform(platform)
	if err != nil {
		return err
	}
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return &BinaryError{platform, errors.New("it is no ELF program")}
	}
	defer f.Close()
	if want, ok := machine(p.Architecture); ok && f.Machine != want {
		return &BinaryError{platform, fmt.Errorf("it is made for another processor (%s)", f.Machine)}
	}
	if f.Type != elf.ET_EXEC && f.Type != elf.ET_DYN {
		return &BinaryError{platform, errors.New("it is no program but a part of one")}
	}
	for _, prog := range f.Progs {
		if prog.Type == elf.PT_INTERP {
			return &BinaryError{platform, errors.New("it is linked dynamically, and an image has no libraries")}
		}
	}
	if libs, err := f.ImportedLibraries(); err == nil && len(libs) > 0 {
		return &BinaryError{platform, fmt.Errorf("it needs %s, and an image has no libraries", libs[0])}
	}
	return nil
}

// machine is what ELF calls an architecture.
func machine(arch string) (elf.Machine, bool) {
	switch arch {
	case "amd64":
		return elf.EM_X86_64, true
	case "arm64":
		return elf.EM_AARCH64, true
	case "arm":
		return elf.EM_ARM, true
	case "386":
		return elf.EM_386, true
	case "riscv64":
		return elf.EM_RISCV, true
	case "ppc64le":
		return elf.EM_PPC64, true
	case "s390x":
		return elf.EM_S390, true
	}
	return 0, false
}
