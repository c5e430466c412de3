// Draws the page's diagrams when they come into view.
//
// The page has each diagram as text, <pre class="mermaid">, which is all that
// a reader without script gets. This script puts a frame in its place (see
// mermaid-frame.ts) and keeps the text beside it, folded into a details
// element: it is what a screen reader reads and what one copies from. Whatever
// goes wrong, the text comes back, with a line that says why.
//
// It is loaded, deferred, by pages with a diagram:
//
//   <script src="…/mermaid-loader.js" data-frame="…/mermaid-frame.html" defer></script>
//
// data-diagram, data-source, data-failed, data-large and data-close on the element
// replace the English words. All styles go through the CSSOM, which a policy without
// 'unsafe-inline' allows.

import { type Draw, type FromFrame, isOurs, type Large, type Palette, type Scheme, targetOrigin } from "./mermaid-messages";

const self = document.currentScript as HTMLScriptElement;
const frameURL = new URL(self.dataset["frame"] ?? "mermaid-frame.html", document.baseURI).href;
const words = {
  diagram: self.dataset["diagram"] ?? "Diagram",
  source: self.dataset["source"] ?? "Source of the diagram",
  failed: self.dataset["failed"] ?? "The diagram could not be drawn",
  large: self.dataset["large"] ?? "Enlarge",
  close: self.dataset["close"] ?? "Close",
};

/** How long a loaded frame may keep silent before it counts as forbidden. */
const patience = 10_000;

const sheet = `
.diagram { margin-block: 1.25em; }
.diagram iframe { display: block; inline-size: 100%; block-size: 6rem; border: 0; background: transparent; }
.diagram:not([data-state="drawn"]) iframe { block-size: 0; visibility: hidden; }
.diagram-frame:not(:popover-open) { display: block; position: static; inline-size: auto; block-size: auto; margin: 0; padding: 0; border: 0; background: none; color: inherit; overflow: visible; }
.diagram-frame:popover-open { position: fixed; inset: 0; display: flex; flex-direction: column; inline-size: 100%; block-size: 100%; max-inline-size: none; max-block-size: none; margin: 0; padding: 1rem; border: 0; background: var(--paper, Canvas); color: inherit; }
.diagram-frame:popover-open > iframe { flex: 1; min-block-size: 0; }
.diagram-frame:not(:popover-open) > button { display: none; }
.diagram-foot { display: flex; gap: 1em; align-items: baseline; justify-content: end; font-size: 0.8em; }
.diagram button { padding: 0.35em 0.9em; border: 1px solid var(--line, currentColor); border-radius: 0.5em; background: none; color: inherit; font: inherit; cursor: pointer; }
.diagram button[hidden] { display: none; }
.diagram-frame > button { align-self: end; margin-block-end: 0.75rem; }
.diagram-source { flex: 1; min-inline-size: 0; }
.diagram-source > summary { inline-size: fit-content; margin-inline-start: auto; cursor: pointer; }
.diagram-source > pre { font-size: 1rem; }
.diagram-note { font-size: 0.875em; }
@media print { .diagram-foot { display: none; } .diagram { break-inside: avoid; } }
`;

/** Any CSS colour as red, green, blue, each 0 to 255. */
function rgb(color: string): [number, number, number] {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (canvas === null) {
    return [0, 0, 0];
  }
  canvas.fillStyle = color; // any notation: oklch(), color(srgb …)
  canvas.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

/** The scheme in which the text at el is shown, whatever chose it. */
function schemeAt(el: Element): Scheme {
  const [red, green, blue] = rgb(getComputedStyle(el).color);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 127 ? "dark" : "light";
}

/** The theme's colours, which are properties of the root. */
function palette(scheme: Scheme): Palette {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string, light: string, dark: string): string => {
    const value = style.getPropertyValue(name).trim() || (scheme === "dark" ? dark : light);
    return "#" + rgb(value).map((n) => n.toString(16).padStart(2, "0")).join("");
  };
  return {
    paper: color("--paper", "#ffffff", "#14181b"),
    panel: color("--panel", "#f5f7f7", "#1b2024"),
    line: color("--line", "#dfe4e6", "#2e363c"),
    ink: color("--ink", "#1b2226", "#dce3e7"),
    soft: color("--soft", "#55616a", "#9aa7b0"),
    accent: color("--accent", "#0b676b", "#5cc9c4"),
  };
}

class Diagram {
  private readonly text: string;
  private readonly place = document.createElement("div");
  private readonly frame = document.createElement("iframe");
  private readonly fold = document.createElement("details");
  private readonly stage = document.createElement("div");
  private readonly enlarge = document.createElement("button");
  private scheme: Scheme | null = null;
  private ready = false;
  private over = false;
  private settle: () => void = () => {};

  constructor(private readonly pre: HTMLPreElement) {
    this.text = pre.textContent ?? "";
  }

  /** Resolves when the drawing, or the text in its stead, is there to stay. */
  start(): Promise<void> {
    const settled = new Promise<void>((resolve) => {
      this.settle = resolve;
    });
    this.place.className = "diagram";
    this.place.dataset["state"] = "loading";
    this.frame.title = words.diagram;
    this.frame.src = frameURL;
    this.frame.addEventListener("load", () => {
      setTimeout(() => {
        if (!this.ready) {
          this.fail("its frame did not load");
        }
      }, patience);
    });
    addEventListener("message", this.hear);
    this.pre.replaceWith(this.place);
    this.stage.className = "diagram-frame";
    this.stage.append(this.frame);
    this.place.append(this.stage, this.pre); // the text stays in sight until the drawing is there
    return settled;
  }

