// Keeping the reader's place over a reload. What was at the top of the window
// should be at the same height afterwards, even if the text above it grew or
// shrank. So the place is not a number of pixels but the first blocks in the
// window, known by their text; the first of them that still exists is put back
// to where it was.

import { remember, take } from "./live-storage";

interface Anchor {
  /** The element's name and the beginning of its text or its source. */
  key: string;
  /** Which of the elements with that key. */
  nth: number;
  /** Its distance from the top of the window, in CSS pixels. */
  top: number;
}

interface Place {
  x: number;
  y: number;
  anchors: Anchor[];
  /** Other boxes that were scrolled, such as the menu. */
  boxes: { path: string; x: number; y: number }[];
  /** The foldable parts, by their summaries. */
  folds: { key: string; nth: number; open: boolean }[];
}

const blocks = "h1,h2,h3,h4,h5,h6,p,li,dt,dd,pre,blockquote,figure,img,tr,summary";
const frame = "nav,aside,header,footer,dialog";
const maxAnchors = 24;
const maxBoxes = 20;

/** How long after loading the place is put right again when heights change (pictures, diagrams). */
const settleTime = 2500;

function storageKey(): string {
  return `place:${location.pathname}`;
}

/** Ends following the last place, while that is done. */
let settled: (() => void) | undefined;

/** Remembers the place for the page's next load in this tab. */
export function keepPlace(): void {
  settled?.();
  const place: Place = { x: scrollX, y: scrollY, anchors: anchorsInView(), boxes: scrolledBoxes(), folds: folds() };
  remember(storageKey(), JSON.stringify(place));
  history.scrollRestoration = "manual";
}

/** Goes to the place that was remembered, if there is one. */
export function restorePlace(): void {
  const text = take(storageKey());
  if (text === undefined) return;
  let place: Place;
  try {
    place = JSON.parse(text) as Place;
  } catch {
    return;
  }
  for (const f of place.folds) {
    const found = numbered("details", foldKey).find((n) => n.key === f.key && n.nth === f.nth);
    if (found !== undefined) (found.element as HTMLDetailsElement).open = f.open;
  }
  for (const b of place.boxes) find(b.path)?.scrollTo({ left: b.x, top: b.y, behavior: "instant" });
  goTo(place);
  follow(place);
}

/** Goes there again while the page settles, until the reader does something. */
function follow(place: Place): void {
  const sizes = new ResizeObserver(() => goTo(place));
  const ends = ["wheel", "touchstart", "pointerdown", "keydown", "pagehide"];
  const done = (): void => {
    settled = undefined;
    clearTimeout(timer);
    sizes.disconnect();
    removeEventListener("load", again);
    for (const e of ends) removeEventListener(e, done);
    // Not before: the browser, left to itself, goes to its own idea of the
    // place as late as after the load event.
    history.scrollRestoration = "auto";
  };
  let timer: number | undefined;
  const again = (): void => {
    goTo(place);
    timer = setTimeout(done, settleTime);
  };
  sizes.observe(document.body);
  for (const e of ends) addEventListener(e, done, { passive: true });
  settled = done;
  if (document.readyState === "complete") again();
  else addEventListener("load", again);
}

function goTo(place: Place): void {
  if (place.y > 0) {
    const now = numbered(blocks, blockKey);
    for (const anchor of place.anchors) {
      const same = now.filter((n) => n.key === anchor.key);
      const found = same[Math.min(anchor.nth, same.length - 1)];
      if (found === undefined || found.element.getClientRects().length === 0) continue;
      const y = scrollY + found.element.getBoundingClientRect().top - anchor.top;
      scrollTo({ left: place.x, top: y, behavior: "instant" });
      return;
    }
  }
  // At the very top the reader stays there: nothing is above.
  scrollTo({ left: place.x, top: place.y, behavior: "instant" });
}

/** The blocks in the window from the top on, then the nearest ones above it. */
function anchorsInView(): Anchor[] {
  const inside: Anchor[] = [];
  const above: Anchor[] = [];
  for (const { element, key, nth } of numbered(blocks, blockKey)) {
    const box = element.getBoundingClientRect();
    if (box.height === 0 || box.top >= innerHeight) continue;
    const anchor = { key, nth, top: box.top };
    // A block that begins above the window is less sure a mark: it is what is being edited, or holds it.
    if (box.top < 0) above.push(anchor);
    else inside.push(anchor);
  }
  above.reverse();
  return [...inside.slice(0, maxAnchors), ...above.slice(0, maxAnchors)];
}

interface Numbered {
  element: HTMLElement;
  key: string;
  nth: number;
}

/** The text's elements that match selector, each with its key and which of its key it is. */
function numbered(selector: string, keyOf: (e: HTMLElement) => string): Numbered[] {
  const root = document.querySelector("main") ?? document.querySelector("article") ?? document.body;
  const counts = new Map<string, number>();
  const all: Numbered[] = [];
  for (const element of root.querySelectorAll<HTMLElement>(selector)) {
    const part = element.closest(frame);
    if (part !== null && root.contains(part)) continue;
    const key = keyOf(element);
    const nth = counts.get(key) ?? 0;
    counts.set(key, nth + 1);
    all.push({ element, key, nth });
  }
  return all;
}

function blockKey(e: HTMLElement): string {
  const text = e instanceof HTMLImageElement ? e.src : (e.textContent ?? "").trim().slice(0, 120);
  return `${e.tagName} ${text}`;
}

function foldKey(e: HTMLElement): string {
  return e.querySelector("summary")?.textContent?.trim() ?? "";
}

function folds(): Place["folds"] {
  return numbered("details", foldKey).map((n) => ({ key: n.key, nth: n.nth, open: (n.element as HTMLDetailsElement).open }));
}

function scrolledBoxes(): Place["boxes"] {
  const boxes: Place["boxes"] = [];
  for (const e of document.body.querySelectorAll("*")) {
    if (e.scrollTop > 0 || e.scrollLeft > 0) boxes.push({ path: path(e), x: e.scrollLeft, y: e.scrollTop });
    if (boxes.length === maxBoxes) break;
  }
  return boxes;
}

/** A selector for e from the nearest element with an id, or from the body. */
function path(e: Element): string {
  const steps: string[] = [];
  for (let at: Element | null = e; at !== null && at !== document.body; at = at.parentElement) {
    if (at.id !== "") {
      steps.unshift(`#${CSS.escape(at.id)}`);
      return steps.join(">");
    }
    const siblings: Element[] = [...(at.parentElement?.children ?? [])];
    steps.unshift(`:nth-child(${siblings.indexOf(at) + 1})`);
  }
  return ["body", ...steps].join(">");
}

function find(selector: string): Element | null {
  try {
    return document.querySelector(selector);
  } catch {
    return null;
  }
}
