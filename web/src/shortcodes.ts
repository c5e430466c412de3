// Tabs of one group switch together, and the choice is kept for the next page.
// Tabs work without this: each set by itself.

const key = "lectern-tabs:";

/** What stands on a tab, which is how those of other sets are found. */
function name(pick: HTMLInputElement): string {
  return pick.nextElementSibling?.textContent?.trim() ?? "";
}

/** The radio buttons of a group's sets, without those of sets in their tabs. */
function picks(group: string): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLElement>(".tabs[data-group]")]
    .filter((set) => set.dataset["group"] === group)
    .flatMap((set) => [...set.querySelectorAll<HTMLInputElement>(":scope > .tab-pick")]);
}

function choose(group: string, tab: string): void {
  for (const pick of picks(group)) {
    if (name(pick) === tab) {
      pick.checked = true;
    }
  }
}

document.addEventListener("change", (event) => {
  const pick = event.target;
  if (!(pick instanceof HTMLInputElement) || !pick.classList.contains("tab-pick")) {
    return;
  }
  const set = pick.closest<HTMLElement>(".tabs");
  const group = set?.dataset["group"];
  if (!set || !group) {
    return;
  }
  // What the reader looks at stays where it is, whatever grows above it.
  const before = set.getBoundingClientRect().top;
  choose(group, name(pick));
  scrollBy({ top: set.getBoundingClientRect().top - before, behavior: "instant" });
  try {
    localStorage.setItem(key + group, name(pick));
  } catch {
    // Without storage the choice holds until the next page.
  }
});

for (const group of new Set([...document.querySelectorAll<HTMLElement>(".tabs[data-group]")].map((set) => set.dataset["group"]!))) {
  try {
    const kept = localStorage.getItem(key + group);
    if (kept !== null) {
      choose(group, kept);
    }
  } catch {
    break;
  }
}
