"""Every published case, entered through the real forms: the page then shows what its file says, field by field."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from random import choice, randrange
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from demo.published import FILE
from tests.e2e.entering import Entering
from tests.e2e.people import NORTH, RIVERSIDE, account
from tests.e2e.person import Person
from tests.e2e.reported import EVENTS, Told, pairs, paths_of
from tests.e2e.reported_lists import History, history, lists
from tests.e2e.shown import Shown, report_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from launch.stack import Stack
    from tests.e2e.conftest import Site

CASES: list[dict[str, Any]] = json.loads(FILE.read_text())["cases"]
BOARDS = {"north": NORTH, "riverside": RIVERSIDE}
# Key of a case -> why no form of the record takes it.
LEFT_OUT = {
    "key": "names the row of the file",
    "family_name": "invented for the demonstration; the test invents its own",
    "given_name": "invented for the demonstration; the test invents its own",
    "board": "where the demonstration refers it; here its member refers it",
    "place": "how far the demonstration carries the case after its referral",
    "referred_days_ago": "when the demonstration refers it; a form refers today",
    "citation": "the source of the file: a patient who is referred has none",
    "doi": "the source of the file: a patient who is referred has none",
    "url": "the source of the file: a patient who is referred has none",
    "read": "how much of the report whoever wrote the file had read",
    "inferred": "what whoever wrote the file concluded",
    "note": "a remark of whoever wrote the file",
    "after": "what followed the rechallenge: a decision and its plan record it, not the case",
}


def expected(case: dict[str, Any]) -> tuple[Told, dict[str, Any]]:
    """Return the case with what was read of it, and all that its page must show."""
    told = Told(case)
    found = {"pairs": pairs(told), "lists": lists(told), "history": history(told)}
    found["reports"] = [
        (
            one.get("title"),
            EVENTS[told.parts("iraes")[one.get("irae") - 1].get("entity")]
            if one.get("irae")
            else "no single event",
            one.get("text"),
        )
        for one in told.parts("reports")
    ]
    found["complete"] = told.get("complete")
    age = told.get("age")
    found["age"] = "not entered" if age is None else f"({age})"
    return told, found


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["key"]))
def test_every_key_is_compared_or_left_out_with_a_reason(case: dict[str, Any]) -> None:
    told, _found = expected(case)
    left_out = {path for path in paths_of(case) if path.split(".")[0] in LEFT_OUT}
    assert paths_of(case) - left_out - told.read == set()
    assert not told.read & set(LEFT_OUT)


def test_nothing_is_left_out_that_no_case_has() -> None:
    assert {key for case in CASES for key in case} >= set(LEFT_OUT)


@pytest.fixture(scope="module")
def members(stack: Stack | Site, browser: Browser) -> Iterator[Callable[[str], Person]]:
    """Return the member of a board, who signs in once for all cases."""
    people: dict[str, Person] = {}

    def member(board: str) -> Person:
        if board not in people:
            who = account("member", BOARDS[board])
            people[board] = Person(browser, stack.url, who).sign_in()
        return people[board]

    yield member
    for one in people.values():
        one.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["key"]))
def test_page_shows_what_the_file_says(
    members: Callable[[str], Person], case: dict[str, Any]
) -> None:
    member = members(case["board"])
    name, number = (invented(), invented()), f"E2E-{uuid4().hex[:8].upper()}"
    path = Entering(member).everything(case, name, number, birth_date(case["age"]))
    page, (_told, found) = Shown(member, path), expected(case)

    wrong = [
        f"{section}, {label}: {shown!r}, not {value!r}"
        for (section, label), value in found["pairs"].items()
        if (shown := page.pair(section, label)) != value
    ]
    for (section, caption), rows in found["lists"].items():
        wrong += differing(f"{section}, {caption}", page.rows(section, caption), rows)
    wrong += otherwise("in the table of the history", page.history(), found["history"])
    marks = [f"{kind}: {', '.join(w for w in words if w)}" for kind, *words in found["history"]]
    wrong += otherwise("in the picture", page.drawn(), marks)
    assert not wrong, "\n".join(wrong)

    assert page.name() == f"{name[0].upper()}, {name[1]}"
    assert page.pair("patient", "Hospital no.") == number
    assert page.bar("Born").endswith(found["age"])
    for section in found["complete"]:
        assert "This list is complete as of" in page.text(section)
    assert "list is complete as of" not in page.text("iraes")
    assert_reports(page, found["reports"])
    assert not member.faults and not member.outside


def invented() -> str:
    """Return a name like no other, so that the lookup finds nobody alike."""
    return "".join(choice("aeioubdfgklmnprstvz") for _ in range(9)).capitalize()


def birth_date(age: int | None) -> date | None:
    """Return a day that makes somebody `age` years old today, None where no age is told."""
    today = date.today()
    if age is None:
        return None
    since = randrange(max(1, today.timetuple().tm_yday - 1))
    return date(today.year - age, 1, 1) + timedelta(days=since)


def differing(where: str, shown: list[dict[str, Any]], rows: list[Any]) -> list[str]:
    """Return in words where the rows of a list, in their order, are not those of the file."""
    if len(shown) != len(rows):
        return [f"{where}: {len(shown)} rows, not {len(rows)}"]
    wrong = []
    for n, (one, row) in enumerate(zip(shown, rows, strict=True), start=1):
        for kind, told in (("text", row.cells), ("small", row.small)):
            for head, value in told.items():
                found = one["cells"][head][kind]
                if found != value:
                    wrong.append(f"{where}, {n}, {head}: {found!r}, not {value!r}")
        notes = {label: set(words.split(" · ")) for label, words in one["notes"].items()}
        if notes != row.notes:
            wrong.append(f"{where}, {n}, below: {notes}, not {row.notes}")
    return wrong


def otherwise(where: str, shown: Any, told: History | list[str]) -> list[str]:
    """Return in words what is shown without being told, and told without being shown."""
    extra, missing = Counter(shown) - Counter(told), Counter(told) - Counter(shown)
    return [f"{where}, too much: {one}" for one in extra] + [
        f"{where}, missing: {one}" for one in missing
    ]


def assert_reports(page: Shown, reports: list[tuple[str, str, str]]) -> None:
    """Open every report of the page: title, event and text are those of the file."""
    links = [where for words, where in page.links("iraes") if where.endswith("/read")]
    shown = [report_text(page.page, where) for where in links]
    found = [(title, pairs["About"], text) for title, pairs, text in shown]
    assert Counter(found) == Counter(reports)
