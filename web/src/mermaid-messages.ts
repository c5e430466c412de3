// What a page and the frame that draws one of its diagrams say to each other.

export type Scheme = "light" | "dark";

/** The page's colours, each "#rrggbb". */
export interface Palette {
  paper: string;
  panel: string;
  line: string;
  ink: string;
  soft: string;
  accent: string;
}

/** From the page: draw this. Sent again when the colours of the page change. */
export interface Draw {
  lectern: "draw";
  source: string;
  /** Where the diagram stands: "left", "right", or "" for the middle. */
  align: string;
  scheme: Scheme;
  palette: Palette;
  /** The page's font-family, as computed. */
  font: string;
  /** The page's address, for relative links in the diagram. */
  base: string;
}

/** From the page: the diagram has the screen to itself now, or no longer. */
export interface Large {
  lectern: "large";
  on: boolean;
}

/** From the frame: its script runs and waits for a Draw. */
export interface Ready {
  lectern: "ready";
}

/** From the frame: the diagram stands, this high in CSS pixels. Sent again when that changes. */
export interface Drawn {
  lectern: "drawn";
  height: number;
  /** How much wider than the frame its letters were meant to be: 1 where it fits. */
  shrunk: number;
  /** What the diagram's author calls it (accTitle), or "". */
  title: string;
}

/** From the frame: no diagram, and why, in one line. */
export interface Failed {
  lectern: "failed";
  reason: string;
}

export type FromFrame = Ready | Drawn | Failed;

const fromDisk = location.protocol === "file:";

/** The origin to send to: files opened from a disk have none that can be named. */
export function targetOrigin(): string {
  return fromDisk ? "*" : location.origin;
}

/** Whether a message comes from this site. The receiver checks the window as well. */
export function isOurs(e: MessageEvent): boolean {
  return e.origin === location.origin || (fromDisk && e.origin === "null");
}
