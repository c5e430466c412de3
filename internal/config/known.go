package config

import (
	"slices"
	"strings"
)

// hugoKeys are the keys at the top of a configuration that Hugo (0.145) knows: they are accepted in silence, whether Lectern has a use for
// them or not. Those before the blank line are in Hugo's code now, the others
// were once and still stand in many files.
const hugoKeys = `
archetypeDir assetDir author baseURL build buildDrafts buildExpired
buildFuture cacheDir caches canonifyURLs capitalizeListTitles cascade
cleanDestinationDir configDir contentDir contentTypes copyright dataDir debug
defaultContentLanguage defaultContentLanguageInSubdir defaultOutputFormat
deployment disableAliases disableDefaultLanguageRedirect disableFastRender
disableHugoGeneratorInject disableKinds disableLanguages disableLiveReload
disablePathToLower enableEmoji enableGitInfo enableInlineShortcodes
enableMissingTranslationPlaceholders enableRobotsTXT environment
footnoteAnchorPrefix footnoteReturnLinkContents forceSyncStatic frontmatter
hasCJKLanguage httpCache i18nDir ignoreCache ignoreErrors ignoreFiles
ignoreLogs ignoreVendorPaths imaging internal languageCode languages layoutDir
logI18nWarnings logPathWarnings mainSections markup mediaTypes menu menus
minify minifyOutput module newContentEditor noBuildLock noChmod noTimes
outputFormats outputs page pagination paginate paginatePath panicOnWarning
params permalinks pluralizeListTitles printI18nWarnings printPathWarnings
printUnusedTemplates privacy publishDir quiet refLinksErrorLevel
refLinksNotFoundURL related relativeURLs removePathAccents renderSegments
renderStaticToDisk renderToDisk resourceDir rssLimit sectionPagesMenu security
segments server services sitemap staticDir summaryLength taxonomies
templateMetrics templateMetricsHints theme themesDir timeout timeZone title
titleCaseStyle uglyURLs verbose watch workingDir _merge

blackfriday config disable404 disableHugoGenerator disableRSS disableSitemap
disqusShortname googleAnalytics indexes languageName metaDataFormat
multilingual preserveTaxonomyNames publishDirOrig pygmentsCodeFences
pygmentsCodeFencesGuessSyntax pygmentsOptions pygmentsStyle pygmentsUseClassic
pygmentsUseClasses rssURI social source staticDir0 staticDir1 staticDir2
staticDir3 staticDir4 staticDir5 staticDir6 staticDir7 staticDir8 staticDir9
staticDir10 useModTimeAsFallback
`

// isHugoKey reports whether key, in lower case, is one of Hugo's.
func isHugoKey(key string) bool {
	for k := range strings.FieldsSeq(hugoKeys) {
		if strings.EqualFold(k, key) {
			return true
		}
	}
	return false
}

// checkHugo warns of keys at the top of one of Hugo's files that neither Hugo
// nor Lectern knows, and takes them out.
func (d *decoder) checkHugo(t *table, all []setting) {
	for _, e := range append([]*entry(nil), t.entries...) {
		s, ok := topSetting(all, e.key)
		switch {
		case ok && s.own && !isHugoKey(e.key):
			d.warn(e.at, ruleUnknown, "put it into lectern.yaml", "%s is not a key of Hugo's configuration", e.name)
			t.remove(e.key)
		case !ok && !isHugoKey(e.key):
			d.warn(e.at, ruleUnknown, nearest(e.name, topNames(all, true)), "no such key: %s", clip(e.name))
		}
	}
}

// checkOwn warns of all keys in lectern.yaml that Lectern does not act upon.
func (d *decoder) checkOwn(t *table, all []setting) { d.checkBelow(t, "", all) }

func (d *decoder) checkBelow(t *table, prefix string, all []setting) {
	var known []string // the names that may stand here
	open := false      // any name may
	for _, s := range all {
		rest, ok := strings.CutPrefix(strings.ToLower(s.path), prefix)
		if !ok || rest == "" {
			continue
		}
		name, _, _ := strings.Cut(s.path[len(prefix):], ".")
		if strings.HasPrefix(name, "<") {
			open = true
		} else {
			known = append(known, name)
		}
	}
	if open || len(known) == 0 { // a table of the author's own names, or one that is read as a whole
		return
	}
	for _, e := range t.entries {
		found := false
		for _, k := range known {
			found = found || strings.EqualFold(k, e.key)
		}
		switch {
		case found && e.val.table != nil:
			d.checkBelow(e.val.table, prefix+e.key+".", all)
		case found && e.val.scalar != nil && !isSetting(all, prefix+e.key):
			keys := keysBelow(all, prefix+e.key)
			d.fail(e.val.at, ruleType, "its keys are "+strings.Join(keys, ", "), "%s must be a table, not %q", prefix+e.name, clip(e.val.written()))
		case found:
		case prefix == "" && isHugoKey(e.key):
			d.warn(e.at, ruleUnknown, "", "%s is a key of Hugo's that Lectern does not use", e.name)
		default:
			d.warn(e.at, ruleUnknown, nearest(e.name, known), "no such key: %s", clip(prefix+e.name))
		}
	}
}

// isSetting reports whether something reads the value at path itself.
func isSetting(all []setting, path string) bool {
	return slices.ContainsFunc(all, func(s setting) bool { return s.read != nil && strings.EqualFold(s.path, path) })
}

// keysBelow returns the names that may stand in the table at path, in the order of
// the reference.
func keysBelow(all []setting, path string) []string {
	var names []string
	for _, s := range all {
		if len(s.path) > len(path) && s.path[len(path)] == '.' && strings.EqualFold(s.path[:len(path)], path) {
			if name, _, _ := strings.Cut(s.path[len(path)+1:], "."); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// topSetting returns a setting at or below the top-level key.
func topSetting(all []setting, key string) (setting, bool) {
	for _, s := range all {
		if top, _, _ := strings.Cut(s.path, "."); strings.EqualFold(top, key) {
			return s, true
		}
	}
	return setting{}, false
}

// topNames returns the top-level keys for hints; those for Hugo's files
// include all of Hugo's and leave out Lectern's own.
func topNames(all []setting, hugo bool) []string {
	var names []string
	for _, s := range all {
		if top, _, _ := strings.Cut(s.path, "."); !hugo || !s.own {
			names = append(names, top)
		}
	}
	if hugo {
		names = append(names, strings.Fields(hugoKeys)...)
	}
	return names
}
