"""What follows from sites, genes, samples and the background. No database; each table worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from cases.derivations import Record, Result, derive, said
from evidence.conditions.facts import Fact, FactState

TODAY = date(2026, 11, 25)
YES, NO = Fact.known(True), Fact.known(False)
POSITIVE, NEGATIVE, NOT_TESTED = (Fact.known(r) for r in ("positive", "negative", "not_tested"))
MISSING, NOT_YET, UNKNOWN, NOT_APPLICABLE = (
    Fact.absent(FactState(state)) for state in ("missing", "not_yet", "unknown", "not_applicable")
)


def facts(**record):
    return derive(Record(**record), as_of=TODAY)


@pytest.mark.parametrize(
    ("said", "complete", "expected"),
    [
        ({}, False, MISSING),
        ({"bone": YES}, False, MISSING),
        ({"bone": YES}, True, NO),
        ({"liver": NO}, False, NO),
        ({"liver": YES}, False, YES),
        ({"liver": UNKNOWN}, True, UNKNOWN),
        ({"liver": NOT_YET}, True, NOT_YET),
        ({"liver": MISSING}, True, NO),
    ],
)
def test_no_liver_metastases_need_an_answer_or_a_complete_list(said, complete, expected):
    assert facts(metastases=said, metastases_complete=complete)["liver_metastases"] == expected


def test_each_site_answers_its_own_fact():
    found = facts(metastases={"brain": YES}, metastases_complete=False)
    assert (found["brain_metastases"], found["liver_metastases"]) == (YES, MISSING)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, MISSING),
        ({"EGFR": NEGATIVE}, MISSING),
        ({"EGFR": NEGATIVE, "ALK": NEGATIVE, "ROS1": NEGATIVE}, NO),
        ({"EGFR": NEGATIVE, "ALK": NEGATIVE, "ROS1": NOT_TESTED}, UNKNOWN),
        ({"EGFR": NEGATIVE, "ALK": NOT_YET, "ROS1": NOT_TESTED}, NOT_YET),
        ({"EGFR": POSITIVE, "ALK": NOT_TESTED}, YES),
        ({"unnamed": POSITIVE}, YES),
        ({"KRAS_G12C": POSITIVE}, MISSING),
        ({"EGFR": NEGATIVE, "ALK": NEGATIVE, "ROS1": NOT_APPLICABLE}, NO),
        (dict.fromkeys(("EGFR", "ALK", "ROS1"), NOT_APPLICABLE), NOT_APPLICABLE),
        (dict.fromkeys(("EGFR", "ALK", "ROS1"), UNKNOWN), UNKNOWN),
    ],
)
def test_no_actionable_driver_needs_a_result_of_each_gene(said, expected):
    assert facts(drivers=said)["driver_mutation"] == expected


def tps(low, high=None, timing="before", day=None, **extra):
    value = low if isinstance(low, Fact) else Fact.between(low, low if high is None else high)
    return Result("pdl1_tps", timing, value, (day, day), **extra)


OLD, NEW = date(2024, 1, 1), date(2025, 1, 1)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([tps(60)], Fact.number(60)),
        ([tps(60), tps(60)], Fact.number(60)),
        ([tps(60), tps(5)], Fact.between(5, 60)),
        ([tps(60, day=OLD), tps(5, day=NEW)], Fact.number(5)),
        ([tps(5, day=NEW), tps(60, day=OLD)], Fact.number(5)),
        ([tps(60, day=OLD), tps(5)], Fact.between(5, 60)),
        ([tps(60, day=OLD), tps(NOT_YET, day=NEW)], Fact.number(60)),
        ([tps(UNKNOWN), tps(NOT_YET)], NOT_YET),
        ([tps(NOT_APPLICABLE)], NOT_APPLICABLE),
        ([Result("pdl1_tps", "before", Fact.between(50, None)), tps(1)], Fact.between(1, None)),
        ([Result("pdl1_tps", "before", Fact.between(None, 1)), tps(3)], Fact.between(0, 3)),
    ],
)
def test_several_samples_say_the_newest_or_the_whole_range(results, expected):
    assert facts(results=tuple(results))["pdl1_tps_initial"] == expected


def test_samples_after_the_first_ici_are_apart_and_tmb_counts_by_its_unit():
    tmb = [
        Result("tmb", "before", Fact.number(12)),
        Result("tmb", "after", Fact.number(300), unit="mut_per_exome"),
    ]
    found = facts(results=(tps(60), tps(5, timing="after"), *tmb))
    assert found["pdl1_tps_initial"] == Fact.number(60)
    assert found["pdl1_tps_recent"] == Fact.number(5)
    assert found["tmb"] == Fact.number(12)
    assert "tmb" not in facts(results=(tmb[1],)) or facts(results=(tmb[1],))["tmb"] == MISSING


MAY, JUNE, JULY = ((date(2026, month, 1), date(2026, month, 30)) for month in (5, 6, 7))
LIVER_DAYS = [
    # The days of the site, of the list called complete -> those of the fact.
    (MAY, None, MAY),
    (None, JUNE, JUNE),
    (MAY, JUNE, JUNE),
    (JULY, JUNE, JULY),
    (None, None, None),
]


@pytest.mark.parametrize(("of_site", "of_list", "expected"), LIVER_DAYS)
def test_whether_a_site_holds_metastases_is_as_old_as_it_was_last_said(of_site, of_list, expected):
    sites = {"liver": of_site} if of_site else {}
    listed = of_list or (None, None)
    found = said(Record(sites_said_on=sites, metastases_complete_on=listed))
    assert found.get("liver_metastases") == expected
    assert found.get("brain_metastases") == of_list
