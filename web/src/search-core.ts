// Search without a page around it: a query in, results out. It runs in the
// browser and in the test of the ranking alike.

import { entryName, Index, type Load } from "./search-index";
import { type Found, find, type Hit } from "./search-rank";
import { marked, type Piece, snippet } from "./search-snippet";

export { fold, keysOf, pairsOf, partsOf, runsOf, umlauts } from "./search-words";
export { distance } from "./search-match";
export { entryName };
export type { Found, Hit, Load, Piece };

/** A note that was found, ready to be shown. */
export interface Result {
  /** From the site's root, with the best heading's fragment. */
  url: string;
  title: Piece[];
  trail: Piece[];
  /** The heading that the snippet stands under, and what kind of part it is. */
  heading: Piece[];
  kind: string;
  /** The tags among the words that were found. */
  terms: string[];
  text: Piece[];
}

export class Search {
  private constructor(private readonly index: Index) {}

  static async open(load: Load): Promise<Search> {
    return new Search(await Index.open(load));
  }

  /** The interface's words in the site's language. */
  get words(): Record<string, string> {
    return this.index.words;
  }

  find(query: string): Promise<Found> {
    return find(this.index, query.normalize("NFC").slice(0, 300));
  }

  /** Fetches what is shown of a hit. */
  async show(hit: Hit, found: Found): Promise<Result> {
    const p = await this.index.passage(hit.passage);
    const terms = p.terms.filter((t) => marked(t, found.matched).some(([, is]) => is));
    return {
      url: hit.whole || p.id === "" ? p.url : `${p.url}#${encodeURIComponent(p.id)}`,
      title: marked(p.title, found.matched),
      trail: marked(p.trail, found.matched),
      heading: p.heading === "" ? [] : marked(p.heading, found.matched),
      kind: p.kind,
      terms,
      text: snippet(p.text.trim(), found.matched),
    };
  }
}
