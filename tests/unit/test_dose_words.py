"""What stands beside the dose of today: what the entries add up to, and the total that a check found."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from cases.derivations import Record, Steroid
from cases.derivations.doubles import Pairs
from cases.derivations.steroids import disagreement, steroid_now
from cases.presenters import steroids
from evidence.conditions.facts import MISSING, Fact

TODAY = timezone.localdate()
REPLACES = Fact.known("adrenal_replacement")
BOTH = Pairs(frozenset({frozenset({1, 2})}))


def steroid(entry, mg, days_ago=0, **more):
    said = TODAY - timedelta(days=days_ago)
    told = {"drug": "prednisone", "indication": Fact.known("irae")} | more
    return Steroid(now_mg_per_day=Fact.number(Decimal(mg)), said_on=said, entry=entry, **told)


def words(monkeypatch, record, fact=None):
    monkeypatch.setattr(steroids, "doses_of", lambda _case: record)
    return steroids.dose_words(None, fact or steroid_now(record, TODAY))


@pytest.mark.parametrize(
    ("total", "named"), [("3", True), ("0", True), ("40", False), (None, False)]
)
def test_a_check_that_lowers_what_is_certain_is_named(monkeypatch, total, named):
    found = (Decimal(total), TODAY - timedelta(days=4)) if total else None
    record = Record(
        steroids=(steroid(1, 5, 5), steroid(2, 5)), steroid_pairs=BOTH, steroid_total=found
    )
    told = words(monkeypatch, record)
    assert "what is entered adds up to 5 to 10 mg/day: two may be one" in told
    assert (f"; in all {total} mg/day without replacement on " in told) is named
    assert told.endswith("may hold still") is named


def test_where_nothing_is_certain_the_page_names_what_disagrees(monkeypatch):
    record = Record(steroids=(steroid(1, 20),), steroid_total=(Decimal(0), TODAY))
    told = words(monkeypatch, record, MISSING)
    assert told.startswith("cannot tell: in all 0 mg/day without replacement on")
    assert "the courses entered add up to 20 mg/day. Bring them up to date" in told


@pytest.mark.parametrize(
    ("pairs", "alone", "beside"),
    [(BOTH, None, (0, 12)), (Pairs(two=BOTH.open), (0, 10), (0, 22))],
)
def test_replacement_that_may_be_told_twice_disagrees_with_nothing(pairs, alone, beside):
    rows = tuple(steroid(n, 20, drug="hydrocortisone", indication=REPLACES) for n in (1, 2))
    record = Record(steroids=rows, steroid_pairs=pairs, steroid_total=(Decimal(0), TODAY))
    assert disagreement(record, TODAY) == alone
    assert disagreement(replace(record, steroids=(*rows, steroid(3, 12))), TODAY) == beside


@pytest.mark.parametrize(
    ("complete", "total", "starts"),
    [
        (None, None, "cannot tell; what a dose is for is not entered"),
        (TODAY, None, "between 0 and 5 mg"),
        # A check that found less than the list may be left open by it too.
        (None, "5", "between 5 and 10 mg"),
        (None, "10", "10 mg"),
    ],
)
def test_a_dose_of_unknown_purpose_says_why_nothing_more_is_certain(
    monkeypatch, complete, total, starts
):
    rows = [steroid(1, 5, indication=MISSING)]
    if total:
        rows.append(steroid(2, 20, drug="hydrocortisone", indication=REPLACES))
    found = (Decimal(total), TODAY) if total else None
    record = Record(steroids=tuple(rows), steroids_complete_on=complete, steroid_total=found)
    told = words(monkeypatch, record)
    assert told.startswith(starts)
    assert ("what a dose is for is not entered" in told) is (total != "10")
