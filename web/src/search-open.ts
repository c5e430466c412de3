// What every page has of search: the keys and the button that open it. All
// else is loaded when it is first asked for.

/** Loads a script or a style sheet of the site. */
function loaded(e: HTMLScriptElement | HTMLLinkElement): Promise<unknown> {
  return new Promise((done, failed) => {
    e.onload = done;
    e.onerror = failed;
    document.head.append(e);
  });
}

export function searching(): void {
  const opener = document.querySelector<HTMLElement>("[data-search]");
  if (opener === null) {
    return;
  }
  opener.hidden = false;
  let ready: Promise<unknown> | undefined;
  const load = (): Promise<unknown> => {
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: opener.dataset["style"] });
    const script = Object.assign(document.createElement("script"), { src: opener.dataset["search"] });
    ready ??= loaded(style).then(() => loaded(script));
    return ready;
  };
  const open = (): void => {
    load().then(
      () => document.dispatchEvent(new Event("lectern-search")),
      () => {
        ready = undefined;
        opener.title = opener.dataset["failed"] ?? "";
      },
    );
  };
  opener.addEventListener("click", (e) => {
    if (!(e.ctrlKey || e.metaKey || e.shiftKey)) {
      e.preventDefault();
      open();
    }
  });
  addEventListener("keydown", (e) => {
    const typing = e.target instanceof Element && e.target.closest("input, textarea, select, [contenteditable]") !== null;
    const key = e.key.toLowerCase();
    if ((e.key === "/" && !typing && !e.ctrlKey && !e.metaKey && !e.altKey) || (key === "k" && (e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey)) {
      e.preventDefault();
      open();
    }
  });
  if (document.getElementById("l-search") !== null) {
    open();
  }
}
