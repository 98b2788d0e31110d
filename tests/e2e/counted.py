"""A hand that counts what it does at a page, and how long an expert's hand would take by the keystroke-level model.

Card, Moran & Newell, "The keystroke-level model for user performance time with interactive systems", Communications
of the ACM 23 (1980) 396-410: the time of an expert who makes no mistake is the sum of keystrokes, pointings, changes
between mouse and keyboard, mental preparations and the waits for the system. Reading is no part of it, nor is looking
a value up in another system.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.e2e.person import Person

# Seconds. K: an average typist who is no secretary; a press of the mouse's button is taken for one as well.
K, P, H, M = 0.28, 1.1, 0.4, 1.35
# Below this width a finger points, and no mouse is taken in hand.
PHONE = 600
# A text of so many letters that is typed for two data is one that the person has to type twice.
LONG = 6
# The stops of the tabulator from the focus to an element, in the order of the page; 0: it has it; -1: none forwards.
STOPS = """to => {
    const seen = e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.tabIndex >= 0;
    const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")];
    const stops = [], groups = new Set();
    for (const e of all) {
        if (!seen(e) && e !== to) continue;
        if (e.type === "radio") {
            const group = (e.form?.id ?? "") + "/" + e.name;
            if (groups.has(group)) { if (e === to) stops[stops.length - 1] = e; continue; }
            groups.add(group);
        }
        stops.push(e);
    }
    let at = stops.indexOf(document.activeElement);
    const active = document.activeElement;
    if (at < 0 && active?.type === "radio") at = stops.findIndex(e => e.type === "radio" && e.name === active.name);
    const there = stops.indexOf(to);
    return at >= 0 && there >= at ? there - at : -1;
}"""


@dataclass
class Counts:
    """What was done, and how long it takes."""

    pages: int = 0
    fields: int = 0
    presses: int = 0
    keys: int = 0
    waits: int = 0
    waited: float = 0.0
    # Of the person alone.
    seconds: float = 0.0
    # By datum how often it was told, and by text typed the data that it was typed for.
    told: Counter[str] = field(default_factory=Counter)
    typed: dict[str, list[str]] = field(default_factory=dict)

    @property
    def actions(self) -> int:
        """Return how many fields were filled in and how many things were pressed."""
        return self.fields + self.presses

    @property
    def promised(self) -> float:
        """Return the seconds of the person with one second for each wait, whatever this machine took."""
        return self.seconds + self.waits

    @property
    def twice(self) -> dict[str, list[str]]:
        """Return the data told more than once, and the texts typed for more than one of them.

        A short text (a number, "today") may well be right for two data; a name or a whole date may not.
        """
        again = {datum: [datum] * n for datum, n in self.told.items() if n > 1}
        return again | {text: data for text, data in self.typed.items() if len(data) > 1}

    def lines(self) -> str:
        """Return the counts in words."""
        return (
            f"{self.pages} pages, {self.fields} fields, {self.presses} presses, {self.keys} keystrokes, "
            f"{self.waits} waits of {self.waited:.1f} s together; "
            f"estimated {self.seconds:.0f} s and the waits, {self.seconds + self.waited:.0f} s"
        )


class Hand:
    """The hand of one person at the page, on keyboard and mouse, or on the glass of a phone."""

    def __init__(self, person: Person, width: int) -> None:
        self.person, self.page, self.phone = person, person.page, width < PHONE
        self.on_keys = False
        self.counts = Counts()
        self.page.on("framenavigated", self._moved)

    def _moved(self, frame: object) -> None:
        if frame == self.page.main_frame and "#" not in self.page.url:
            self.counts.pages += 1

    def open(self, path: str) -> None:
        """Begin at a page: what took the person there is not counted."""
        self.person.go(path)
        self.counts = Counts(pages=1)

    def type(self, datum: str, place: Locator, text: str) -> None:
        """Type the value of one datum."""
        self._told(datum)
        if len(text) >= LONG:
            self.counts.typed.setdefault(text, []).append(datum)
        keys = len(text) + sum(letter.isupper() for letter in text)
        self.counts.keys += keys
        self._reach(place, keys=keys, text=True)
        place.fill(text)

    def choose(self, datum: str, place: Locator, value: str, waits: str = "") -> None:
        """Choose the value of one datum in a select: by its first letters, or by pointing twice."""
        self._told(datum)
        options = place.locator("option").all_inner_texts()
        wanted = place.locator(f'option[value="{value}"]').inner_text()
        self._reach(place, keys=first_letters(wanted, options), points=2)
        with _Wait(self, waits):
            place.select_option(value)
        place.focus()

    def mark(self, datum: str, place: Locator) -> None:
        """Mark the radio button or the box that stands for the value of one datum."""
        self._told(datum)
        index = place.evaluate(
            "e => e.type !== 'radio' ? 0 :"
            " [...document.getElementsByName(e.name)].filter(o => o.form === e.form).indexOf(e)"
        )
        self._reach(place, keys=1 + index)
        place.check(force=True)

    def press(self, place: Locator, until: Locator | None = None) -> None:
        """Press a button or a link, and wait for what it brings."""
        self.counts.presses += 1
        self._reach(place, keys=1)
        begun = monotonic()
        place.click()
        if until is None:
            return
        until.first.wait_for()
        self.counts.waits += 1
        self.counts.waited += monotonic() - begun

    def _told(self, datum: str) -> None:
        self.counts.fields += 1
        self.counts.told[datum] += 1

    def _reach(self, place: Locator, *, keys: int, points: int = 1, text: bool = False) -> None:
        """Decide, and come to a field by the cheaper way: the tabulator from the field before, or the pointer.

        `keys`: what the keyboard needs once it is there; `points`: how often is pointed instead, where it is no text.
        """
        stops = place.evaluate(STOPS)
        typed = keys * K if text else 0.0
        if self.phone:
            self.counts.seconds += M + points * (P + K) + typed
            return
        taken, back = (H, 0.0) if self.on_keys else (0.0, H)
        seconds, on_keys = taken + points * (P + K) + (H + typed if text else 0.0), text
        by_keys = back + (stops + keys) * K
        if stops >= 0 and by_keys < seconds:
            seconds, on_keys = by_keys, True
        self.on_keys = on_keys
        self.counts.seconds += M + seconds


class _Wait:
    """Waits for the answer of an address, where a choice asks the server."""

    def __init__(self, hand: Hand, address: str) -> None:
        self.hand, self.address = hand, address

    def __enter__(self) -> None:
        self.begun = monotonic()
        if self.address:
            self.answer = self.hand.page.expect_response(self.address)
            self.answer.__enter__()

    def __exit__(self, *told: object) -> None:
        if self.address:
            self.answer.__exit__(*told)  # type: ignore[arg-type]
            self.hand.counts.waits += 1
            self.hand.counts.waited += monotonic() - self.begun


def first_letters(wanted: str, options: list[str]) -> int:
    """Return how many first letters of an option choose it among the others of a select."""
    words = [re.sub(r"\s+", " ", option).strip().casefold() for option in options]
    word = re.sub(r"\s+", " ", wanted).strip().casefold()
    for count in range(1, len(word) + 1):
        first = next(option for option in words if option.startswith(word[:count]))
        if first == word:
            return count
    return len(word)
