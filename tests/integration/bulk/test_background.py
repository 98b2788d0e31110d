"""The sheet of fitness and background: every answer there is goes in and out, and nothing is taken away."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cases.bulk.columns import BACKGROUND as SHEET
from cases.bulk.exporting import exported
from cases.bulk.jobs import sample_rows
from cases.bulk.writing import written
from cases.loading import load
from cases.models import Background, Case, CaseFacts, PerformanceStatus
from tests.factories.record import make_case
from tests.factories.spreadsheets import (
    BACKGROUND,
    PATIENT,
    counts,
    dump,
    file_of,
    imported,
    told,
)

pytestmark = pytest.mark.django_db
NUMBER = {"Hospital number": "N100"}
NO_SURGERY = {"Recent major surgery": "no"}


@pytest.fixture(autouse=True)
def analytes(db: None) -> None:
    load()


@pytest.fixture
def by(coordinator, acting):
    with acting(coordinator):
        yield coordinator


def test_a_row_becomes_the_section_and_its_facts(by, board):
    data = file_of(patients=[PATIENT], background=[BACKGROUND])
    trial = imported(by, board, data, trial=True)
    assert (told(trial), counts(trial)) == ([], {"patients_new": 1, "background_new": 1})
    outcome = imported(by, board, data)
    assert (told(outcome), counts(outcome)) == (told(trial), counts(trial))
    status, row = PerformanceStatus.objects.get(), Background.objects.get()
    assert (status.ecog, str(status.assessed)) == (1, "March 2024")
    assert (row.smoking, row.pack_years, row.autoimmune_disease) == ("former", 20, False)
    assert (row.hepatitis_b_state, row.pregnancy_state) == ("unknown", "not_applicable")
    assert (row.comorbidities, row.preference_state) == ("gout", "not_yet")
    assert (row.transplant_state, row.heart_disease_state) == ("missing", "missing")
    facts = CaseFacts.objects.get(case=Case.objects.get())
    assert (facts.ecog_low, facts.autoimmune_disease) == (1, False)


STATES = {"unknown": "unknown", "not yet": "not_yet", "not applicable": "not_applicable"}


@pytest.mark.parametrize("word", STATES)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_each_word_for_no_value_goes_in_and_out_of_every_column(by, board, word, form):
    said = {c.heading: word for c in SHEET.columns if c.stated}
    outcome = imported(by, board, file_of(patients=[PATIENT], background=[{**NUMBER, **said}]))
    assert told(outcome) == []
    rows = (PerformanceStatus.objects.get(), Background.objects.get())
    states = [
        getattr(row, f"{c.field}_state")
        for c in SHEET.columns
        for row in rows
        if c.stated and hasattr(row, f"{c.field}_state")
    ]
    assert states == [STATES[word]] * 21
    before = dump(board)
    (cells,) = exported(by, board).rows["background"]
    assert {c.heading: cells[c.field] for c in SHEET.columns if c.stated} == said
    again = imported(by, board, written(exported(by, board).rows, form))
    assert (told(again), counts(again)) == ([], {"patients_same": 1, "background_same": 1})
    assert dump(board) == before


def test_what_a_row_says_beyond_the_record_is_added_and_nothing_else_changes(by, board):
    imported(by, board, file_of(patients=[PATIENT], background=[BACKGROUND]))
    more = {
        **NUMBER, "Weight in kg": "71,5", "Weighed": "2025-01-04", "Hepatitis B": "past", "ECOG": "",
        "What the patient wants": "To go on", "Smoking": "unknown",
    }  # fmt: skip
    outcome = imported(by, board, file_of(background=[more]))
    assert (told(outcome), counts(outcome)) == ([], {"background_more": 1})
    status, row = PerformanceStatus.objects.get(), Background.objects.get()
    assert (status.ecog, row.weight_kg, str(row.weighed)) == (1, Decimal("71.5"), "4 January 2025")
    assert (row.hepatitis_b, row.preference, row.smoking) == ("past", "To go on", "former")
    before = dump(board)
    outcome = imported(by, board, file_of(background=[{**NUMBER, "ECOG": "2", "Pack-years": "20"}]))
    assert [(heading, "“1”" in words) for _s, _n, heading, words in told(outcome)] == [
        ("ECOG", True)
    ]
    assert dump(board) == before


def test_the_ecog_alone_is_completed_without_the_background(by, board):
    imported(by, board, file_of(patients=[PATIENT], background=[{**NUMBER, "ECOG": "2"}]))
    history = Background.objects.get()
    outcome = imported(by, board, file_of(background=[{**NUMBER, "ECOG assessed": "May 2025"}]))
    assert counts(outcome) == {"background_more": 1}
    assert str(PerformanceStatus.objects.get().assessed) == "May 2025"
    assert Background.objects.values().get() == Background.objects.filter(pk=history.pk).values()[0]


@pytest.mark.parametrize(
    ("cells", "heading"),
    [
        ({"ECOG": "5"}, "ECOG"),
        ({"Weight in kg": "700"}, "Weight in kg"),
        ({"Weighed": "45000"}, "Weighed"),
        ({"Weighed": "day 3 after ICI start"}, "Weighed"),
        ({"Pregnancy": "n/a"}, "Pregnancy"),
        ({"Hepatitis C": "maybe"}, "Hepatitis C"),
        ({"Smoking": "never", "Pack-years": "20"}, "Pack-years"),
        ({"Autoimmune disease": "no", "Which autoimmune disease": "psoriasis"}, "Autoimmune disease"),
        ({"Last bleeding": "2024"}, "Bleeding"),
        ({"Operated on": "1940", "Recent major surgery": "yes"}, "Operated on"),
        ({"Operated on": "5 October 2025", "Recent major surgery": "no"}, "Recent major surgery"),
        ({"No recent surgery said on": "3 March 2026"}, "No recent surgery said on"),
        ({**NO_SURGERY, "No recent surgery said on": "3 March 2099"}, "No recent surgery said on"),
        ({**NO_SURGERY, "No recent surgery said on": "March 2026"}, "No recent surgery said on"),
    ],
)  # fmt: skip
def test_what_the_form_refuses_stands_beside_its_cell(by, board, cells, heading):
    outcome = imported(by, board, file_of(patients=[PATIENT], background=[{**NUMBER, **cells}]))
    assert [(sheet, at) for sheet, _row, at, _words in told(outcome)] == [("background", heading)]
    assert not Background.objects.exists()


def test_no_recent_surgery_is_of_the_day_that_the_file_says_and_of_no_other(by, board):
    none = {**NUMBER, **NO_SURGERY}
    assert told(imported(by, board, file_of(patients=[PATIENT], background=[none]))) == []
    facts = CaseFacts.objects.get()
    assert facts.major_surgery is False
    assert Background.objects.get().surgery_said_on is None
    assert "major_surgery" not in facts.said_on(), "nobody knows how old it is"
    (cells,) = exported(by, board).rows["background"]
    assert "surgery_said_on" not in cells
    dated = file_of(background=[none | {"No recent surgery said on": "3 March 2026"}])
    outcome = imported(by, board, dated)
    assert (told(outcome), counts(outcome)) == ([], {"background_more": 1})
    day = date(2026, 3, 3)
    assert Background.objects.get().surgery_said_on == day
    assert CaseFacts.objects.get().said_on()["major_surgery"] == (day, day)
    for form in ("csv", "xlsx"):
        again = imported(by, board, written(exported(by, board).rows, form))
        assert (told(again), counts(again)) == ([], {"patients_same": 1, "background_same": 1})
    more = file_of(background=[none | {"Smoking": "never"}])
    assert counts(imported(by, board, more)) == {"background_more": 1}
    assert Background.objects.get().surgery_said_on == day, "another answer moves no day"


def test_a_second_row_of_a_patient_says_the_same_or_is_refused(by, board):
    again = {**BACKGROUND, "ECOG": "2"}
    outcome = imported(by, board, file_of(patients=[PATIENT], background=[BACKGROUND, again]))
    assert [(row, at) for _sheet, row, at, _words in told(outcome)] == [(3, "ECOG")]
    outcome = imported(by, board, file_of(patients=[PATIENT], background=[BACKGROUND] * 2))
    assert counts(outcome) == {"patients_new": 1, "background_new": 1, "background_same": 1}


def test_a_closed_case_or_nobody_takes_no_background(by, board, other_board):
    outcome = imported(by, board, file_of(background=[BACKGROUND]))
    assert [at for _sheet, _row, at, _words in told(outcome)] == ["Hospital number"]
    case = make_case(by, board)
    number = {"Hospital number": case.patient.identity.hospital_number}
    Case.objects.filter(pk=case.pk).update(state="closed")
    outcome = imported(by, board, file_of(background=[{**BACKGROUND, **number, "ECOG": "3"}]))
    assert "Hospital number" in [at for _sheet, _row, at, _words in told(outcome)]


def test_nothing_said_makes_no_row(by, board):
    imported(by, board, file_of(patients=[PATIENT]))
    assert exported(by, board).rows["background"] == []


def test_the_sample_of_the_demonstration_goes_in_as_it_is(by, board):
    outcome = imported(by, board, written(sample_rows(), "xlsx"))
    assert told(outcome) == []
    assert counts(outcome) == {f"{sheet}_new": len(rows) for sheet, rows in sample_rows().items()}
