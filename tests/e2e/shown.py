"""What the page of a case shows, read as text: the sections with their lists, the table of the history."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.person import Person

# Labels and values, and of each table its rows under its heads, with what stands under a row. What is worked out
# from what was typed stands in a box of its own and is left out.
READ = """
(place) => {
  const words = (node) => node.textContent.replace(/\\s+/g, " ").trim();
  const cell = (node) => {
    const copy = node.cloneNode(true);
    const small = [...copy.querySelectorAll("small")];
    small.forEach((one) => one.remove());
    return {text: words(copy), small: small.map(words).join(" ")};
  };
  const links = (node) => [...node.querySelectorAll("a")].map((a) => [words(a), a.getAttribute("href")]);
  const pairs = Object.fromEntries(
    [...place.querySelectorAll("dl:not(.app-kvs--boxed) > .app-kv")].map((one) => [
      words(one.querySelector("dt")), words(one.querySelector("dd")),
    ]),
  );
  const tables = Object.fromEntries(
    [...place.querySelectorAll("table")].map((table) => {
      const heads = [...table.tHead.rows[0].cells].map(words);
      const rows = [];
      for (const row of table.tBodies[0].rows) {
        if (row.classList.contains("app-row-under")) {
          const last = rows.at(-1);
          for (const note of row.querySelectorAll("p:not(.app-row-links)")) {
            const label = words(note.querySelector("b"));
            last.notes[label] = words(note).slice(label.length).trim();
          }
          last.links = links(row);
        } else {
          const cells = [...row.cells].map((one, i) => [heads[i], cell(one)]);
          rows.push({cells: Object.fromEntries(cells), notes: {}, links: []});
        }
      }
      return [words(table.caption), rows];
    }),
  );
  return {pairs, tables, text: words(place), links: links(place)};
}
"""

FOLDED = ".app-section__details:not([open]) > summary, #tl-table:not([open]) > summary"


class Shown:
    """The page of one case, all its folded sections opened."""

    def __init__(self, person: Person, path: str) -> None:
        person.go(path)
        self.page: Page = person.page
        folded = self.page.locator(FOLDED)
        while folded.count():
            folded.first.click()
        self.read: dict[str, dict[str, Any]] = {}

    def _of(self, place: str) -> dict[str, Any]:
        if place not in self.read:
            self.read[place] = self.page.locator(place).evaluate(READ)
        return self.read[place]

    def pair(self, section: str, label: str) -> str:
        """Return the value that stands under a label of a section."""
        return str(self._of(f"#section-{section}")["pairs"].get(label, f"no “{label}”"))

    def rows(self, section: str, caption: str) -> list[dict[str, Any]]:
        """Return the rows of a list of a section; none where it is empty."""
        found: list[dict[str, Any]] = self._of(f"#section-{section}")["tables"].get(caption, [])
        return found

    def text(self, section: str) -> str:
        """Return all that a section says."""
        return str(self._of(f"#section-{section}")["text"])

    def links(self, section: str) -> list[tuple[str, str]]:
        """Return words and address of all links of a section."""
        return [(words, where) for words, where in self._of(f"#section-{section}")["links"]]

    def history(self) -> list[tuple[str, str, str, str]]:
        """Return the table beside the picture of the history."""
        rows = self._of("#case-history")["tables"].get("History", [])
        return [
            (*(str(row["cells"][head]["text"]) for head in ("What", "Item", "When", "Details")),)
            for row in rows
        ]

    def drawn(self) -> list[str]:
        """Return what each mark of the picture says."""
        marks = self.page.locator("#case-history .tl-item")
        return [str(words) for words in marks.evaluate_all("all => all.map(m => m.ariaLabel)")]

    def bar(self, label: str) -> str:
        """Return the value under a label of the bar that names the patient."""
        return str(self._of("#case-bar")["pairs"].get(label, f"no “{label}”"))

    def name(self) -> str:
        """Return the name above the page."""
        return self.page.locator("#case-bar h1").inner_text()


def report_text(page: Page, where: str) -> tuple[str, dict[str, str], str]:
    """Open a report; return its title, its labelled values and its text."""
    page.goto(where)
    read: dict[str, Any] = page.locator("main").evaluate(READ)
    text = page.locator(".app-report").inner_text()
    return page.locator("h1").first.inner_text(), read["pairs"], re.sub(r"\s+", " ", text).strip()
