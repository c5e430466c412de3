// The search box: a dialog over any page, and the whole of the page /search/.
// theme.ts loads this when it is first asked for.
//
// The input is a combobox, the results are the options of its list: the focus
// stays in the input, and aria-activedescendant says which one is meant.

import { entryName, type Found, type Piece, type Result, Search } from "./search-core";
import { fold } from "./search-words";

const opener = document.querySelector<HTMLElement>("[data-search]");
const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : location.href;
const folder = new URL("search/", script); // the index, but for its entry
const root = new URL("..", script); // the site
const entry = new URL(opener?.dataset["index"] ?? "", location.href);
const label = opener?.getAttribute("aria-label") ?? "Search";

/** How many results are shown at once, and how many more each time. */
const some = 8;

function load(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return fetch(name === entryName ? entry : new URL(name, folder)).then(async (r) => {
    if (!r.ok) {
      throw new Error(`${name}: ${r.status}`);
    }
    return new Uint8Array(await r.arrayBuffer());
  });
}

let opened: Promise<Search> | undefined;

function search(): Promise<Search> {
  opened ??= Search.open(load).catch((e: unknown) => {
    opened = undefined; // the next try asks again
    throw e;
  });
  return opened;
}

function make<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Record<string, string>, ...inner: (Node | string)[]): HTMLElementTagNameMap[K] {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    e.setAttribute(name, value);
  }
  e.append(...inner);
  return e;
}

function pieces(all: Piece[]): Node[] {
  return all.map(([text, is]) => (is ? make("mark", {}, text) : document.createTextNode(text)));
}

function option(r: Result, id: string): HTMLElement {
  const a = make("a", { role: "option", id, href: new URL("." + r.url, root).href, class: "search-hit", tabindex: "-1", "aria-selected": "false" });
  a.append(make("span", { class: "search-title" }, ...pieces(r.title)));
  const heading = r.heading.map(([t]) => t).join("");
  const at = make("span", { class: "search-at" });
  if (r.trail.length > 0) {
    at.append(make("span", {}, ...pieces(r.trail)));
  }
  if (r.kind !== "") {
    at.append(make("span", { class: "search-kind" }, r.kind));
  }
  if (heading !== "" && fold(heading) !== fold(r.kind)) {
    at.append(make("span", { class: "search-heading" }, ...pieces(r.heading)));
  }
  for (const t of r.terms) {
    at.append(make("span", { class: "search-term" }, make("mark", {}, t)));
  }
  if (at.childNodes.length > 0) {
    a.append(at);
  }
  if (r.text.length > 0) {
    a.append(make("span", { class: "search-text" }, ...pieces(r.text)));
  }
  return a;
}

/** The input with its results. */
class Box {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  private readonly list: HTMLElement;
  private readonly status: HTMLElement;
  private readonly more: HTMLButtonElement;
  private asked = 0;
  private active = -1;
  private found: Found | undefined;
  private shown = 0;

  constructor(private readonly id: string, private readonly typed: (query: string) => void) {
    this.input = make("input", {
      type: "search", role: "combobox", "aria-label": label, "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": id + "-list", autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "go", maxlength: "300",
    });
    this.list = make("div", { role: "listbox", id: id + "-list", "aria-label": label, class: "search-list" });
    this.status = make("p", { role: "status", class: "search-status" });
    this.more = make("button", { type: "button", class: "search-more", hidden: "" });
    this.element = make("div", { class: "search-box" }, make("div", { role: "search", class: "search-field" }, this.input), this.status, this.list, this.more);
    this.input.addEventListener("input", () => void this.ask());
    this.input.addEventListener("keydown", (e) => this.key(e));
    this.more.addEventListener("click", () => void this.page());
    this.list.addEventListener("pointermove", (e) => {
      const hit = (e.target as Element).closest(".search-hit");
      if (hit !== null) {
        this.choose([...this.list.children].indexOf(hit), false);
      }
    });
    void this.say();
  }

  /** Puts the interface's words where they belong, once the index is there. */
  private async say(): Promise<void> {
    try {
      const { words } = await search();
      this.input.placeholder = words["type"] ?? "";
      this.more.textContent = words["more"] ?? "";
    } catch {
      this.fail();
    }
  }

  private fail(): void {
    this.status.textContent = opener?.dataset["failed"] ?? "";
    this.status.classList.add("search-failed");
  }

  /** Looks for what is typed; only the newest question is answered. */
  async ask(): Promise<void> {
    const query = this.input.value;
    const ask = ++this.asked;
    this.typed(query);
    if (query.trim() === "") {
      this.clear();
      this.status.textContent = "";
      return;
    }
    try {
      const s = await search();
      const found = await s.find(query);
      if (ask !== this.asked) {
        return;
      }
      const results = await this.fetch(s, found, 0);
      if (ask !== this.asked) {
        return;
      }
      this.clear();
      this.found = found;
      this.add(results);
      const n = found.hits.length;
      const words = n === 0 ? s.words["none"]?.replace("#", () => query.trim()) : s.words[n === 1 ? "one" : "many"]?.replace("#", String(n));
      this.status.textContent = words ?? "";
      this.status.classList.remove("search-failed");
      this.choose(n > 0 ? 0 : -1, true);
    } catch {
      if (ask === this.asked) {
        this.clear();
        this.fail();
      }
    }
  }

