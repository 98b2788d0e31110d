"""A row is the same in two records only where all that it refers to is; no link stands in the way of a merge."""

from __future__ import annotations

import uuid
from itertools import product

import pytest
from django.db import IntegrityError, connection
from django.urls import reverse

from accounts.acting import set_acting
from cases.models import (
    BiomarkerResult,
    DossierEntry,
    DossierItem,
    DriverTest,
    ICICourse,
    Immunosuppressant,
    IrAE,
    LabResult,
    Metastasis,
    OrganReview,
    OtherTreatment,
    Patient,
    Report,
    ResponseAssessment,
    SteroidCourse,
    SteroidDose,
)
from cases.services import merging
from cases.services.twins import twins_of
from cases.whole_record import HISTORY
from tests.architecture.test_same_patient import HELD
from tests.factories.labs import analytes
from tests.factories.monitoring import make_plan
from tests.factories.people import make_user
from tests.integration.test_cases_refer import sign_in
from tests.integration.test_merging import both, day, merge, two

pytestmark = pytest.mark.django_db
__all__ = ["both", "two"]

# Every link between two rows of a history that may be told or not: the model, the name, what it leads to.
LINKS = (
    (ICICourse, "stopped_for", IrAE),
    (IrAE, "course", ICICourse),
    (IrAE, "recurrence_of", IrAE),
    (ResponseAssessment, "course", ICICourse),
    (SteroidCourse, "irae", IrAE),
    (Immunosuppressant, "irae", IrAE),
    (Report, "irae", IrAE),
)
# And those without which a row is none.
PARTS = {("cases_dossierentry", "irae_id"), ("cases_steroiddose", "course_id")}


def item():
    told = {"organ": "colon", "label": "Biopsy", "kind": "text"}
    return DossierItem.objects.get_or_create(code="links_biopsy", defaults=told)[0]


def every_kind(case, missing=None):
    """Enter a row of each kind, each referring to another wherever it can, but for the link `missing`."""
    set_acting(case.referred_by)
    patient = case.patient
    rows = {
        ICICourse: ICICourse(patient=patient, number=1, drugs=["nivolumab"], drugs_state="known"),
        OtherTreatment: OtherTreatment(patient=patient, kind="surgery", name="Lobectomy"),
        ResponseAssessment: ResponseAssessment(
            patient=patient, criteria="recist", response="PR", response_state="known"
        ),
        IrAE: IrAE(patient=patient, entity="colitis", organ="colon"),
        SteroidCourse: SteroidCourse(patient=patient, drug="prednisone", drug_state="known"),
        Immunosuppressant: Immunosuppressant(patient=patient, drug="infliximab"),
        BiomarkerResult: BiomarkerResult(
            patient=patient, kind="pdl1_tps", low=50, high=50, state="known", entered="50 %"
        ),
        Report: Report(patient=patient, title="Biopsy", text="Colitis", added_by=case.referred_by),
    }
    for row in rows.values():
        row.save()
    earlier = IrAE.objects.create(
        patient=patient,
        entity="colitis",
        organ="colon",
        ctcae_version="5.0",
        worst_grade=2,
        worst_grade_state="known",
    )
    for model, name, target in LINKS:
        if (model, name) != missing:
            leads = earlier if target is model else rows[target]
            model.objects.filter(pk=rows[model].pk).update(**{name: leads})
    DossierEntry.objects.create(
        patient=patient, irae=rows[IrAE], item=item(), answer="yes", answer_state="known"
    )
    dose = SteroidDose(patient=patient, course=rows[SteroidCourse], mg_per_day=60)
    dose.since = day("10 March 2026")
    dose.save()
    Metastasis.objects.create(patient=patient, site="liver", present=True, present_state="known")
    DriverTest.objects.create(patient=patient, gene="EGFR", result="negative", result_state="known")
    OrganReview.objects.create(
        patient=patient, organ="colon", asked_on="2026-03-01", asked_by=case.referred_by
    )
    analyte = analytes()["alt"]
    told = {"value": 20, "value_entered": "20", "unit_entered": analyte.unit}
    LabResult.objects.create(
        patient=patient, analyte=analyte, taken_on="2026-03-10", entered_by=case.referred_by, **told
    )
    return rows


def of_record(case):
    return {model: model.objects.filter(patient=case.patient_id).count() for model in HISTORY}


def test_every_key_between_two_rows_of_a_history_is_tried():
    tables = {model._meta.db_table for model in HISTORY}
    with connection.cursor() as cursor:
        cursor.execute(HELD)
        held = {(table, column) for table, column, to in cursor.fetchall() if {table, to} <= tables}
    tried = {(m._meta.db_table, m._meta.get_field(name).column) for m, name, _to in LINKS}
    assert held == tried | PARTS


def test_rows_of_every_kind_that_stand_in_both_stand_there_once(two, both):
    kept, other = two
    for case in two:
        every_kind(case)
    set_acting(both)
    before = of_record(kept)
    assert all(before.values())
    merge(both, kept.patient_id, other.patient_id)
    assert of_record(kept) == before
    for model, name, _target in LINKS:
        rows = model.objects.filter(patient=kept.patient_id).exclude(**{name: None})
        assert {getattr(row, name).patient_id for row in rows} == {kept.patient_id}


