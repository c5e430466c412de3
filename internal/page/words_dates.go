package page

import (
	"strconv"
	"strings"
	"time"
)

// date returns the day of t as people write it: "2 April 2025".
func (w *words) date(t time.Time) string { return fillDate(w.dateForm, w, t) }

func fillDate(form string, w *words, t time.Time) string {
	return strings.NewReplacer(
		"D", strconv.Itoa(t.Day()), "M", w.months[t.Month()-1], "Y", strconv.Itoa(t.Year()),
	).Replace(form)
}

// dates returns the days from first to last, without saying a month or a year
// twice where the language has them behind the day: "7–8 October 2026".
func (w *words) dates(first, last time.Time) string {
	from, to := w.date(first), w.date(last)
	if from == to {
		return from
	}
	month := strings.IndexByte(w.dateForm, 'M')
	if first.Year() != last.Year() || !strings.HasPrefix(w.dateForm, "D") || month < 0 || !strings.HasSuffix(w.dateForm, "Y") {
		return from + " – " + to
	}
	if first.Month() == last.Month() {
		day, _, _ := strings.Cut(w.dateForm, " ")
		return fillDate(day, w, first) + "–" + to
	}
	return fillDate(w.dateForm[:month+1], w, first) + " – " + to
}

// speakDates writes dates in a language whose other words are English here: notes
// in French should not say "2 April".
func (w *words) speakDates(primary string) {
	form, months := "D M Y", ""
	switch primary {
	case "fr":
		months = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
	case "it":
		months = "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"
	case "es":
		form, months = "D de M de Y", "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
	case "pt":
		form, months = "D de M de Y", "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"
	case "ca":
		form, months = "D M de Y", "de_gener de_febrer de_març d’abril de_maig de_juny de_juliol d’agost de_setembre d’octubre de_novembre de_desembre"
	case "nl":
		months = "januari februari maart april mei juni juli augustus september oktober november december"
	case "sv":
		months = "januari februari mars april maj juni juli augusti september oktober november december"
	case "da":
		form, months = "D. M Y", "januar februar marts april maj juni juli august september oktober november december"
	case "nb", "nn", "no":
		form, months = "D. M Y", "januar februar mars april mai juni juli august september oktober november desember"
	case "fi":
		form, months = "D. M Y", "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta"
	case "cs":
		form, months = "D. M Y", "ledna února března dubna května června července srpna září října listopadu prosince"
	case "sk":
		form, months = "D. M Y", "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra"
	case "pl":
		months = "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
	case "tr":
		months = "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık"
	case "uk":
		months = "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня"
	case "ru":
		form, months = "D M Y г.", "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
	case "ja", "zh":
		form, months = "Y年MD日", "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月"
	case "ko":
		form, months = "Y년 M D일", "1월 2월 3월 4월 5월 6월 7월 8월 9월 10월 11월 12월"
	default:
		return
	}
	w.dateForm = form
	for i, m := range strings.Fields(months) {
		w.months[i] = strings.ReplaceAll(m, "_", " ")
	}
}
