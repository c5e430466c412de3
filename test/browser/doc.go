// Package browser has the tests that only a browser can do: sites are built by
// the real binary, served, and read in a headless Chromium, at the widths of a
// phone and a desk, in both colour schemes, by keyboard alone, without script
// and under a strict Content-Security-Policy.
//
// Without a Chromium the tests skip and say how to get one; with
// LECTERN_REQUIRE_CHROMIUM=1 in the environment they fail instead. The checks
// of accessibility need web/node_modules (run `npm ci` in web/). Pictures of
// every page go to the folder screenshots, for people to look at.
package browser
