"""The demonstration's published cases are those of the reports as they were handed over, field by field.

`demo/data/published_reports.json` is an exact copy of the file that the reports came in; the demonstration's own
file was written from it by hand. Each value there is held against its field here by a rule, or is named by hand with
the reason why it is not there, or is there otherwise. Nothing may be left over.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.published.exceptions import BY_HAND, NOT_CARRIED
from tests.unit.published.rules import RULES, Here

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[3]
COPY = ROOT / "demo" / "data" / "published_reports.json"
AS_HANDED_OVER = "b95177d4367980957571aec98408a68eb5f222042b765b063300fc00428b128e"
REPORTS: list[dict[str, Any]] = json.loads(COPY.read_text(encoding="utf-8"))["cases"]
CASES: list[dict[str, Any]] = json.loads(
    (ROOT / "demo" / "data" / "published_cases.json").read_text(encoding="utf-8")
)["cases"]
PAIRS = list(zip(REPORTS, CASES, strict=True))
# Lists of the reports whose rows are the demonstration's, in the same order.
ROWS = {"ici_courses": "courses", "iraes": "iraes"}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value of a report with its path; an empty list or object says nothing."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from leaves(below, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for place, below in enumerate(value):
            yield from leaves(below, f"{path}[{place}]")
    else:
        yield path, value


def here(path: str, report: dict[str, Any], case: dict[str, Any]) -> Here | None:
    """Return where a value stands; None where the demonstration has no such row."""
    found = re.match(r"(\w+)\[(\d+)\]", path)
    if not found or found[1] not in ROWS:
        return Here(report, case, {}, {})
    place = int(found[2])
    mine = case[ROWS[found[1]]]
    if place >= len(mine):
        return None
    return Here(report, case, report[found[1]][place], mine[place])


def kind_of(path: str) -> str:
    return re.sub(r"\[\d+\]", "[]", path)


def by_hand(report: dict[str, Any], path: str) -> str:
    """Return the reason given by hand for a value, or for the row or group in which it stands."""
    told = BY_HAND.get(report["id"], {})
    return next((why for begin, why in told.items() if path.startswith(begin)), "")


def wrong(report: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    """Return the values that neither stand in the demonstration as their rule has it nor have a reason."""
    found = {}
    for path, value in leaves(report):
        kind = kind_of(path)
        if kind in NOT_CARRIED or by_hand(report, path):
            continue
        place = here(path, report, case)
        if kind not in RULES or place is None or not RULES[kind](value, place):
            found[path] = value
    return found


def test_the_copy_is_the_file_that_was_handed_over():
    assert hashlib.sha256(COPY.read_bytes()).hexdigest() == AS_HANDED_OVER
    assert len(REPORTS) == len(CASES) == 16


@pytest.mark.parametrize(("report", "case"), PAIRS, ids=[r["id"] for r in REPORTS])
def test_every_value_of_a_report_stands_in_its_case_or_has_a_reason(report, case):
    assert wrong(report, case) == {}


def test_every_reason_is_given_and_is_still_needed():
    for report, case in PAIRS:
        told = BY_HAND.get(report["id"], {})
        assert all(len(why) > 10 for why in told.values())
        for begin in told:
            held = [(p, v) for p, v in leaves(report) if p.startswith(begin)]
            assert held, f"{report['id']}: {begin} is no field of the report"
            broken = [
                path
                for path, value in held
                if (place := here(path, report, case)) is None
                or not RULES.get(kind_of(path), lambda _v, _h: False)(value, place)
            ]
            assert broken, f"{report['id']}: {begin} holds by its rule, take the reason away"
    assert BY_HAND.keys() <= {report["id"] for report in REPORTS}
    assert all(NOT_CARRIED.values())


def test_a_field_that_nobody_thought_of_fails():
    report, case = PAIRS[0]
    assert wrong({**report, "blood_group": "A"}, case) == {"blood_group": "A"}
    assert wrong({**report, "age": 66}, case) == {"age": 66}
    assert wrong(report, {**case, "age": None}) == {"age": report["age"]}
