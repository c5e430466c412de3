// The list of findings: a small badge in a corner that opens a panel. It lives
// in a shadow tree, so that neither the theme's styles nor an author's reach
// it, and it is styled by a file, so that a strict Content-Security-Policy holds.

import { recall, remember } from "./live-storage";

export interface Finding {
  file: string;
  line?: number;
  col?: number;
  severity: "error" | "warning" | "info";
  rule?: string;
  message: string;
  hint?: string;
}

export interface State {
  /** Why the newest build failed. */
  failed?: string;
  /** The file this page was made of, where that is known. */
  source?: string;
  errors: number;
  warnings: number;
  /** All findings, and those of this page, which come first in the list. */
  total: number;
  here: number;
  findings: Finding[];
}

export class Overlay {
  private readonly host = document.createElement("div");
  private readonly badge = element("button", "badge");
  private readonly panel = element("section", "panel");
  private readonly list = element("div", "list");
  private readonly news = element("p", "news");
  private readonly close = element("button", "close", "Close");

  /** css is the address of the style sheet. */
  constructor(css: string) {
    this.host.id = "lectern-live";
    this.host.lang = "en";
    this.host.setAttribute("data-chrome", "");
    this.host.hidden = true;
    const root = this.host.attachShadow({ mode: "open" });

    const sheet = element("link");
    sheet.rel = "stylesheet";
    sheet.href = css;

    this.badge.type = "button";
    this.badge.setAttribute("aria-controls", "panel");
    this.badge.addEventListener("click", () => this.toggle(this.panel.hidden !== false));
    this.close.type = "button";
    this.close.addEventListener("click", () => this.toggle(false));
    this.panel.id = "panel";
    this.panel.tabIndex = -1;
    this.panel.setAttribute("aria-label", "Problems found in the notes");
    this.news.setAttribute("role", "status");

    const head = element("header");
    head.append(element("h2", "", "Problems in the notes"), this.close);
    const all = element("a", "", "All findings, milder ones too");
    all.href = new URL("./", css).href;
    const foot = element("p");
    foot.append(all);
    this.panel.append(head, this.list, foot);
    root.append(sheet, this.news, this.panel, this.badge);
    document.addEventListener("keydown", (e) => {
      if (e.key !== "Escape" || this.panel.hidden || e.defaultPrevented) return;
      this.toggle(false);
      e.preventDefault();
    });
    this.open(recall("panel") === "open");
    // Without its styles it would stand about in the page.
    sheet.addEventListener("load", () => this.host.classList.add("ready"));
    document.documentElement.append(this.host);
  }

  /** Shows state; nothing at all where there is nothing to say. */
  show(state: State): void {
    const failed = state.failed ?? "";
    const text = failed !== "" ? "Build failed" : summary(state);
    this.badge.className = `badge ${failed !== "" || state.errors > 0 ? "error" : "warning"}`;
    this.badge.textContent = text;
    if (this.news.textContent !== text) this.news.textContent = text;
    this.list.replaceChildren(...sections(state));
    this.host.hidden = failed === "" && state.total === 0;
  }

  /** Opens or closes the panel by the reader's wish, and remembers that. */
  private toggle(open: boolean): void {
    const within = this.panel.contains(this.host.shadowRoot?.activeElement ?? null);
    this.open(open);
    remember("panel", open ? "open" : "closed");
    if (open) this.panel.focus();
    else if (within) this.badge.focus();
  }

  private open(open: boolean): void {
    this.panel.hidden = !open;
    this.badge.setAttribute("aria-expanded", String(open));
  }
}

function summary(state: State): string {
  if (state.total === 0) return "";
  if (state.here === 0) return `${problems(state.total)}${state.source ? " elsewhere" : ""}`;
  const here = `${problems(state.here)} here`;
  return state.total > state.here ? `${here}, ${state.total} in all` : here;
}

function problems(n: number): string {
  return n === 1 ? "1 problem" : `${n} problems`;
}

function sections(state: State): Node[] {
  const nodes: Node[] = [];
  if (state.failed) {
    nodes.push(element("p", "failed", state.failed), element("p", "", "The page shows the last version that could be built."));
  }
  const here = state.findings.slice(0, state.here);
  const others = state.findings.slice(state.here);
  if (here.length > 0) nodes.push(element("h3", "", "On this page"), findingList(here));
  if (others.length > 0) {
    if (here.length > 0 || state.source) nodes.push(element("h3", "", "Elsewhere"));
    nodes.push(findingList(others));
  }
  const more = state.total - state.findings.length;
  if (more > 0) nodes.push(element("p", "", `… and ${more} more, which the terminal lists.`));
  return nodes;
}

function findingList(findings: Finding[]): HTMLElement {
  const list = element("ul");
  for (const f of findings) {
    const item = element("li", f.severity);
    let place = f.file;
    if (f.line) place += `:${f.line}`;
    if (f.line && f.col) place += `:${f.col}`;
    const line = element("p");
    line.append(element("strong", "", f.severity), `: ${f.message}`);
    if (f.rule) line.append(" ", element("span", "rule", `[${f.rule}]`));
    if (place !== "") item.append(element("code", "", place));
    item.append(line);
    if (f.hint) item.append(element("p", "hint", f.hint));
    list.append(item);
  }
  return list;
}

function element<K extends keyof HTMLElementTagNameMap>(name: K, className = "", text = ""): HTMLElementTagNameMap[K] {
  const e = document.createElement(name);
  if (className !== "") e.className = className;
  if (text !== "") e.textContent = text;
  return e;
}
