// What the page of changes does with script: it remembers which changes the
// reader has seen, and marks those that are new since the last visit. Nothing
// leaves the browser, and without script or storage the page is complete.
//
// It keeps the names of the changes rather than a time: a change may be made
// long before it is published.

const all = [...document.querySelectorAll<HTMLElement>("[data-change]")];
// Several sites may share an origin.
const key = `lectern-changes:${location.pathname}`;

/**
 * What was seen before this visit, or at its beginning if it is the first; a
 * visit lasts as long as its tab.
 */
function seenBefore(): Set<string> | null {
  try {
    const now = all.map((c) => c.dataset["change"]).join(" ");
    const before = sessionStorage.getItem(key) ?? localStorage.getItem(key) ?? now;
    sessionStorage.setItem(key, before);
    localStorage.setItem(key, now);
    return new Set(before.split(" "));
  } catch {
    return null; // storage is forbidden: every visit is the first
  }
}

function mark(seen: Set<string>): void {
  const news = all.filter((c) => !seen.has(c.dataset["change"] ?? ""));
  const line = document.querySelector<HTMLElement>(".changes-new");
  const first = news[0];
  if (line === null || first === undefined) {
    return;
  }
  for (const c of news) {
    const badge = document.createElement("span");
    badge.className = "change-badge";
    badge.textContent = line.dataset["badge"] ?? "";
    c.classList.add("is-new");
    c.querySelector("h3")?.append(" ", badge);
  }
  const text = news.length === 1 ? line.dataset["one"] : line.dataset["other"];
  const link = document.createElement("a");
  link.href = `#${first.id}`;
  link.textContent = (text ?? "").replace("#", String(news.length));
  line.append(link);
}

const seen = seenBefore();
if (seen !== null) {
  mark(seen);
}
