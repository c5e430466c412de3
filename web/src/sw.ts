// The site's service worker: what was read, and on request all of the site, can
// be read without a network. A page is always asked for over the network first,
// so that an old one is never shown while there is a newer one; only files
// whose name holds their content's hash come from the cache at once.
//
// The site puts its words and its language before this file (see
// internal/page/offline.go).

interface Site {
  lang: string;
  offline: string;
  offlineText: string;
  home: string;
}

/** The part of a service worker's surroundings that TypeScript's DOM library lacks. */
interface Extendable extends Event {
  waitUntil(p: Promise<unknown>): void;
}
interface FetchEvent extends Extendable {
  readonly request: Request;
  respondWith(r: Promise<Response>): void;
}
interface Asked extends Extendable {
  readonly data: unknown;
  readonly ports: readonly MessagePort[];
}
interface Worker {
  readonly lectern: Site;
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", f: (e: Extendable) => void): void;
  addEventListener(type: "fetch", f: (e: FetchEvent) => void): void;
  addEventListener(type: "message", f: (e: Asked) => void): void;
}

/**
 * One file of the site: its address from the root, kilobytes, hash ("" if its
 * name has one), and 1 for a picture.
 */
type Entry = [string, number, string, 0 | 1];

/** What was kept on request: the hash of each file by its address. */
interface Kept {
  pictures: boolean;
  looked: number;
  files: Record<string, string>;
}

const worker = self as unknown as Worker;
const scope = worker.registration.scope;
const store = `lectern ${scope}`;
const keptAt = `${scope}lectern/kept.json`;
const listAt = `${scope}lectern/offline.json`;

/** At most so many files are kept of what was merely read. */
const most = 2000;
/** How often what was kept is compared with the site, in milliseconds. */
const lookEvery = 5 * 60 * 1000;

