// Says how many rows a filter leaves, and hides the headings of parts of the
// list in which none is left. The filter itself is a matter of the style sheet.

for (const list of document.querySelectorAll<HTMLElement>(".filtered")) {
  const count = list.querySelector<HTMLOutputElement>(".filter-count");
  list.addEventListener("change", () => {
    const rows = [...list.querySelectorAll<HTMLElement>(".row")];
    for (const group of list.querySelectorAll<HTMLElement>(".group")) {
      group.hidden = false;
    }
    const left = rows.filter((row) => row.getClientRects().length > 0);
    for (const group of list.querySelectorAll<HTMLElement>(".group")) {
      group.hidden = !left.some((row) => group.contains(row));
    }
    if (count) {
      const phrase = (left.length === 1 ? count.dataset["one"] : count.dataset["other"]) ?? "#";
      count.textContent = left.length < rows.length ? phrase.replace("#", String(left.length)) : "";
    }
  });
}
