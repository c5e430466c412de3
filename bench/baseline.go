package main

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// writerCommand makes this program the writer: see [writerMain].
const writerCommand = "write-files"

// writerMain is the program that does nothing but write files: it reads a
// site into memory, then makes the same directories and files elsewhere and
// prints how many seconds that took. With -jobs 1 it is the plain loop; with
// more, directories are made first and files then, each by that many goroutines.
func writerMain(args []string) error {
	flags := flag.NewFlagSet(writerCommand, flag.ContinueOnError)
	jobs := flags.Int("jobs", 1, "how many goroutines write")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 2 {
		return fmt.Errorf("usage: %s [-jobs N] FROM TO", writerCommand)
	}
	from, to := flags.Arg(0), flags.Arg(1)
	type file struct {
		path string
		data []byte
	}
	var files []file
	levels := [][]string{}
	err := filepath.WalkDir(from, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		if e.IsDir() {
			depth := depthOf(rel)
			for len(levels) <= depth {
				levels = append(levels, nil)
			}
			levels[depth] = append(levels[depth], filepath.Join(to, rel))
			return nil
		}
		data, err := os.ReadFile(name)
		files = append(files, file{filepath.Join(to, rel), data})
		return err
	})
	if err != nil {
		return err
	}
	start := time.Now()
	for _, level := range levels {
		if err := inParallel(*jobs, len(level), func(i int) error { return os.Mkdir(level[i], 0o777) }); err != nil {
			return err
		}
	}
	if err := inParallel(*jobs, len(files), func(i int) error { return os.WriteFile(files[i].path, files[i].data, 0o666) }); err != nil {
		return err
	}
	fmt.Println(time.Since(start).Seconds())
	return nil
}

func depthOf(rel string) int {
	if rel == "." {
		return 0
	}
	depth := 1
	for _, r := range rel {
		if r == filepath.Separator {
			depth++
		}
	}
	return depth
}

// inParallel calls fn for each number below n, in pieces of 16, and returns
// the first error.
func inParallel(jobs, n int, fn func(i int) error) error {
	const piece = 16
	var (
		next  atomic.Int64
		wg    sync.WaitGroup
		once  sync.Once
		first error
	)
	for range jobs {
		wg.Go(func() {
			for {
				from := int(next.Add(piece)) - piece
				for i := from; i < min(n, from+piece); i++ {
					if err := fn(i); err != nil {
						once.Do(func() { first = err })
						next.Store(int64(n))
						return
					}
				}
				if from >= n {
					return
				}
			}
		})
	}
	wg.Wait()
	return first
}