  /** Draws again if the page's colours have changed. */
  refresh(): void {
    const now = schemeAt(this.place);
    if (this.over || !this.ready || now === this.scheme) {
      return;
    }
    this.scheme = now;
    this.frame.style.colorScheme = now; // else the frame's canvas would be opaque
    const order: Draw = {
      lectern: "draw",
      source: this.text,
      align: ["left", "right"].find((side) => this.pre.classList.contains(`mermaid-${side}`)) ?? "",
      scheme: now,
      palette: palette(now),
      font: getComputedStyle(this.place).fontFamily,
      base: document.baseURI,
    };
    this.frame.contentWindow?.postMessage(order, targetOrigin());
  }

  private readonly hear = (e: MessageEvent<FromFrame>): void => {
    if (e.source === null || e.source !== this.frame.contentWindow || !isOurs(e)) {
      return;
    }
    switch (e.data?.lectern) {
      case "ready":
        // Also when a browser loads the frame anew, for having been moved.
        this.ready = true;
        this.scheme = null;
        this.refresh();
        break;
      case "drawn":
        this.show(Number(e.data.height), Number(e.data.shrunk), String(e.data.title));
        break;
      case "failed":
        this.fail(String(e.data.reason));
        break;
    }
  };

  private show(height: number, shrunk: number, title: string): void {
    if (this.over || !(height >= 0) || this.stage.matches(":popover-open")) {
      return;
    }
    this.enlarge.hidden = !(shrunk > 1.15);
    this.frame.title = title === "" ? words.diagram : `${words.diagram}: ${title}`;
    this.frame.style.blockSize = `${Math.min(height, 20_000)}px`;
    if (this.place.dataset["state"] === "drawn") {
      return;
    }
    this.place.dataset["state"] = "drawn";
    const summary = document.createElement("summary");
    summary.textContent = words.source;
    this.fold.className = "diagram-source";
    this.fold.append(summary, this.pre);
    const foot = document.createElement("div");
    foot.className = "diagram-foot";
    foot.append(this.fold, this.enlarge);
    this.place.append(foot);
    this.offerLarge();
    this.settle();
  }

  /** Lets the diagram have the whole screen: a popover, for a frame that moves would load anew. */
  private offerLarge(): void {
    const close = document.createElement("button");
    this.enlarge.textContent = words.large;
    close.textContent = words.close;
    this.enlarge.type = close.type = "button";
    this.stage.popover = "auto";
    this.stage.prepend(close);
    this.enlarge.popoverTargetElement = close.popoverTargetElement = this.stage;
    this.stage.addEventListener("beforetoggle", (e) => {
      const on = (e as ToggleEvent).newState === "open";
      this.place.style.minBlockSize = on ? `${this.place.getBoundingClientRect().height}px` : ""; // nothing below moves
      const order: Large = { lectern: "large", on };
      this.frame.contentWindow?.postMessage(order, targetOrigin());
    });
  }

  private fail(reason: string): void {
    if (this.over) {
      return;
    }
    this.over = true;
    removeEventListener("message", this.hear);
    const note = document.createElement("p");
    note.className = "diagram-note";
    note.textContent = `${words.failed}: ${reason}`;
    this.place.dataset["state"] = "failed";
    this.place.replaceChildren(this.pre, note);
    this.settle();
  }
}

/** Printing waits for nothing, so what is to be printed is drawn before: one at a time. */
async function drawAll(places: Element[], draw: (place: Element) => Promise<void>, pause?: () => Promise<void>): Promise<void> {
  for (const place of places) {
    await pause?.();
    await draw(place);
  }
}

/** How many diagrams are drawn unseen: each is a document that takes memory. */
const unseen = 12;

/** Waits until the browser has nothing else to do. */
function idle(): Promise<void> {
  return new Promise((done) => {
    if ("requestIdleCallback" in window) {
      requestIdleCallback(() => done());
    } else {
      setTimeout(done, 300);
    }
  });
}

function watch(diagrams: Map<Element, Diagram>): void {
  const started = new Set<Diagram>();
  const print = document.querySelector("article.print") !== null;
  let rest = print;
  const start = async (pre: Element): Promise<void> => {
    const d = diagrams.get(pre);
    if (d !== undefined && !started.has(d)) {
      started.add(d);
      await d.start();
      if (!rest) {
        // Now that the library is here, the others cost no more of the line, and the page can be printed.
        rest = true;
        void drawAll([...diagrams.keys()].slice(0, unseen), start, idle);
      }
    }
  };
  const seen = new IntersectionObserver(
    (entries) => {
      for (const e of entries) {
        if (e.isIntersecting) {
          seen.unobserve(e.target);
          void start(e.target);
        }
      }
    },
    { rootMargin: "1200px 0px" } // drawn before it is seen, so that nothing moves,
  );
  for (const pre of diagrams.keys()) {
    seen.observe(pre);
  }
  addEventListener("beforeprint", () => {
    for (const pre of diagrams.keys()) {
      void start(pre);
    }
  });
  if (print) {
    void drawAll([...diagrams.keys()], start);
  }
  const refreshAll = (): void => started.forEach((d) => d.refresh());
  const refresh = (): void => {
    refreshAll();
    setTimeout(refreshAll, 500); // a theme may fade from colour to colour
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", refresh);
  // Themes switch by an attribute of the root: class, data-theme, style.
  new MutationObserver(refresh).observe(document.documentElement, { attributes: true });
}

function main(): void {
  const diagrams = new Map<Element, Diagram>();
  for (const pre of document.querySelectorAll<HTMLPreElement>("pre.mermaid")) {
    diagrams.set(pre, new Diagram(pre));
  }
  if (diagrams.size === 0) {
    return;
  }
  const style = new CSSStyleSheet();
  style.replaceSync(sheet);
  document.adoptedStyleSheets.push(style);
  watch(diagrams);
}

main();
