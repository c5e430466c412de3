// Draws one diagram, in a document of its own.
//
// Mermaid writes style elements and style attributes, which a strict
// Content-Security-Policy forbids. So the page that shows a diagram gives it a
// frame, whose policy allows inline styles, pictures and next to nothing else.
// Scripts come from the site's own files, so markup that a diagram smuggles in
// does nothing, not even while mermaid measures texts it has not cleaned yet. (A
// sandbox without an origin was not taken: its requests go without the reader's
// cookies and fail Cross-Origin-Resource-Policy, which breaks sites behind a login.)
//
// The frame belongs to a page of the same origin and answers nobody else.

import type { Mermaid } from "mermaid";
import { type Draw, type FromFrame, isOurs, type Large, type Palette, type Scheme, targetOrigin } from "./mermaid-messages";

const library = (globalThis as { mermaid?: Mermaid }).mermaid; // from mermaid.min.js, loaded before

const root = document.documentElement;
const box = document.getElementById("diagram") as HTMLElement;
let count = 0;
let drawn = false;
let title = "";

function send(message: FromFrame): void {
  parent.postMessage(message, targetOrigin());
}

/** The colour between two of "#rrggbb", part of the way (0 to 1) to the second. */
function mix(from: string, to: string, part: number): string {
  const channel = (color: string, i: number): number => Number.parseInt(color.slice(1 + 2 * i, 3 + 2 * i), 16);
  const between = (i: number): string =>
    Math.round(channel(from, i) * (1 - part) + channel(to, i) * part)
      .toString(16)
      .padStart(2, "0");
  return "#" + between(0) + between(1) + between(2);
}

/** Sets mermaid up to draw in the page's font and colours. */
function configure(mermaid: Mermaid, font: string, scheme: Scheme, page: Palette): void {
  const tint = mix(page.paper, page.accent, scheme === "dark" ? 0.18 : 0.1);
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    suppressErrorRendering: true,
    theme: "base",
    darkMode: scheme === "dark",
    fontFamily: font,
    themeVariables: {
      darkMode: scheme === "dark",
      fontFamily: font,
      background: page.paper,
      primaryColor: tint,
      primaryBorderColor: mix(page.paper, page.accent, 0.6),
      primaryTextColor: page.ink,
      secondaryColor: page.panel,
      secondaryBorderColor: page.line,
      secondaryTextColor: page.ink,
      tertiaryColor: page.panel,
      tertiaryBorderColor: page.line,
      tertiaryTextColor: page.ink,
      noteBkgColor: page.panel,
      noteBorderColor: page.line,
      noteTextColor: page.ink,
      lineColor: page.soft,
      textColor: page.ink,
      edgeLabelBackground: page.paper,
      dropShadow: "none",
      useGradient: false,
    },
  });
}

/** What went wrong in one line, without mermaid's drawing of the place. */
function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  const [line = ""] = text.trim().split("\n");
  return line.replace(/[:.]\s*$/, "").slice(0, 200);
}

async function draw(order: Draw): Promise<void> {
  const turn = ++count;
  if (library === undefined) {
    send({ lectern: "failed", reason: "the diagram library did not load" });
    return;
  }
  root.style.colorScheme = order.scheme;
  root.classList.toggle("dark", order.scheme === "dark");
  root.style.fontFamily = order.font;
  box.dataset["align"] = order.align;
  try {
    configure(library, order.font, order.scheme, order.palette);
    const { svg } = await library.render(`diagram-${turn}`, order.source);
    if (turn !== count) {
      return; // a later order came in between
    }
    box.innerHTML = svg; // cleaned by mermaid; no script can run here anyway
  } catch (cause) {
    if (turn === count) {
      send({ lectern: "failed", reason: reasonOf(cause) });
    }
    return;
  }
  finish(order.base);
}

function finish(base: string): void {
  const svg = box.querySelector("svg");
  if (svg === null) {
    send({ lectern: "failed", reason: "the library drew nothing" });
    return;
  }
  if (svg.querySelector("style")?.sheet === null) {
    send({ lectern: "failed", reason: "the site's host forbids the styles it needs" });
    return;
  }
  keepLegible(svg);
  leadOut(svg, base);
  title = svg.querySelector(":scope > title")?.textContent?.trim() ?? "";
  drawn = true;
  report();
}

/** Tells the style sheet how wide the diagram is by itself; it shrinks or scrolls. */
function keepLegible(svg: SVGSVGElement): void {
  const natural = svg.viewBox.baseVal.width;
  svg.style.removeProperty("max-width");
  if (natural > 0) {
    svg.style.setProperty("--natural", `${natural}px`);
  }
}

/** Makes links lead from the page, not from the frame, and only to the web. */
function leadOut(svg: SVGSVGElement, base: string): void {
  for (const link of svg.querySelectorAll("a")) {
    const written = link.getAttribute("href") ?? link.getAttributeNS("http://www.w3.org/1999/xlink", "href") ?? "";
    link.removeAttributeNS("http://www.w3.org/1999/xlink", "href");
    const url = URL.canParse(written, base) ? new URL(written, base) : null;
    if (url === null || !["http:", "https:", "mailto:"].includes(url.protocol)) {
      link.removeAttribute("href");
      continue;
    }
    link.setAttribute("href", url.href);
    link.setAttribute("target", "_top");
  }
}

/** Tells the page how high the diagram is, a scroll bar below it included. */
function report(): void {
  if (!drawn) {
    return;
  }
  const svg = box.querySelector("svg");
  const width = svg?.getBoundingClientRect().width ?? 0;
  const shrunk = svg !== null && width > 0 ? Math.max(1, svg.viewBox.baseVal.width / width) : 1;
  const bar = document.body.offsetHeight - document.body.clientHeight;
  send({ lectern: "drawn", height: Math.ceil(box.getBoundingClientRect().height) + Math.max(bar, 0), shrunk, title });
}

addEventListener("message", (e: MessageEvent<Draw | Large>) => {
  if (e.source !== parent || !isOurs(e)) {
    return;
  }
  switch (e.data?.lectern) {
    case "draw":
      void draw(e.data);
      break;
    case "large":
      root.classList.toggle("large", e.data.on);
      break;
  }
});

if (parent !== window) {
  new ResizeObserver(report).observe(box);
  send({ lectern: "ready" });
}