@pytest.mark.parametrize(
    ("link", "lacks"), [*product(range(len(LINKS)), ((True, False), (False, True), (True, True)))]
)
def test_a_link_that_one_record_lacks_stops_no_merge(two, both, link, lacks):
    model, name, _target = LINKS[link]
    for case, gone in zip(two, lacks, strict=True):
        every_kind(case, missing=(model, name) if gone else None)
    kept, other = two
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    counts = of_record(kept)
    assert counts[model] == (1 if lacks == (True, True) else 2) + (model is IrAE)
    assert counts[OtherTreatment] == counts[BiomarkerResult] == 1


def test_an_irae_whose_dossier_differs_takes_along_all_that_refers_to_it(two, both):
    kept, other = two
    for case in two:
        every_kind(case)
    set_acting(other.referred_by)
    DossierEntry.objects.filter(patient=other.patient_id).update(answer="no")
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    counts = of_record(kept)
    assert counts[ICICourse] == counts[SteroidCourse] == counts[Immunosuppressant] == 2
    # The earlier event refers to nothing, and is told in both.
    assert (counts[IrAE], counts[OtherTreatment]) == (3, 1)
    moved = IrAE.objects.filter(patient=kept.patient_id, course__isnull=False)
    assert {row.recurrence_of.patient_id for row in moved} == {kept.patient_id}


def test_a_course_that_a_plan_follows_takes_along_what_refers_to_it(two, both, other_board):
    kept, _other = two
    plan = make_plan(make_user("nurse", other_board), other_board, dosed=7)
    set_acting(both)
    followed = ICICourse.objects.get(pk=plan.course_id)
    same = ICICourse.objects.get(pk=plan.course_id)
    same.pk, same.public_id, same.patient_id, same._state.adding = (
        None,
        uuid.uuid4(),
        kept.patient_id,
        True,
    )
    same.save()
    for patient, course in ((kept.patient_id, same), (plan.patient_id, followed)):
        row = IrAE(patient_id=patient, entity="colitis", organ="colon", course=course)
        row.onset = day("1 June 2026")
        row.save()
    merge(both, kept.patient_id, plan.patient_id)
    assert ICICourse.objects.filter(patient=kept.patient_id).count() == 2
    assert IrAE.objects.filter(patient=kept.patient_id, entity="colitis").count() == 2


def test_of_courses_that_are_alike_each_keeps_its_own_irae(two, both):
    for case in two:
        set_acting(case.referred_by)
        for number in (1, 2):
            told = {"number": number, "drugs": ["nivolumab"], "drugs_state": "known"}
            course = ICICourse.objects.create(patient=case.patient, **told)
            IrAE.objects.create(
                patient=case.patient, entity="colitis", organ="colon", course=course
            )
    kept, other = two
    set_acting(both)
    twins = twins_of(*(Patient.objects.get(pk=case.patient_id) for case in two))
    events = IrAE.objects.in_bulk()
    assert len(twins[IrAE]) == len(twins[ICICourse]) == 2
    for theirs, mine in twins[IrAE].items():
        assert twins[ICICourse][events[theirs].course_id] == events[mine].course_id
    merge(both, kept.patient_id, other.patient_id)
    assert ICICourse.objects.filter(patient=kept.patient_id).count() == 2


def test_dates_by_the_number_of_a_course_are_the_same_only_under_the_same_numbers(two, both):
    kept, other = two
    drugs = (["nivolumab"], ["ipilimumab"])
    for case, order in ((kept, drugs), (other, drugs[::-1])):
        set_acting(case.referred_by)
        for number, one in enumerate(order, start=1):
            told = {"number": number, "drugs": one, "drugs_state": "known"}
            ICICourse.objects.create(patient=case.patient, **told)
        row = OtherTreatment(patient=case.patient, kind="surgery")
        row.start = day("after cycle 3 of course 1")
        row.save()
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    assert ICICourse.objects.filter(patient=kept.patient_id).count() == 2
    rows = OtherTreatment.objects.filter(patient=kept.patient_id)
    assert len({row.start_anchor for row in rows}) == 2


def test_a_step_of_a_dose_that_is_counted_from_a_course_is_no_twin_where_courses_differ(two, both):
    kept, other = two
    for case, drug in ((kept, "nivolumab"), (other, "ipilimumab")):
        set_acting(case.referred_by)
        told = {"number": 1, "drugs": [drug], "drugs_state": "known"}
        ICICourse.objects.create(patient=case.patient, **told)
        course = SteroidCourse.objects.create(patient=case.patient)
        dose = SteroidDose(patient=case.patient, course=course, mg_per_day=60)
        dose.since = day("day 40 after ICI start")
        dose.save()
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    assert SteroidCourse.objects.filter(patient=kept.patient_id).count() == 2


def test_what_the_database_refuses_is_answered_in_words(two, both, client, monkeypatch, caplog):
    kept, other = two

    def refused(**_said):
        raise IntegrityError("of patient 7, Sample")

    monkeypatch.setattr("cases.views.merging.merge_patients", refused)
    address = reverse("cases:merge_with", args=[kept.public_id, other.public_id])
    token = merging.state_of(kept.patient, other.patient)
    sent = {"one_person": "on", "name": "kept", "number": "kept", "version": token}
    answer = sign_in(client, both).post(address, sent)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Nothing was changed." in text
    assert "changed meanwhile" not in text
    assert "Sample" not in caplog.text
