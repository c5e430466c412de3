// How words are cut out of a text and compared: the same rules as in
// internal/search (token.go, fold.go), which a test runs side by side.

/** A run of letters and digits in a text. */
export interface Run {
  from: number;
  to: number;
  /** True if a hyphen alone stands between this run and the one before. */
  glued: boolean;
}

const runs = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
const accents = /[\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0670\u0640]/g;
const letters = /[ßæœøłđðþıς]/g;
const plain: Record<string, string> = {
  ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", ς: "σ",
};

export function runsOf(text: string): Run[] {
  const out: Run[] = [];
  let end = 0;
  for (const m of text.matchAll(runs)) {
    out.push({ from: m.index, to: m.index + m[0].length, glued: end > 0 && m.index === end + 1 && text[end] === "-" });
    end = m.index + m[0].length;
  }
  return out;
}

/** A word as it is compared: lower case, without accents. */
export function fold(word: string): string {
  const low = word.toLowerCase();
  return /^[a-z0-9]*$/.test(low)
    ? low
    : low.normalize("NFKD").toLowerCase().replace(accents, "").replace(letters, (l) => plain[l] ?? l).normalize("NFC");
}

/** German words without umlauts, as folding makes them of those with. */
export function umlauts(word: string): string {
  return word.replace(/(^|[^aeiouq])([aou])e/g, "$1$2");
}

const unspaced =
  /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\u{20000}-\u{323af}]+/gu;

/** The parts of a lower-case run: words, and stretches of a script without spaces. */
export function partsOf(run: string): { text: string; unspaced: boolean; at: number }[] {
  const out: { text: string; unspaced: boolean; at: number }[] = [];
  let end = 0;
  for (const m of run.matchAll(unspaced)) {
    if (m.index > end) {
      out.push({ text: run.slice(end, m.index), unspaced: false, at: end });
    }
    out.push({ text: m[0], unspaced: true, at: m.index });
    end = m.index + m[0].length;
  }
  if (end < run.length) {
    out.push({ text: run.slice(end), unspaced: false, at: end });
  }
  return out;
}

/** The neighbouring pairs of a stretch of letters, the last letter alone behind them. */
export function pairsOf(text: string): string[] {
  const all = [...text];
  return all.map((c, i) => c + (all[i + 1] ?? ""));
}

/** The parts of a word in camel case, if each is long enough to be a word. */
export function humpsOf(run: string): string[] {
  const parts = run.split(/(?<=[a-z])(?=[A-Z])/);
  return parts;
}

/** What the index may have a run of a text under. */
export function keysOf(run: string): string[] {
  const word = fold(run);
  return [word, umlauts(word), ...humpsOf(run).map(fold)];
}
