// Package preview shows branches and pull requests of a repository as websites
// beside the live one, each with a bar that says what it is and what differs.
//
// A [Set] is told which refs there are and asks its builder for the site of one
// when somebody first wants to see it: one at a time, never while the live site
// is being built. Who asks meanwhile waits for the same build. When a branch
// moves, its last site is shown until the next one stands; when it is gone, so is
// its preview. Sites that nobody looks at leave memory.
//
// A preview holds what another author may have written: it is in no search
// engine and in no shared cache, and says on each page what it is. What of it may
// run scripts is decided by who builds it. The comparison with the live site is
// made of two published sites, so that it knows nothing that was withheld.
package preview
