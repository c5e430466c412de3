// Ranking: BM25 over the text of each note, with more for a word in its title,
// its people, its tags, a heading; less for what is not quite the word typed.

import { Index, inHeading, inPeople, inTerms, inTitle, postings } from "./search-index";
import { type Match, matches, wants } from "./search-match";

/** A note that was found. */
export interface Hit {
  doc: number;
  /** The passage that says most about the query. */
  passage: number;
  /** True where the note as a whole is meant, rather than the passage. */
  whole: boolean;
  score: number;
}

export interface Found {
  hits: Hit[];
  /** The words of the index that the query means, with their weight in it. */
  matched: Map<string, number>;
}

// BM25's usual constants, and what a word in a field is worth beside one in the text.
const k = 1.2;
const b = 0.6;
const worth = { title: 3.6, people: 3, terms: 2.2, heading: 1.1 };

/** What a common word counts, whatever the notes have of it. */
const littleWorth = 0.15;

/** One word of the query in one note. */
interface Share {
  times: number;
  title: number;
  people: number;
  terms: number;
  heading: number;
  places: Map<number, number>; // passage → how well it fits
}

/** The query's words in one note, taken together. */
interface Total {
  score: number;
  /** How much of the query the note has, has in its title, has in any field. */
  covered: number;
  titled: number;
  fields: number;
  places: Map<number, number>;
}

export async function find(index: Index, query: string): Promise<Found> {
  const asked = wants(query);
  const lists = await Promise.all(asked.map((w) => matches(index, w)));
  await joined(index, asked.map((w) => w.forms[0] ?? ""), asked.map((w) => w.pair), lists);
  const found: Found = { hits: [], matched: new Map() };
  const totals = new Map<number, Total>();
  let all = 0; // what the query's words are worth together, and those that some note has
  let known = 0;
  for (const list of lists) {
    const shares = gather(index, list);
    const idf = list.length > 0 && list.every((m) => m.entry.common)
      ? littleWorth
      : Math.log(1 + (index.docs - shares.size + 0.5) / (shares.size + 0.5)) + 0.1;
    all += list.length > 0 ? idf : 1;
    known += list.length > 0 ? idf : 0;
    for (const m of list) {
      found.matched.set(m.entry.word, Math.max(found.matched.get(m.entry.word) ?? 0, idf * m.weight));
    }
    for (const [doc, s] of shares) {
      count(totals, doc, s, idf, worthOf(index, doc, s));
    }
  }
  found.hits = [...totals].map(([doc, t]) => hit(index, doc, t, all, known));
  found.hits.sort((x, y) => y.score - x.score || x.doc - y.doc);
  return found;
}

/** Adds what a word says of a note. */
function count(totals: Map<number, Total>, doc: number, s: Share, idf: number, worth: number): void {
  let t = totals.get(doc);
  if (t === undefined) {
    totals.set(doc, (t = { score: 0, covered: 0, titled: 0, fields: 0, places: new Map() }));
  }
  t.score += idf * worth;
  t.covered += idf;
  t.titled += idf * s.title;
  t.fields += s.title + s.people + s.terms > 0 ? idf : 0;
  for (const [place, fit] of s.places) {
    t.places.set(place, (t.places.get(place) ?? 0) + idf * fit);
  }
}

function hit(index: Index, doc: number, t: Total, all: number, known: number): Hit {
  let passage = index.first[doc] ?? 0;
  let most = 0;
  for (const [place, fit] of t.places) {
    if (fit > most * 1.001) {
      [passage, most] = [place, fit];
    }
  }
  const coverage = t.covered / all;
  // Words that stand together say more than words far apart.
  const together = 1 + 0.25 * Math.min(most / (all * 2), 1);
  // Who types a title wants that note.
  const titled = t.titled >= 0.85 * all ? 1.3 : 1;
  return { doc, passage, whole: t.fields >= 0.95 * known, score: t.score * coverage * coverage * together * titled };
}

/** Two words that the notes write as one: "open feature" means OpenFeature too. */
async function joined(index: Index, forms: string[], pairs: boolean[], lists: Match[][]): Promise<void> {
  const more: Match[][] = lists.map(() => []);
  for (let i = 0; i + 1 < forms.length; i++) {
    const word = (forms[i] ?? "") + (forms[i + 1] ?? "");
    if (pairs[i] || pairs[i + 1]) {
      continue;
    }
    const entry = (await index.range(word, 1)).find((e) => e.word === word);
    if (entry !== undefined) {
      more[i]?.push({ entry, weight: 0.6 });
      more[i + 1]?.push({ entry, weight: 0.6 });
    }
  }
  more.forEach((m, i) => lists[i]?.push(...m));
}

/** Where the words of a list stand, by note. */
function gather(index: Index, list: Match[]): Map<number, Share> {
  const shares = new Map<number, Share>();
  for (const { entry, weight } of list) {
    for (const p of postings(entry.postings)) {
      const doc = index.docOf[p.passage] ?? 0;
      let s = shares.get(doc);
      if (s === undefined) {
        shares.set(doc, (s = { times: 0, title: 0, people: 0, terms: 0, heading: 0, places: new Map() }));
      }
      s.times += weight * p.times;
      if (p.fields & inTitle) s.title = Math.max(s.title, weight);
      if (p.fields & inPeople) s.people = Math.max(s.people, weight);
      if (p.fields & inTerms) s.terms = Math.max(s.terms, weight);
      if (p.fields & inHeading) s.heading = Math.max(s.heading, weight);
      const fit = weight * ((2 * p.times) / (p.times + 1) + (p.fields & inHeading ? 1.5 : 0));
      s.places.set(p.passage, Math.max(s.places.get(p.passage) ?? 0, fit));
    }
  }
  return shares;
}

function worthOf(index: Index, doc: number, s: Share): number {
  const length = (index.lengths[doc] ?? 0) / index.average;
  const text = (s.times * (k + 1)) / (s.times + k * (1 - b + b * length));
  // A word is more of a short title than of a long one.
  const title = (worth.title * s.title) / (0.65 + 0.05 * (index.titles[doc] ?? 0));
  return text + title + worth.people * s.people + worth.terms * s.terms + worth.heading * s.heading;
}
