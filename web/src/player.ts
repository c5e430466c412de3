// Plays a recording in the place of the plate that leads to it, once a reader
// clicks on the plate: nothing is asked of another site before. The plate is a
// link, so that without this script, or where a policy forbids the player, the
// recording opens at its own site.
//
// It is loaded, deferred, by pages with a recording. A plate says in
// data-player what plays it: the address of a page for a frame, or "file".

function player(plate: HTMLAnchorElement, source: string): HTMLElement {
  if (source === "file") {
    const video = document.createElement("video");
    video.controls = video.autoplay = true;
    video.src = plate.href;
    return video;
  }
  const frame = document.createElement("iframe");
  frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
  frame.allowFullscreen = true;
  // The players ask where they are shown, and refuse without an answer.
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  frame.src = source + (source.includes("?") ? "&" : "?") + "autoplay=1";
  return frame;
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
    return;
  }
  const plate = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-player]") : null;
  const source = plate?.dataset["player"];
  if (!plate || !source) {
    return;
  }
  event.preventDefault();
  const shown = player(plate, source);
  shown.className = "player";
  shown.title = plate.textContent?.trim() ?? "";
  const leave = (): void => {
    shown.replaceWith(plate);
    location.assign(plate.href);
  };
  document.addEventListener("securitypolicyviolation", (violation) => {
    if (shown.isConnected && /^(frame|child|media|default)-src/.test(violation.effectiveDirective)) {
      leave();
    }
  });
  shown.addEventListener("error", () => {
    if (shown.isConnected) {
      leave();
    }
  });
  plate.replaceWith(shown);
  shown.tabIndex = shown instanceof HTMLVideoElement ? 0 : shown.tabIndex;
  shown.focus();
});
