// Which words of the index a word of a query means: itself, other forms of it,
// words that begin with it, and, where there is none, words that are nearly it.

import { type Entry, Index } from "./search-index";
import { fold, pairsOf, partsOf, runsOf, umlauts } from "./search-words";

/** One word of a query. */
export interface Want {
  /** As typed, folded; and without the German way to write umlauts. */
  forms: string[];
  /** True for the last word, which may not be complete. */
  open: boolean;
  /** True for a pair of letters of a script without spaces. */
  pair: boolean;
}

/** A word of the index and how well it fits, from 0 to 1. */
export interface Match {
  entry: Entry;
  weight: number;
}

/** How many words a query has at most: more say no more. */
const mostWords = 12;

/** How many words a beginning or a slip may stand for. */
const mostMatches = 60;

export function wants(query: string): Want[] {
  const out: Want[] = [];
  for (const run of runsOf(query)) {
    const typed = query.slice(run.from, run.to);
    const last = run.to === query.length;
    for (const part of partsOf(typed.toLowerCase())) {
      const word = fold(part.text);
      if (!part.unspaced) {
        const open = last && part.at + part.text.length === typed.length;
        out.push({ forms: [...new Set([word, umlauts(word)])], open, pair: false });
        continue;
      }
      const pairs = pairsOf(word);
      for (const pair of pairs.length > 1 ? pairs.slice(0, -1) : pairs) {
        out.push({ forms: [pair], open: pairs.length === 1, pair: true });
      }
    }
  }
  return out.slice(0, mostWords);
}

/** The words of the index that a word means; the best fit for each. */
export async function matches(index: Index, want: Want): Promise<Match[]> {
  const found = new Map<string, Match>();
  const add = (entry: Entry, weight: number): void => {
    if ((found.get(entry.word)?.weight ?? 0) < weight) {
      found.set(entry.word, { entry, weight });
    }
  };
  for (const form of want.forms) {
    const near = await index.range(form, 4);
    const exact = near.find((e) => e.word === form);
    if (exact !== undefined) {
      add(exact, 1);
      await forms(index, form, exact, add);
    }
    if (want.open) {
      for (const e of best(near, form)) {
        add(e, e.word === form ? 1 : 0.75 * (0.4 + (0.6 * form.length) / e.word.length));
      }
    }
  }
  if (want.pair) {
    return [...found.values()];
  }
  // A word that no note has in this form may be there in another.
  for (const form of found.size > 0 ? [] : want.forms) {
    await endings(index, form, add);
  }
  for (const form of found.size > 0 ? [] : want.forms) {
    await slips(index, form, want.open, add);
  }
  if (found.size === 0) {
    for (const form of want.forms) {
      for (const e of best(await index.range(form, 2), form)) {
        add(e, 0.5);
      }
    }
  }
  return [...found.values()];
}

/** Of many words with one beginning those that are in most notes. */
function best(entries: Entry[], form: string): Entry[] {
  return entries.length <= mostMatches
    ? entries
    : [...entries].sort((a, b) => Number(b.word === form) - Number(a.word === form) || b.postings.length - a.postings.length).slice(0, mostMatches);
}

type Add = (entry: Entry, weight: number) => void;

/** The other words with a stem of the word's: they begin alike. */
async function forms(index: Index, form: string, exact: Entry, add: Add): Promise<void> {
  for (const stem of exact.stems) {
    let n = 0;
    while (n < form.length && form[n] === stem[n]) {
      n++;
    }
    for (const e of n < 2 ? [] : await index.range(form.slice(0, n), 2)) {
      if (e.stems.includes(stem)) {
        add(e, 0.9);
      }
    }
  }
}

/** Words whose stem the form has when it loses an ending of the languages. */
async function endings(index: Index, form: string, add: Add): Promise<void> {
  const cuts = new Set(index.endings.filter((e) => form.endsWith(e) && form.length - e.length >= 3).map((e) => e.length));
  for (const cut of [0, ...[...cuts].sort((a, b) => a - b)]) {
    const base = form.slice(0, form.length - cut);
    const stems = [base, base + "e", base + "i"];
    if (base.at(-1) === base.at(-2)) {
      stems.push(base.slice(0, -1));
    }
    let any = false;
    for (const e of await index.range(base.slice(0, -1), 2)) {
      if (e.stems.some((s) => stems.includes(s))) {
        add(e, 0.8);
        any = true;
      }
    }
    if (any) {
      return;
    }
  }
}

/**
 * Words that differ from the form by one slip of the finger, or by two where it
 * is long. Such words mostly begin alike; a big index is asked in steps.
 */
async function slips(index: Index, form: string, open: boolean, add: Add): Promise<void> {
  const most = form.length >= 8 ? 2 : form.length >= 4 ? 1 : 0;
  if (most === 0) {
    return;
  }
  // All of a small index is little more than what those steps would fetch.
  const last = index.size <= 8 ? [""] : [];
  const swapped = (form[1] ?? "") + (form[0] ?? "") + form.slice(2, 3);
  for (const start of [form.slice(0, 3), swapped, form.slice(0, 2), form.slice(0, 1), ...last]) {
    await index.range(start, start === "" ? 8 : 3);
    const near: { e: Entry; d: number; w: number }[] = [];
    for (const e of index.known()) {
      const d = distance(form, e.word, most, open);
      if (d <= most) {
        // Better: fewer slips, none in the first letter, no letters left over.
        const w = (d === 1 ? 0.6 : 0.35) - (e.word[0] === form[0] ? 0 : 0.1) - 0.02 * Math.min(Math.abs(e.word.length - form.length), 5);
        near.push({ e, d, w });
      }
    }
    if (near.length > 0) {
      const least = Math.min(...near.map((n) => n.d));
      near.sort((a, b) => b.w - a.w || b.e.postings.length - a.e.postings.length);
      near.filter((n) => n.d === least).slice(0, 12).forEach((n) => add(n.e, n.w));
      return;
    }
  }
}

/**
 * The number of letters to add, drop, change or swap with the next that makes
 * word of form, or, where open, the beginning of word; more than most if it is more.
 */
export function distance(form: string, word: string, most: number, open: boolean): number {
  if (form.length - word.length > most || (!open && word.length - form.length > most)) {
    return most + 1;
  }
  const width = Math.min(word.length, form.length + most);
  let before: number[] = [];
  let last = Array.from({ length: width + 1 }, (_, j) => j);
  for (let i = 1; i <= form.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= width; j++) {
      const same = form[i - 1] === word[j - 1];
      let d = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && form[i - 1] === word[j - 2] && form[i - 2] === word[j - 1]) {
        d = Math.min(d, (before[j - 2] ?? 0) + 1);
      }
      row.push(d);
      least = Math.min(least, d);
    }
    if (least > most) {
      return most + 1;
    }
    before = last;
    last = row;
  }
  return open ? Math.min(...last) : (last[word.length] ?? most + 1);
}
