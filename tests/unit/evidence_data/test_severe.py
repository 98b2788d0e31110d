"""NCCN's row of a severe irAE is one row from grade 3 on: no grade above it, known or not, undoes its stop."""

from __future__ import annotations

import pytest

from evidence.conditions import Fact, evaluate, parse
from evidence.rulings import Profile, rows_of, ruled
from tests.unit.evidence_data.reading import known
from tests.unit.evidence_data.test_rows_by_source import STRICTEST, said

AGAIN = {"proposed_regimen": "same_agent", "prior_includes_pd1_pdl1": True}


@pytest.mark.parametrize("profile", ["", "nccn"])
@pytest.mark.parametrize(("low", "high"), [(3, 3), (4, 4), (5, 5), (3, 4), (3, 5), (3, None)])
def test_nccn_gives_up_the_class_from_grade_3_on(low, high, profile, statements) -> None:  # type: ignore[no-untyped-def]
    """Also where other organs were not asked about, so that the worst grade may be any from 3 on."""
    told = {**known(AGAIN), "irae_worst_grade_nonendocrine": Fact.between(low, high)}
    row = statements["R11"]
    found = ruled(rows_of(row["rules"]), evaluate(parse(row["condition"]), told), told)
    marked = found.marked(Profile(profile) if profile else STRICTEST)
    assert (marked.action, marked.is_open, marked.fallback) == ("stop", False, False)
    assert marked.by == ("nccn",)


def test_it_does_not_below_nor_for_another_class(statements) -> None:  # type: ignore[no-untyped-def]
    row = statements["R11"]
    assert said(row, **AGAIN, irae_worst_grade_nonendocrine=2) == {}
    other = {
        "proposed_regimen": "switch_pd1_pdl1", "prior_includes_pd1_pdl1": False, "prior_includes_ctla4": True,
        "proposed_includes_ctla4": False,
    }  # fmt: skip
    for grade in (3, 4):
        assert "nccn" not in said(row, **other, irae_worst_grade_nonendocrine=grade)
    assert {rule["source"] for rule in statements["R10"]["rules"]} == {"asco-2021"}


@pytest.mark.parametrize("settled", [0, 1])
def test_at_grade_4_asco_lets_nobody_resume(settled, statements) -> None:  # type: ignore[no-untyped-def]
    facts = {**AGAIN, "irae_worst_grade_nonendocrine": 4, "irae_grade_now": settled}
    assert said(statements["R11"], **facts) == {"nccn": "stop"}
    assert said(statements["R10"], **facts) == {"asco": "stop"}
