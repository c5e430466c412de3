// The files of the search index, as internal/search writes them.

/** Gives the content of one of the index's files. */
export type Load = (name: string) => Promise<Uint8Array<ArrayBuffer>>;

/** The file that is read first. */
export const entryName = "index.bin";

/** The version of the files' shape that this code reads. */
const format = 2;

/** One word of the index. */
export interface Entry {
  word: string;
  stems: string[];
  /** Common words say little about a note. */
  common: boolean;
  postings: Uint8Array;
}

/** Where a word stands in one passage. */
export interface Posting {
  passage: number;
  fields: number;
  times: number;
}

export const inTitle = 1;
export const inPeople = 2;
export const inTerms = 4;
export const inHeading = 8;

/** One passage with what is said about its note. */
export interface Passage {
  url: string;
  title: string;
  trail: string;
  terms: string[];
  id: string;
  heading: string;
  kind: string;
  text: string;
}

const text = new TextDecoder();

class Reader {
  at = 0;
  constructor(readonly data: Uint8Array) {}

  number(): number {
    let n = 0;
    for (let unit = 1; ; unit *= 128) {
      const b = this.data[this.at++] ?? 0;
      n += (b & 127) * unit;
      if (b < 128) {
        return n;
      }
    }
  }

  byte(): number {
    return this.data[this.at++] ?? 0;
  }

  bytes(n: number): Uint8Array {
    return this.data.subarray(this.at, (this.at += n));
  }

  text(): string {
    return text.decode(this.bytes(this.number()));
  }

  hash(): string {
    return [...this.bytes(4)].map((b) => b.toString(16).padStart(2, "0")).join("");
  }
}

