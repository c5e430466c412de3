// Package deps is a test alone: it holds who may import whom, with the reason
// beside each rule. A change that breaks one either belongs elsewhere or
// changes the rule, and then says why.
package deps
