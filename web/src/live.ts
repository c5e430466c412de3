// The client of `lectern serve`: it hears of each new state of the site through
// server-sent events, loads the page again if what it shows has changed, keeps
// the reader's place, and shows what the build found wrong.

import { Overlay, type State } from "./live-overlay";
import { keepPlace, restorePlace } from "./live-place";
import { recall, remember } from "./live-storage";

/** What the server says: the state for the overlay, and which content is current. */
interface Update extends State {
  /** The snapshot's digest; "" while there is none. */
  digest: string;
  /** The entity tag of this page as it would be served now. */
  etag: string;
}

const script = document.currentScript as HTMLScriptElement;
const shown = script.dataset["etag"] ?? "";
const base = new URL("./", script.src);

/** Reloads in a row for one and the same content, after which something is wrong elsewhere. */
const maxReloads = 3;
/** The most style sheets and pictures of a page that are asked for. */
const maxParts = 80;

class Live {
  private events: EventSource | undefined;
  private retry: number | undefined;
  private delay = 500;
  private reloading = false;
  private digest: string | undefined;
  private parts = new Map<string, string>();
  private work: Promise<void> = Promise.resolve();

  constructor(private readonly overlay: Overlay) {}

  /**
   * Opens the stream, but only while the page is seen: a browser has six
   * connections to a server, and as many open tabs would take them all.
   */
  connect(): void {
    if (this.events !== undefined || document.visibilityState === "hidden") return;
    clearTimeout(this.retry);
    const events = new EventSource(new URL(`events?page=${encodeURIComponent(location.pathname)}`, base));
    this.events = events;
    events.addEventListener("update", (e: MessageEvent<string>) => {
      this.delay = 500;
      const update = JSON.parse(e.data) as Update;
      if (location.pathname !== base.pathname) this.overlay.show(update); // else the page lists them
      // One after the other: two looks at once would disagree.
      this.work = this.work.then(() => this.take(update));
    });
    events.addEventListener("error", () => {
      if (events.readyState !== EventSource.CLOSED) return; // the browser tries again
      this.disconnect();
      this.retry = setTimeout(() => this.connect(), this.delay);
      this.delay = Math.min(this.delay * 2, 10_000);
    });
  }

  disconnect(): void {
    clearTimeout(this.retry);
    this.events?.close();
    this.events = undefined;
  }

  private async take(update: Update): Promise<void> {
    if (this.reloading) return;
    try {
      if (update.etag !== shown) {
        await this.reload(update.etag);
      } else if (this.digest === undefined) {
        // What the browser shows is what its cache has.
        this.parts = await tags(partsOfPage(), "force-cache");
        if ((await this.changedPart()) !== undefined) await this.reload(update.digest);
      } else if (update.digest !== this.digest && (await this.changedPart()) !== undefined) {
        await this.reload(update.digest);
      }
      this.digest = update.digest;
    } catch {
      // The server went away meanwhile. The stream will be opened again, and
      // its first event brings us here again.
    }
  }

  /** Returns a style sheet or picture of this page that is another one now. */
  private async changedPart(): Promise<string | undefined> {
    const now = await tags([...this.parts.keys()], "no-store");
    for (const [url, tag] of this.parts) {
      if (now.get(url) !== tag) return url;
    }
    for (const url of partsOfPage()) {
      // Loaded since, by a script.
      if (!this.parts.has(url)) this.parts.set(url, (await tag(url, "no-store")) ?? "");
    }
    return undefined;
  }

  private async reload(target: string): Promise<void> {
    const key = `reloads:${location.pathname}`;
    const [last, count] = (recall(key) ?? "").split(" ");
    const nth = last === target ? Number(count) + 1 : 1;
    if (nth > maxReloads) return;
    // A server that ended just now must not leave the reader with an error page.
    await fetch(location.href, { method: "HEAD", cache: "no-store" });
    remember(key, `${target} ${nth}`);
    this.reloading = true;
    this.disconnect();
    keepPlace();
    location.reload();
  }
}

/** The addresses, on this server, of what the page is put together from. */
function partsOfPage(): string[] {
  const urls = new Set<string>();
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel~="stylesheet"], link[rel~="icon"]')) urls.add(link.href);
  for (const img of document.images) {
    const url = img.currentSrc || img.src;
    if (url !== "") urls.add(url);
  }
  const here = [...urls].filter((u) => u.startsWith(location.origin + "/") && !u.startsWith(base.href));
  return here.slice(0, maxParts);
}

async function tag(url: string, cache: RequestCache): Promise<string | undefined> {
  const response = await fetch(url, { method: "HEAD", cache });
  return response.headers.get("ETag") ?? undefined;
}

async function tags(urls: string[], cache: RequestCache): Promise<Map<string, string>> {
  const found = await Promise.all(urls.map(async (u) => [u, (await tag(u, cache)) ?? ""] as const));
  return new Map(found);
}

restorePlace();
const live = new Live(new Overlay(new URL("live.css", base).href));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") live.disconnect();
  else live.connect();
});
addEventListener("pagehide", () => live.disconnect());
addEventListener("pageshow", () => live.connect());
live.connect();
