// On the home page: lets a reader keep all of the site for a time without a
// network, and says how much that is. Loaded by the home page alone; without
// script the part stays hidden, for it could do nothing.

type Answer = { done: number; total: number } | { kept: boolean; pictures: boolean } | { failed: string };
type Entry = [string, number, string, 0 | 1];

const box = document.querySelector<HTMLDetailsElement>(".offline");
const manifest = document.querySelector<HTMLLinkElement>('link[rel="manifest"]');

function megabytes(n: number): string {
  const locale = document.documentElement.lang;
  const mb = n / 1e6;
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: "megabyte",
    maximumFractionDigits: mb < 10 ? 1 : 0,
    minimumFractionDigits: 0,
  }).format(Math.max(mb, 0.1));
}

function start(part: HTMLDetailsElement, root: URL): void {
  const words = part.dataset;
  const line = part.querySelector<HTMLElement>("[role=status]");
  const buttons = part.querySelector<HTMLElement>(".offline-do");
  if (line === null || buttons === null) {
    return;
  }

  const ask = async (what: object): Promise<void> => {
    const active = (await navigator.serviceWorker.ready).active;
    if (active === null) {
      return;
    }
    const channel = new MessageChannel();
    channel.port1.onmessage = (e: MessageEvent<Answer>): void => {
      const a = e.data;
      if ("total" in a) {
        line.textContent = `${megabytes(a.done)} / ${megabytes(a.total)}`;
      } else if ("failed" in a) {
        line.textContent = words["failed"] ?? "";
        show(false);
      } else {
        line.textContent = a.kept ? (words["kept"] ?? "") : "";
        show(a.kept);
      }
    };
    active.postMessage(what, [channel.port2]);
  };

  const add = (text: string, what: object): void => {
    const b = document.createElement("button");
    b.type = "button";
    b.className = "btn btn-default";
    b.textContent = text;
    b.addEventListener("click", () => {
      buttons.replaceChildren();
      void ask(what);
    });
    buttons.append(b);
  };

  let sizes: { text: number; pictures: number } | undefined;
  const show = (kept: boolean): void => {
    buttons.replaceChildren();
    if (kept) {
      add(words["forget"] ?? "", { do: "forget" });
    } else if (sizes !== undefined) {
      add(`${words["keep"] ?? ""} (${megabytes(sizes.text)})`, { do: "keep", pictures: false });
      if (sizes.pictures > 0) {
        add(`${words["keepPictures"] ?? ""} (${megabytes(sizes.text + sizes.pictures)})`, { do: "keep", pictures: true });
      }
    }
  };

  part.addEventListener("toggle", () => {
    if (!part.open || sizes !== undefined) {
      return;
    }
    sizes = { text: 0, pictures: 0 };
    const fill = async (): Promise<void> => {
      const r = await fetch(new URL("lectern/offline.json", root));
      const { files } = (await r.json()) as { files: Entry[] };
      const sum = { text: 0, pictures: 0 };
      for (const [, size, , picture] of files) {
        sum[picture === 1 ? "pictures" : "text"] += size;
      }
      sizes = sum;
      await ask({ do: "tell" });
    };
    fill().catch(() => {
      sizes = undefined;
      line.textContent = words["failed"] ?? "";
    });
  });
  part.hidden = false;
}

if (box !== null && manifest !== null && "serviceWorker" in navigator) {
  start(box, new URL("./", manifest.href));
}
