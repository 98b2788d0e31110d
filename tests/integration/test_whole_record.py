"""The whole history in one query is what the lists hold one by one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cases.models import (
    BiomarkerResult,
    DriverTest,
    ICICourse,
    IrAE,
    Metastasis,
    OrganReview,
    OtherTreatment,
    Patient,
    SteroidCourse,
    SteroidDose,
)
from cases.whole_record import HISTORY, fetch_record
from tests.factories.record import make_case
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db


def fill(patient: Patient, by) -> None:
    courses = [
        ICICourse.objects.create(
            patient=patient,
            number=n,
            drugs=["pembrolizumab"],
            drugs_state="known",
            start=parse_partial_date(f"2024-0{n}-01"),
            contributing_reasons=["irae"],
            contributing_reasons_state="known",
        )
        for n in (2, 1)
    ]
    first = IrAE.objects.create(
        patient=patient,
        course=courses[1],
        organ="colon",
        entity="colitis",
        ctcae_version="5.0",
        worst_grade=3,
        worst_grade_state="known",
        excluded=["infection"],
    )
    IrAE.objects.create(
        patient=patient,
        recurrence_of=first,
        organ="colon",
        entity="diarrhoea",
        ctcae_version="5.0",
    )
    steroid = SteroidCourse.objects.create(
        patient=patient,
        irae=first,
        drug="prednisolone",
        drug_state="known",
        peak_mg_per_day=Decimal("62.5"),
        peak_mg_per_day_state="known",
    )
    SteroidDose.objects.create(patient=patient, course=steroid, mg_per_day=Decimal("40.5"))
    OtherTreatment.objects.create(
        patient=patient,
        kind="radiotherapy",
        dose_gy=Decimal("54.0"),
        dose_gy_state="known",
    )
    BiomarkerResult.objects.create(
        patient=patient,
        kind="tmb",
        timing="before",
        low=Decimal("3.5"),
        state="known",
    )
    BiomarkerResult.objects.create(
        patient=patient, kind="tmb", timing="before", low=Decimal(9), state="known"
    )
    Metastasis.objects.create(patient=patient, site="liver", present=False, present_state="known")
    DriverTest.objects.create(
        patient=patient, gene="EGFR", result="not_tested", result_state="known", variant="?"
    )
    OrganReview.objects.create(
        patient=patient, organ="lung", asked_on=date(2026, 1, 2), asked_by=by
    )


def columns(row) -> dict:
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}


def test_every_row_is_as_the_orm_reads_it(member, board, django_assert_num_queries):
    patient = make_case(member, board).patient
    fill(patient, member)
    fresh = Patient.objects.get(pk=patient.pk)
    with django_assert_num_queries(1):
        fetch_record([fresh])
    with django_assert_num_queries(0):
        fetched = {
            model: [columns(row) for row in getattr(fresh, accessor(model)).all()]
            for model in HISTORY
        }
    for model in HISTORY:
        expected = {row.pk: columns(row) for row in model.objects.filter(patient=patient)}
        assert {row["id"]: row for row in fetched[model]} == expected
        same_types(fetched[model], expected)
    assert [row["number"] for row in fetched[ICICourse]] == [1, 2]


def accessor(model) -> str:
    return model._meta.get_field("patient").remote_field.related_name


def same_types(fetched: list[dict], expected: dict[int, dict]) -> None:
    for row in fetched:
        for name, value in row.items():
            assert type(value) is type(expected[row["id"]][name]), name


def test_links_among_the_rows_need_no_query(member, board, django_assert_num_queries):
    patient = make_case(member, board).patient
    fill(patient, member)
    fresh = Patient.objects.get(pk=patient.pk)
    fetch_record([fresh])
    with django_assert_num_queries(0):
        first, again = sorted(fresh.iraes.all(), key=lambda e: e.pk)
        assert again.recurrence_of is first
        assert first.course.number == 1
        assert [s.drug for s in first.steroids.all()] == ["prednisolone"]
        assert [d.mg_per_day for s in first.steroids.all() for d in s.doses.all()] == [
            Decimal("40.5")
        ]
        assert again.course is None
        assert first.patient is fresh


def test_each_patient_gets_their_own_rows(member, board):
    one, other = (make_case(member, board).patient for _n in range(2))
    fill(one, member)
    fetch_record([one, other])
    assert len(one.courses.all()) > len(other.courses.all())


def test_rows_of_another_board_are_not_fetched(member, stranger, board):
    from accounts.acting import acting_as

    patient = make_case(member, board).patient
    fill(patient, member)
    with acting_as(stranger):
        fetch_record([patient])
        assert list(patient.courses.all()) == []
