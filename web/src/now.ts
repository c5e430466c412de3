// Marks in a timetable what takes place now. The page is complete without it.
//
// It is loaded, deferred, by pages with a timetable:
//
//   <script src="…/now.js" data-now="Now" defer></script>
//
// A time without a zone is one on the reader's own clock: who is at the
// conference has set it so.

const label = (document.currentScript as HTMLScriptElement).dataset["now"] ?? "Now";

function mark(): void {
  const now = Date.now();
  for (const cell of document.querySelectorAll<HTMLElement>("[data-from]")) {
    const on = Date.parse(cell.dataset["from"] ?? "") <= now && now < Date.parse(cell.dataset["to"] ?? "");
    if (on === cell.classList.contains("tt-now")) {
      continue;
    }
    cell.classList.toggle("tt-now", on);
    const line = cell.querySelector(".tt-when");
    if (on) {
      const word = document.createElement("strong");
      word.className = "tt-word";
      word.textContent = label;
      line?.prepend(word);
    } else {
      line?.querySelector(".tt-word")?.remove();
    }
  }
}

mark();
setInterval(mark, 60_000);