const hashed = /\/lectern\/(?:[^?#]*\/)?[^/?#]*[.-][0-9a-f]{8,}\.[a-z0-9]+$/;

/** The address under which a request is kept: without query and fragment. */
function key(url: string): string {
  return url.replace(/[?#].*$/, "");
}

async function keep(url: string, r: Response): Promise<void> {
  const cache = await caches.open(store);
  try {
    await cache.put(key(url), r);
  } catch {
    // No room: reading goes on, and what is kept stays.
    return;
  }
  const all = await cache.keys();
  if (all.length > most) {
    const kept = (await readKept())?.files ?? {};
    const old = all.find((q) => q.url !== keptAt && !((q.url.slice(scope.length)) in kept));
    if (old !== undefined) {
      await cache.delete(old);
    }
  }
}

async function kept(url: string): Promise<Response | undefined> {
  return (await caches.open(store)).match(key(url));
}

async function answer(e: FetchEvent): Promise<Response> {
  const url = e.request.url;
  const forEver = hashed.test(key(url));
  if (forEver) {
    const r = await kept(url);
    if (r !== undefined) {
      return r;
    }
  }
  let r: Response;
  try {
    // A page's freshness is the site's to say, not the browser's to guess.
    r = await (e.request.mode === "navigate" ? fetch(e.request, { cache: "no-cache" }) : fetch(e.request));
  } catch (err) {
    const old = await kept(url);
    if (old !== undefined) {
      return old;
    }
    if (e.request.mode === "navigate") {
      return missing();
    }
    throw err;
  }
  if (r.status === 404 || r.status === 410) {
    // What was withdrawn is not kept.
    e.waitUntil(caches.open(store).then((c) => c.delete(key(url))));
  } else if (r.status === 200 && r.type === "basic" && !r.redirected) {
    e.waitUntil(keep(url, r.clone()));
    if (e.request.mode === "navigate") {
      e.waitUntil(refresh(false));
    }
  }
  return r;
}

function escaped(s: string): string {
  return s.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** The page shown for one that was not kept. */
function missing(): Response {
  const w = worker.lectern;
  const html = `<!DOCTYPE html><html lang="${escaped(w.lang)}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escaped(w.offline)}</title><h1>${escaped(w.offline)}</h1><p>${escaped(w.offlineText)}</p><p><a href="${escaped(scope)}">${escaped(w.home)}</a></p></html>`;
  return new Response(html, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}

async function readKept(): Promise<Kept | undefined> {
  const r = await (await caches.open(store)).match(keptAt);
  return r === undefined ? undefined : ((await r.json()) as Kept);
}

async function writeKept(k: Kept): Promise<void> {
  await (await caches.open(store)).put(keptAt, new Response(JSON.stringify(k)));
}

async function list(): Promise<Entry[]> {
  const r = await fetch(listAt, { cache: "no-cache" });
  if (!r.ok) {
    throw new Error(`${listAt}: ${r.status}`);
  }
  return ((await r.json()) as { files: Entry[] }).files;
}

/** Fetches what is missing or has changed, and drops what is gone. */
async function fill(k: Kept, tell: (done: number, total: number) => void): Promise<void> {
  const cache = await caches.open(store);
  const files = (await list()).filter((f) => f[3] === 0 || k.pictures);
  const here = new Set(files.map((f) => f[0]));
  for (const path of Object.keys(k.files)) {
    if (!here.has(path)) {
      await cache.delete(scope + path);
      delete k.files[path];
    }
  }
  const todo = files.filter((f) => k.files[f[0]] !== f[2]);
  const total = todo.reduce((sum, f) => sum + f[1] * 1000, 0);
  let done = 0;
  const next = todo.values();
  const work = async (): Promise<void> => {
    for (const [path, size, hash] of next) {
      const r = await fetch(scope + path, { cache: "no-cache" });
      if (r.status !== 200) {
        throw new Error(`${path}: ${r.status}`);
      }
      await cache.put(scope + path, r);
      k.files[path] = hash;
      done += size * 1000;
      tell(done, total);
    }
  };
  try {
    await Promise.all(Array.from({ length: 4 }, work));
    k.looked = Date.now();
  } finally {
    await writeKept(k); // also what was done before it failed
  }
}

let filling: Promise<void> | undefined;

/** Brings what was kept up to date. */
async function refresh(now: boolean): Promise<void> {
  const k = await readKept();
  if (k === undefined || filling !== undefined || (!now && Date.now() - k.looked < lookEvery)) {
    return;
  }
  try {
    filling = fill(k, () => undefined);
    await filling;
  } catch {
    // The network is gone again: the next page tries anew.
  } finally {
    filling = undefined;
  }
}

/** What the page asks for; its port gets the answers. */
type Ask = { do: "keep"; pictures: boolean } | { do: "forget" } | { do: "tell" };

async function serve(ask: Ask, port: MessagePort): Promise<void> {
  const say = async (): Promise<void> => {
    const k = await readKept();
    port.postMessage({ kept: k !== undefined && k.looked > 0, pictures: k?.pictures ?? false });
  };
  try {
    switch (ask.do) {
      case "keep": {
        await filling?.catch(() => undefined);
        const k = (await readKept()) ?? { pictures: false, looked: 0, files: {} };
        k.pictures = ask.pictures;
        filling = fill(k, (done, total) => port.postMessage({ done, total }));
        try {
          await filling;
        } finally {
          filling = undefined;
        }
        break;
      }
      case "forget":
        await caches.delete(store);
    }
    await say();
  } catch (err) {
    port.postMessage({ failed: String(err) });
  }
}

worker.addEventListener("install", (e) => e.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (e) => e.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (e) => {
  const q = e.request;
  if (q.method !== "GET" || !q.url.startsWith(scope) || q.headers.has("Range")) {
    return;
  }
  // What the server itself says, and previews, are no part of the site.
  if (/^_(?:lectern|preview)\//.test(q.url.slice(scope.length))) {
    return;
  }
  e.respondWith(answer(e));
});
worker.addEventListener("message", (e) => {
  const port = e.ports[0];
  if (port !== undefined) {
    e.waitUntil(serve(e.data as Ask, port));
  }
});
