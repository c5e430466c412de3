package main

import (
	"cmp"
	"slices"
	"time"
)

// median returns the middle of values, or the mean of the two in the middle.
func median[T interface{ ~int64 | ~float64 }](values []T) T {
	if len(values) == 0 {
		return 0
	}
	v := slices.Clone(values)
	slices.Sort(v)
	mid := len(v) / 2
	if len(v)%2 == 1 {
		return v[mid]
	}
	return (v[mid-1] + v[mid]) / 2
}

// each returns one number of every sample.
func each[T any](samples []sample, get func(sample) T) []T {
	values := make([]T, len(samples))
	for i, s := range samples {
		values[i] = get(s)
	}
	return values
}

func wall(s sample) time.Duration { return s.wall }
func user(s sample) time.Duration { return s.user }
func sys(s sample) time.Duration  { return s.sys }
func rss(s sample) int64          { return s.rss }

// ratio returns the median of a/b over runs that stood side by side; 0 where
// nothing was measured.
func ratio[T interface{ ~int64 }](a, b []sample, get func(sample) T) float64 {
	var ratios []float64
	for i := range min(len(a), len(b)) {
		if y := get(b[i]); y != 0 {
			ratios = append(ratios, float64(get(a[i]))/float64(y))
		}
	}
	return median(ratios)
}

// spread returns the smallest and the largest.
func spread[T cmp.Ordered](values []T) (T, T) { return slices.Min(values), slices.Max(values) }