async function inflate(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export function* postings(data: Uint8Array): Generator<Posting> {
  const r = new Reader(data);
  for (let passage = -1; r.at < data.length; ) {
    const n = r.number();
    passage += Math.floor(n / 2);
    const more = n % 2 === 1 ? 1 : r.byte();
    yield { passage, fields: more >> 4, times: more & 15 };
  }
}

/** A file of words. */
function readWords(data: Uint8Array): Entry[] {
  const r = new Reader(data);
  const count = r.number();
  const lengths: number[] = [];
  const all: Entry[] = [];
  let word = new Uint8Array(0);
  const cut = (keep: number): Uint8Array<ArrayBuffer> => {
    const more = r.bytes(r.number());
    const out = new Uint8Array(keep + more.length);
    out.set(word.subarray(0, keep));
    out.set(more, keep);
    return out;
  };
  for (let i = 0; i < count; i++) {
    word = cut(r.number());
    const flags = r.number();
    const stems: string[] = [];
    for (let k = flags >> 1; k > 0; k--) {
      stems.push(text.decode(cut(word.length - r.number())));
    }
    lengths.push(r.number());
    all.push({ word: text.decode(word), stems, common: flags % 2 === 1, postings: data });
  }
  for (const [i, e] of all.entries()) {
    e.postings = r.bytes(lengths[i] ?? 0);
  }
  return all;
}

/** The index: what is there, and the files of it that were needed so far. */
export class Index {
  readonly docs: number;
  readonly endings: string[];
  readonly words: Record<string, string>;
  /** The document of each passage; each document's first passage. */
  readonly docOf: Int32Array;
  readonly first: number[] = [];
  /** How many words each document's text and title have. */
  readonly lengths: number[] = [];
  readonly titles: number[] = [];
  readonly average: number;

  private readonly from: string[];
  private readonly shards: string[];
  private readonly texts: { name: string; first: number }[] = [];
  private readonly loaded: (Entry[] | undefined)[] = [];
  private readonly pending = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();

  private constructor(data: Uint8Array, private readonly load: Load) {
    const r = new Reader(data);
    const head = JSON.parse(r.text());
    if (head.v !== format) {
      throw new Error(`search index of version ${head.v}`);
    }
    ({ docs: this.docs, from: this.from, words: this.words } = head);
    this.endings = (head.endings as string[]).flatMap((e) => e.split(" "));
    this.shards = this.from.map(() => `${head.prefix}w.${r.hash()}.bin`);
    let passages = 0;
    for (let n = r.number(), i = 0; i < n; i++) {
      const size = r.number();
      this.texts.push({ name: `${head.prefix}t.${r.hash()}.txt`, first: passages });
      passages += size;
    }
    this.docOf = new Int32Array(passages);
    let at = 0;
    for (let i = 0; i < this.docs; i++) {
      const n = r.number();
      this.first.push(at);
      this.docOf.fill(i, at, (at += n));
      this.lengths.push(long(r.byte()));
      this.titles.push(long(r.byte()));
    }
    this.average = this.lengths.reduce((a, b) => a + b, 0) / Math.max(this.docs, 1) || 1;
  }

  static async open(load: Load): Promise<Index> {
    return new Index(await inflate(await load(entryName)), load);
  }

  /** How many files of words the index has. */
  get size(): number {
    return this.shards.length;
  }

  /**
   * The words that begin with prefix, or are between it and the last with that
   * beginning; of a long range, what its first few files have.
   */
  async range(prefix: string, most: number): Promise<Entry[]> {
    const from = this.shardOf(prefix);
    const to = Math.min(this.shardOf(prefix + "\uffff"), from + most - 1);
    const found: Entry[] = [];
    const shards = await Promise.all(Array.from({ length: to - from + 1 }, (_, i) => this.shard(from + i)));
    for (const entries of shards) {
      for (let i = lower(entries, prefix); entries[i]?.word.startsWith(prefix); i++) {
        found.push(entries[i] as Entry);
      }
    }
    return found;
  }

  /** All words of the files that were loaded. */
  *known(): Generator<Entry> {
    for (const entries of this.loaded) {
      yield* entries ?? [];
    }
  }

  /** The word in a file that was loaded. */
  lookup(word: string): Entry | undefined {
    const entries = this.loaded[this.shardOf(word)] ?? [];
    const e = entries[lower(entries, word)];
    return e?.word === word ? e : undefined;
  }

  async passage(n: number): Promise<Passage> {
    let at = this.texts.findIndex((t) => t.first > n);
    at = (at < 0 ? this.texts.length : at) - 1;
    const file = this.texts[at];
    if (file === undefined) {
      throw new Error("no such passage");
    }
    const data = await this.fetch(file.name);
    const line = data.indexOf(10);
    let passage = file.first;
    let from = line + 1;
    for (const [url, title, trail, terms, list] of JSON.parse(text.decode(data.subarray(0, line)))) {
      for (const [id, heading, kind, length] of list) {
        if (passage++ === n) {
          return { url, title, trail, terms, id, heading, kind, text: text.decode(data.subarray(from, from + length)) };
        }
        from += length;
      }
    }
    throw new Error("no such passage");
  }

  private shardOf(word: string): number {
    let low = 0;
    let high = this.from.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if ((this.from[mid] ?? "") <= word) {
        low = mid + 1;
      } else {
        high = mid;
      }
    }
    return Math.max(low - 1, 0);
  }

  private async shard(n: number): Promise<Entry[]> {
    const name = this.shards[n];
    if (name === undefined) {
      return []; // an index without a word
    }
    return (this.loaded[n] ??= readWords(await inflate(await this.fetch(name))));
  }

  /** Loads a file once; what failed may be tried again. */
  private fetch(name: string): Promise<Uint8Array<ArrayBuffer>> {
    let data = this.pending.get(name);
    if (data === undefined) {
      data = this.load(name);
      this.pending.set(name, data);
      data.catch(() => this.pending.delete(name));
    }
    return data;
  }
}

/** The place of the first entry that is not before word. */
function lower(entries: Entry[], word: string): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((entries[mid] as Entry).word < word) {
      low = mid + 1;
    } else {
      high = mid;
    }
  }
  return low;
}

/** The number that a byte stands for: see short in internal/search. */
function long(byte: number): number {
  return byte < 8 ? byte : (8 | (byte & 7)) * 2 ** ((byte >> 3) - 1);
}
