// The piece of a passage that shows the words that were found in their sentence.

import { keysOf, pairsOf, fold, runsOf } from "./search-words";

/** A piece of text, marked if it is what was looked for. */
export type Piece = [text: string, marked: boolean];

/** How long a snippet is, in letters. */
const length = 180;

interface Mark {
  from: number;
  to: number;
  word: string;
  weight: number;
}

/** The places in a text that any of the matched words stand at. */
function marksIn(text: string, matched: Map<string, number>): Mark[] {
  const marks: Mark[] = [];
  let before: { from: number; to: number } | undefined;
  for (const run of runsOf(text)) {
    const typed = text.slice(run.from, run.to);
    const word = keysOf(typed).find((k) => matched.has(k));
    if (word !== undefined) {
      marks.push({ ...run, word, weight: matched.get(word) ?? 0 });
    } else if (run.glued && before && matched.has(fold(text.slice(before.from, before.to) + typed))) {
      marks.push({ from: before.from, to: run.to, word: typed, weight: 1 });
    } else {
      marks.push(...pairMarks(run.from, typed, matched));
    }
    before = run;
  }
  return marks;
}

/** Marks in a run of letters of a script without spaces. */
function pairMarks(from: number, run: string, matched: Map<string, number>): Mark[] {
  const marks: Mark[] = [];
  let at = from;
  for (const pair of pairsOf(run)) {
    const word = fold(pair);
    if (matched.has(word)) {
      const last = marks.at(-1);
      if (last && last.to >= at) {
        last.to = at + pair.length;
      } else {
        marks.push({ from: at, to: at + pair.length, word, weight: matched.get(word) ?? 0 });
      }
    }
    at += ([...pair][0] ?? "").length;
  }
  return marks;
}

/** A text with its marks, whole. */
export function marked(text: string, matched: Map<string, number>): Piece[] {
  return pieces(text, 0, text.length, marksIn(text, matched));
}

/** The sentence or two that say most about what was looked for. */
export function snippet(text: string, matched: Map<string, number>): Piece[] {
  const marks = marksIn(text, matched);
  let first = 0;
  let most = -1;
  for (const [i, mark] of marks.entries()) {
    const words = new Map<string, number>();
    for (const m of marks.slice(i, i + 30)) {
      if (m.to > mark.from + length * 0.8) {
        break;
      }
      words.set(m.word, Math.max(words.get(m.word) ?? 0, m.weight));
    }
    const worth = [...words.values()].reduce((a, c) => a + c, 0);
    if (worth > most + 1e-9) {
      [first, most] = [mark.from, worth];
    }
  }
  const from = begin(text, first);
  let to = text.length;
  if (to - from > length * 1.15) {
    const cut = text.lastIndexOf(" ", from + length);
    to = cut > from + length / 2 ? cut : from + length;
    to = Math.max(to, ...marks.filter((m) => m.from < to && m.from >= from).map((m) => m.to));
  }
  const out = pieces(text, from, to, marks);
  if (from > 0 && !/[\n.!?:;…]\s*$/.test(text.slice(0, from))) {
    out.unshift(["… ", false]);
  }
  if (to < text.length) {
    out.push([" …", false]);
  }
  return out;
}

/** Where the sentence around a place begins, or a word near enough before it. */
function begin(text: string, place: number): number {
  const reach = Math.max(place - 70, 0);
  const before = text.slice(reach, place);
  const sentence = Math.max(before.lastIndexOf("\n"), ...[...before.matchAll(/[.!?…]\s|。|！|？/g)].map((m) => m.index + m[0].length - 1));
  if (sentence >= 0) {
    return reach + sentence + 1;
  }
  if (reach === 0) {
    return 0;
  }
  const word = before.indexOf(" ");
  return reach + word + 1;
}

function pieces(text: string, from: number, to: number, marks: Mark[]): Piece[] {
  const out: Piece[] = [];
  let at = from;
  const plain = (end: number): void => {
    if (end > at) {
      out.push([text.slice(at, end).replace(/\s*\n\s*/g, " · "), false]); // the ends of blocks
    }
  };
  for (const m of marks) {
    if (m.from >= at && m.to <= to) {
      plain(m.from);
      out.push([text.slice(m.from, m.to), true]);
      at = m.to;
    }
  }
  plain(to);
  return out;
}
