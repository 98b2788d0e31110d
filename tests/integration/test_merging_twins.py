"""What two records of one patient both say, word for word, is counted once when they are merged."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.acting import set_acting
from cases.changelog import saves_of
from cases.models import (
    Case,
    CaseFacts,
    FactTask,
    ICICourse,
    IrAE,
    Patient,
    PatientMerge,
    Report,
    SteroidCourse,
    SteroidDose,
)
from cases.services.tasks import owe_fact
from tests.factories.record import add_course
from tests.integration.test_cases_pages import sign_in
from tests.integration.test_merging import both, day, merge, two

pytestmark = pytest.mark.django_db
__all__ = ["both", "two"]


def course(case, **changes):
    told = {"drugs": ["nivolumab"], "start": day("1 February 2026"), "stop": day("20 July 2026")}
    add_course(case.referred_by, case, **{**told, **changes})
    return ICICourse.objects.filter(patient=case.patient_id).order_by("-id")[0]


def event(case, of, **changes):
    told = {
        "entity": "colitis", "organ": "colon", "ctcae_version": "5.0", "worst_grade": 3, "worst_grade_state": "known",
        "course": of,
    }  # fmt: skip
    row = IrAE(patient=case.patient, **{**told, **changes})
    row.onset = day("day 40 after ICI start")
    row.save()
    return row


def steroid(case, irae=None, mg=5, said=None, **changes):
    told = {
        "drug": "prednisone", "drug_state": "known", "now_mg_per_day": mg, "now_mg_per_day_state": "known",
        "now_on": said or timezone.localdate(), "now_day_said": True, "irae": irae,
        "indication": "irae", "indication_state": "known",
    }  # fmt: skip
    row = SteroidCourse(patient=case.patient, **{**told, **changes})
    row.start = day("10 March 2026")
    row.save()
    SteroidDose.objects.create(
        patient=case.patient, course=row, mg_per_day=mg, since=day("10 March 2026")
    )
    return row


def told_twice(two):
    """Let both records say the same of a course, an irAE of it and the steroid for that."""
    rows = []
    for case in two:
        set_acting(case.referred_by)
        of = course(case)
        irae = event(case, of)
        rows.append((of, irae, steroid(case, irae)))
    return rows


def complete(case, on=None):
    today = on or timezone.localdate()
    names = ("courses", "steroids")
    Patient.objects.filter(pk=case.patient_id).update(
        **{f"{n}_complete_as_of": today for n in names},
        **{f"{n}_complete_latest": today for n in names},
    )


def facts(case):
    set_acting(case.referred_by)
    return CaseFacts.objects.get(case=case).as_facts()


def test_identical_rows_are_counted_once_and_nothing_is_lost(two, both):
    kept, other = two
    (one, irae, dose), (twin, its_irae, its_dose) = told_twice(two)
    report = Report.objects.create(
        patient=other.patient,
        irae=its_irae,
        title="Biopsy",
        text="Colitis",
        added_by=other.referred_by,
    )
    set_acting(both)
    for case in two:
        complete(case)
    merge(both, kept.patient_id, other.patient_id)
    found = {
        m: m.objects.filter(patient=kept.patient_id).get() for m in (ICICourse, IrAE, SteroidCourse)
    }
    assert found == {ICICourse: one, IrAE: irae, SteroidCourse: dose}
    # They stay where they were, as they were.
    left = {m: m.objects.get(patient=other.patient_id) for m in (ICICourse, IrAE, SteroidCourse)}
    assert left == {ICICourse: twin, IrAE: its_irae, SteroidCourse: its_dose}
    assert (left[IrAE].course, left[SteroidCourse].irae) == (twin, its_irae)
    assert SteroidDose.objects.get(patient=other.patient_id).course == its_dose
    # What hung on the one hangs on the other.
    report.refresh_from_db()
    assert (report.irae, report.patient_id) == (irae, kept.patient_id)
    moved = PatientMerge.objects.get().moved
    assert (
        moved["ICICourse"] == moved["IrAE"] == moved["SteroidCourse"] == moved["SteroidDose"] == []
    )
    for case in two:
        now = facts(case)
        assert (now["prior_courses"].low, now["prior_courses"].high) == (1, 1)
        assert (now["steroid_now"].low, now["steroid_now"].high) == (5, 5)


def test_a_case_asks_about_the_course_that_stays(two, both):
    kept, other = two
    (one, *_rows), (twin, *_others) = told_twice(two)
    set_acting(both)
    Case.objects.filter(pk=other.pk).update(course=twin)
    merge(both, kept.patient_id, other.patient_id)
    assert Case.objects.get(pk=other.pk).course == one


def test_three_of_one_kind_are_paired_row_by_row(two, both):
    kept, other = two
    for case, times in ((kept, 1), (other, 2)):
        set_acting(case.referred_by)
        for _n in range(times):
            course(case)
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    assert ICICourse.objects.filter(patient=kept.patient_id).count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"start": day("February 2026")},
        {"drugs": ["pembrolizumab"]},
        {"setting": "adjuvant", "setting_state": "known"},
    ],
)
def test_what_differs_in_anything_is_another_row(two, both, changes):
    kept, other = two
    for case, more in ((kept, {}), (other, changes)):
        set_acting(case.referred_by)
        event(case, course(case, **more))
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    assert ICICourse.objects.filter(patient=kept.patient_id).count() == 2
    # Day 40 of another course is another day.
    assert IrAE.objects.filter(patient=kept.patient_id).count() == 2


@pytest.mark.parametrize(
    ("changes", "complete_still"),
    [
        ({"start": day("February 2026")}, False),
        ({"start": day("March 2024"), "stop": day("June 2024")}, True),
        ({"drugs": ["ipilimumab"]}, True),
    ],
)
def test_a_list_with_a_course_that_may_be_another_is_complete_no_more(
    two, both, changes, complete_still
):
    kept, other = two
    for case, more in ((kept, {}), (other, changes)):
        set_acting(case.referred_by)
        course(case, **more)
    set_acting(both)
    for case in two:
        complete(case, date(2026, 11, 1))
    merge(both, kept.patient_id, other.patient_id)
    patient = Patient.objects.get(pk=kept.patient_id)
    assert (patient.courses_complete_as_of is not None) is complete_still
    assert patient.steroids_complete_as_of == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("changes", "complete_still"),
    [
        ({"mg": 10}, False), ({"drug": "dexamethasone"}, True), ({"drug": None, "drug_state": "unknown"}, False),
    ],
)  # fmt: skip
def test_a_dose_that_may_be_another_leaves_the_list_open(two, both, changes, complete_still):
    kept, other = two
    for case, more in ((kept, {}), (other, changes)):
        set_acting(case.referred_by)
        steroid(case, **more)
    set_acting(both)
    for case in two:
        complete(case)
    merge(both, kept.patient_id, other.patient_id)
    patient = Patient.objects.get(pk=kept.patient_id)
    assert (patient.steroids_complete_as_of is not None) is complete_still


def test_a_steroid_that_was_over_before_is_no_double(two, both):
    kept, other = two
    set_acting(kept.referred_by)
    row = steroid(kept, mg=0)
    row.stop = day("1 April 2026")
    row.save()
    set_acting(other.referred_by)
    later = steroid(other)
    later.start = day("1 May 2026")
    later.save()
    set_acting(both)
    for case in two:
        complete(case)
    merge(both, kept.patient_id, other.patient_id)
    assert Patient.objects.get(pk=kept.patient_id).steroids_complete_as_of is not None


def report(case, irae=None, **changes):
    """Add a report to the record of a case; by default one that both say alike, though another added it."""
    set_acting(case.referred_by)
    told = {"title": "Biopsy", "text": "Colitis", "irae": irae, "added_by": case.referred_by}
    row = Report(patient=case.patient, **{"reported": day("3 March 2026"), **told, **changes})
    row.save()
    return row


def reports(patient):
    return list(Report.objects.filter(patient=patient).order_by("id"))


CONTENTS = {
    "text": {},
    "link": {"text": "", "link": "https://pacs.example.org/x"},
    "pdf": {"text": "", "file_sha256": "a" * 64},
}


def content(kind, name):
    """Return what a report holds; each copy of a PDF is a file of its own."""
    return {**CONTENTS[kind], **({"file": f"reports/{name}.pdf"} if kind == "pdf" else {})}


@pytest.mark.parametrize("kind", CONTENTS)
def test_identical_reports_stand_once_and_who_added_each_stays_said(two, both, kind):
    kept, other = two
    (_course, irae, _dose), (_twin, its_irae, _its_dose) = told_twice(two)
    mine = report(kept, irae, **content(kind, "one"))
    theirs = report(other, its_irae, **content(kind, "other"))
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    assert reports(kept.patient_id) == [mine]
    (left,) = reports(other.patient_id)
    assert (left, left.added_by, left.irae) == (theirs, other.referred_by, its_irae)
    assert left.file.name == theirs.file.name
    assert PatientMerge.objects.get().moved["Report"] == []
    # The list of changes tells of both.
    saves, _next = saves_of(Case.objects.get(pk=kept.pk))
    added = [change.subject for save in saves for change in save.changes if change.label == "Added"]
    assert added.count("Biopsy") == 2


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("text", {"text": "Colitis."}), ("text", {"title": "Biopsies"}), ("text", {"reported": day("March 2026")}),
        ("text", {"link": "https://pacs.example.org/x"}), ("link", {"link": "https://pacs.example.org/y"}),
        ("pdf", {"file_sha256": "b" * 64}), ("pdf", {"text": "Colitis"}),
    ],
)  # fmt: skip
def test_reports_that_differ_in_anything_both_stay(two, both, kind, changes):
    kept, other = two
    mine = report(kept, **content(kind, "one"))
    theirs = report(other, **{**content(kind, "other"), **changes})
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    assert reports(kept.patient_id) == [mine, theirs]


def test_a_report_of_another_irae_stays(two, both):
    kept, other = two
    rows = []
    for case, grade in ((kept, 3), (other, 2)):
        set_acting(case.referred_by)
        rows.append(report(case, event(case, course(case), worst_grade=grade)))
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    assert reports(kept.patient_id) == rows


def test_what_is_owed_of_a_report_follows_and_the_page_shows_it_once(client, two, both):
    kept, other = two
    mine, theirs = (report(case, reported=None, reported_state="not_yet") for case in two)
    set_acting(other.referred_by)
    fact = f"report-reported-{theirs.public_id.hex}"
    owe_fact(by=other.referred_by, case=other, fact=fact, owner=other.referred_by, due_on=None)
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    task = FactTask.objects.get(case=other, done_at=None)
    assert task.fact == f"report-reported-{mine.public_id.hex}"
    sign_in(client, both)
    page = client.get(reverse("cases:detail", args=[other.public_id])).content.decode()
    assert page.count("Biopsy (text)") == 1
