package search

import (
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
)

// language is what the index knows of one.
type language struct {
	code string
	stem func(*snowballstem.Env) bool
	// common are the words that say nothing of what a text is about; they are
	// found in titles and headings alone.
	common map[string]bool
	// endings are those that a word may lose to give a stem of the index, for
	// words of a query that no note has in this form.
	endings string
}

// speak returns the language of a BCP 47 code; words of one that it does not
// know are neither stemmed nor left out.
func speak(code string) *language {
	primary, _, _ := strings.Cut(strings.ToLower(code), "-")
	l := &language{code: primary}
	switch primary {
	case "en":
		l.stem, l.common, l.endings = english.Stem, wordSet(commonEnglish), endingsEnglish
	case "de":
		l.stem, l.common, l.endings = german.Stem, wordSet(commonGerman), endingsGerman
	case "fr":
		l.stem, l.common, l.endings = french.Stem, wordSet(commonFrench), endingsFrench
	}
	return l
}

// stemOf returns the folded stem of a lower-case word as it is written, with
// its accents: the rules need them.
func (l *language) stemOf(word string) string {
	if l.stem == nil {
		return fold(word)
	}
	env := snowballstem.NewEnv(word)
	l.stem(env)
	return fold(env.Current())
}

// transcribed turns German words written without umlauts into what folding
// makes of those with them; in other languages words stay.
func (l *language) transcribed(folded string) string {
	if l.code != "de" {
		return folded
	}
	return umlauts(folded)
}

// umlauts replaces ae, oe and ue by a, o and u; not after a vowel or q, where
// they are seldom umlauts (neue, Quelle, Treue).
func umlauts(s string) string {
	i := strings.IndexAny(s, "aou")
	if i < 0 || !strings.Contains(s, "e") {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		out = append(out, s[i])
		if i+1 < len(s) && s[i+1] == 'e' && strings.IndexByte("aou", s[i]) >= 0 && (i == 0 || strings.IndexByte("aeiouq", s[i-1]) < 0) {
			i++
		}
	}
	return string(out)
}

func wordSet(list string) map[string]bool {
	words := strings.Fields(list)
	set := make(map[string]bool, len(words))
	for _, w := range words {
		set[w] = true
	}
	return set
}

// The endings, longest first.
const (
	endingsEnglish = "ations ation ities ment ments ings ing edly ed ers er ies ied ive able ably ity ly es s e y"
	endingsGerman  = "ungen ungs ung heiten heit keiten keit ischen lichen liche lich isch ern en em er es et est end ende te ten st e n s t"
	endingsFrench  = "issements issement ements ement ations ation ateurs ateur euses euse eurs eur ables able ives ive ifs if ites ite ees ee es er ez ons ent ant ait aient s e x"
)

// The words of each language that say least, folded.
const (
	commonEnglish = `a about after all also am an and any are as at be because been before being between both but by can
		could did do does doing done down each few for from further get gets got had has have having he her here hers him his how i if in
		into is isn it its just like ll made make makes many may me might more most much must my no nor not now of off on once only
		or other our out over own re s same she should so some such t than that the their them then there these they this those
		through to too under until up us ve very was we were what when where which while who whom why will with would you your`
	commonGerman = `aber alle allem allen aller alles als also am an ander andere auch auf aus bei beim bin bis bist da damit dann das dass
		daruber dein deine dem den denn der des dessen dich die dies diese diesem diesen dieser dieses dir doch dort du durch
		ein eine einem einen einer eines er es etwas euch fur gegen hab habe haben hat hatte hatten hier hin ich ihm ihn ihr ihre
		im in ins ist ja jede jedem jeden jeder jedes kann kein keine konnen man mehr mein meine mich mir mit muss nach nicht nichts noch
		nun nur ob oder ohne schon sehr sein seine sich sie sind so soll sollte uber um und uns unter viel vom von vor war waren was weil
		wenn werden wie wieder will wir wird wo wurde wurden zu zum zur zwar zwischen`
	commonFrench = `a afin ai ainsi alors apres au aucun aussi autre aux avait avant avec avoir c ca car ce cela ces cet cette ceux chaque
		ci comme d dans de des deux donc dont du elle elles en encore entre est et etait etaient etre eu fait faire font il ils j je
		l la le les leur leurs lors lui m ma mais me meme mes moi mon n ne ni nos notre nous on ont ou par pas peu peut plus pour
		qu quand que quel quelle qui s sa sans se ses si son sont sous sur t ta te tes toi ton tous tout toute tres tu un une vos votre vous y`
)