  private fetch(s: Search, found: Found, from: number): Promise<Result[]> {
    return Promise.all(found.hits.slice(from, from + some).map((h) => s.show(h, found)));
  }

  private async page(): Promise<void> {
    const found = this.found;
    if (found === undefined) {
      return;
    }
    const at = this.shown;
    try {
      const results = await this.fetch(await search(), found, at);
      if (found === this.found && at === this.shown) {
        this.add(results);
        this.choose(at, true);
        this.input.focus();
      }
    } catch {
      this.fail();
    }
  }

  private add(results: Result[]): void {
    for (const r of results) {
      this.list.append(option(r, `${this.id}-${this.list.children.length}`));
    }
    this.shown += results.length;
    this.input.setAttribute("aria-expanded", String(this.shown > 0));
    this.more.hidden = this.shown >= (this.found?.hits.length ?? 0);
  }

  private clear(): void {
    this.list.replaceChildren();
    this.found = undefined;
    this.shown = 0;
    this.choose(-1, false);
    this.input.setAttribute("aria-expanded", "false");
    this.more.hidden = true;
  }

  private choose(n: number, scroll: boolean): void {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = n;
    const hit = this.list.children[n];
    if (hit === undefined) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    hit.setAttribute("aria-selected", "true");
    this.input.setAttribute("aria-activedescendant", hit.id);
    if (scroll) {
      hit.scrollIntoView({ block: "nearest" });
    }
  }

  private key(e: KeyboardEvent): void {
    const last = this.shown - 1;
    const steps: Record<string, () => void> = {
      ArrowDown: () => (this.active === last && !this.more.hidden ? void this.page() : this.choose(this.active < last ? this.active + 1 : 0, true)),
      ArrowUp: () => this.choose(this.active > 0 ? this.active - 1 : last, true),
      PageDown: () => this.choose(Math.min(this.active + 5, last), true),
      PageUp: () => this.choose(Math.max(this.active - 5, 0), true),
      Home: () => this.choose(0, true),
      End: () => this.choose(last, true),
      Enter: () => this.list.children[this.active] instanceof HTMLElement && this.open(e),
    };
    const step = steps[e.key];
    if (step === undefined || e.isComposing || last < 0 || e.altKey || ((e.ctrlKey || e.metaKey || e.shiftKey) && e.key !== "Enter")) {
      return;
    }
    e.preventDefault();
    step();
  }

  private open(e: KeyboardEvent): void {
    const hit = this.list.children[this.active];
    if (hit instanceof HTMLAnchorElement) {
      hit.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: e.ctrlKey, metaKey: e.metaKey, shiftKey: e.shiftKey }));
    }
  }
}

/** The dialog, made when it is first opened. */
function dialog(): () => void {
  const box = new Box("l-find", (query) => {
    all?.setAttribute("href", page + (query === "" ? "" : "?q=" + encodeURIComponent(query)));
  });
  const page = opener instanceof HTMLAnchorElement ? opener.href : "";
  const all = page === "" ? undefined : make("a", { href: page, hidden: "" });
  const keys = make("span", { class: "search-keys" });
  const foot = make("p", { class: "search-foot" }, keys, ...(all ? [all] : []));
  const d = make("dialog", { class: "search-dialog", "aria-label": label }, box.element, foot);
  search().then(
    ({ words }) => {
      keys.textContent = words["keys"] ?? "";
      if (all) {
        all.textContent = words["page"] ?? "";
        all.hidden = false;
      }
    },
    () => undefined, // the box says so
  );
  document.body.append(d);
  d.addEventListener("click", (e) => {
    // A click beside the box, or on a result of this very page.
    if (e.target === d || (e.target as Element).closest(".search-hit") !== null) {
      d.close();
    }
  });
  return () => {
    if (!d.open) {
      d.showModal();
      box.input.select();
      box.input.focus();
    }
  };
}

/** The page for searching, whose address has the query. */
function wholePage(place: HTMLElement): () => void {
  const box = new Box("l-page", (query) => {
    const to = new URL(location.href);
    to.searchParams.delete("q");
    if (query.trim() !== "") {
      to.searchParams.set("q", query);
    }
    history.replaceState(history.state, "", to);
  });
  place.append(box.element);
  box.input.value = new URL(location.href).searchParams.get("q") ?? "";
  box.input.focus();
  if (box.input.value !== "") {
    void box.ask();
  }
  return () => box.input.focus();
}

const place = document.getElementById("l-search");
const open = place === null ? dialog() : wholePage(place);
document.addEventListener("lectern-search", open);
