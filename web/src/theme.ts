// What the theme does with script: it remembers the reader's colour scheme,
// and marks in the table of contents what is on the screen. The page is
// complete without it.
//
// It is loaded in the head and not deferred, so that the chosen scheme is set
// before anything is painted.

import { searching } from "./search-open";

type Choice = "auto" | "light" | "dark";

const root = document.documentElement;
const key = "lectern-scheme";

/** The reader's choice; storage may be forbidden, then it lasts for the page. */
function remembered(): Choice {
  try {
    const kept = localStorage.getItem(key);
    return kept === "light" || kept === "dark" ? kept : "auto";
  } catch {
    return "auto";
  }
}

function remember(choice: Choice): void {
  try {
    if (choice === "auto") {
      localStorage.removeItem(key);
    } else {
      localStorage.setItem(key, choice);
    }
  } catch {
    // Without storage the choice holds until the next page.
  }
}

let choice = remembered();

function apply(): void {
  if (choice === "auto") {
    delete root.dataset["theme"];
  } else {
    root.dataset["theme"] = choice;
  }
}

apply();

function schemeButton(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-scheme-label]");
  if (button === null) {
    return;
  }
  const show = (): void => {
    const label = `${button.dataset["schemeLabel"] ?? ""}: ${button.dataset[choice] ?? choice}`;
    button.setAttribute("aria-label", label);
    button.title = label;
    button.dataset["scheme"] = choice;
  };
  button.addEventListener("click", () => {
    choice = choice === "auto" ? "light" : choice === "light" ? "dark" : "auto";
    remember(choice);
    apply();
    show();
  });
  // Another tab's choice is this one's too.
  addEventListener("storage", (e) => {
    if (e.key === key || e.key === null) {
      choice = remembered();
      apply();
      show();
    }
  });
  show();
  button.hidden = false;
}

/** Marks the heading whose part of the text is at the top of the screen. */
function contents(): void {
  const fold = document.querySelector<HTMLDetailsElement>(".toc details");
  if (fold === null) {
    return;
  }
  const wide = matchMedia("(min-width: 76rem)");
  const open = (): void => {
    fold.open = wide.matches;
  };
  wide.addEventListener("change", open);
  open();

  const places = new Map<Element, HTMLAnchorElement>();
  for (const link of fold.querySelectorAll<HTMLAnchorElement>("a")) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading !== null) {
      places.set(heading, link);
    }
  }
  let current: HTMLAnchorElement | undefined;
  let waiting = false;
  const mark = (): void => {
    waiting = false;
    let next: HTMLAnchorElement | undefined;
    for (const [heading, link] of places) {
      if (heading.getBoundingClientRect().top > innerHeight * 0.25) {
        break;
      }
      next = link;
    }
    if (next !== current) {
      current?.removeAttribute("aria-current");
      next?.setAttribute("aria-current", "true");
      current = next;
      keepInView(fold.parentElement, next);
    }
  };
  const soon = (): void => {
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(mark);
    }
  };
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon, { passive: true });
  mark();
}

/** Scrolls a list that is longer than the screen, so that its line is seen. */
function keepInView(list: HTMLElement | null, line: HTMLElement | undefined): void {
  if (list === null || line === undefined || list.scrollHeight <= list.clientHeight) {
    return;
  }
  const box = list.getBoundingClientRect();
  const at = line.getBoundingClientRect();
  if (at.top < box.top || at.bottom > box.bottom) {
    list.scrollTop += at.top - box.top - list.clientHeight / 2;
  }
}

/** Brings the current line of a long menu into its view. */
function menuPlace(): void {
  const menu = document.getElementById("l-menu");
  const line = menu?.querySelector<HTMLElement>("[aria-current]");
  if (!menu || !line) {
    return;
  }
  const place = (): void => {
    const past = line.getBoundingClientRect().bottom - menu.getBoundingClientRect().bottom;
    if (past > 0) {
      menu.scrollTop += past + menu.clientHeight / 3;
    }
  };
  menu.addEventListener("toggle", place);
  place();
}

/** Keeps what is read for a time without a network; not while notes are written. */
function offline(): void {
  const manifest = document.querySelector<HTMLLinkElement>('link[rel="manifest"]');
  if (manifest === null || !("serviceWorker" in navigator) || document.querySelector('script[src*="_lectern/"]') !== null) {
    return;
  }
  // Where it is forbidden (a private window) reading goes on without.
  navigator.serviceWorker.register(new URL("sw.js", manifest.href)).catch(() => undefined);
}

addEventListener("load", offline);

document.addEventListener("DOMContentLoaded", () => {
  schemeButton();
  contents();
  menuPlace();
  searching();
});
