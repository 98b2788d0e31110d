"""What can hardly be true in a file is listed by row and column, and imported once its sender says that it is right."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cases.bulk import running
from cases.models import BulkProblem, ICICourse, IrAE, LabResult, PatientIdentity
from cases.services import bulk as service
from tests.factories.spreadsheets import BACKGROUND, COURSE, IRAE, LAB, PATIENT, WHOLE, file_of
from tests.integration.bulk.doing import again, applied, as_user, checked

DEAD = {**PATIENT, "Date of death": "June 2024"}
LATE = {
    "patients": [DEAD],
    "courses": [{**COURSE, "First dose": "July 2024"}],
    "iraes": [{**IRAE, "Worst grade": "5"}],
    "labs": [LAB],
}


def asked(world, job):
    rows = BulkProblem.objects.filter(job=job).order_by("id")
    return as_user(world["coordinator"], lambda: list(rows.values_list("row", "heading", "words")))


def imported(world, job, right):
    by = world["coordinator"]
    as_user(by, lambda: service.apply(by=by, job=job, right=right))
    running.run(job.public_id, by.pk)
    return again(by, job)


def test_what_is_questioned_is_listed_and_goes_on_when_it_is_right(world, client):
    by = world["coordinator"]
    job = checked(world, file_of(**LATE))
    assert (job.state, job.counts["problems"], job.counts["doubts"]) == ("done", 0, 2)
    assert asked(world, job) == [
        (2, "First dose", "First dose: the date is after the death, June 2024. Is it right?"),
        (
            2,
            "Day of the sample",
            "Day of the sample: the date is after the death, June 2024. Is it right?",
        ),
    ]
    client.force_login(by)
    address = reverse("cases:bulk_job", args=[job.public_id])
    page = client.get(address).content.decode()
    assert "Can hardly be true: 2" in page and "after the death, June 2024" in page
    assert f'name="right" value="{job.doubts}" required' in page
    # Without the tick nothing is imported, nor with that of another file.
    asked_again = client.post(reverse("cases:bulk_apply", args=[job.public_id]))
    assert asked_again.status_code == 422
    assert "tick first that what is questioned is right" in asked_again.content.decode()
    with pytest.raises(service.NotToBeDone):
        as_user(by, lambda: service.apply(by=by, job=job, right="0" * 16))
    sent = client.post(reverse("cases:bulk_apply", args=[job.public_id]), {"right": job.doubts})
    assert sent.status_code == 302
    running.run(job.public_id, by.pk)
    job = again(by, job)
    assert (job.state, job.step, asked(world, job)) == ("done", "apply", [])
    assert as_user(by, lambda: LabResult.objects.count()) == 1
    # What is in the record already is asked about no more.
    assert checked(world, file_of(**LATE)).doubts == ""


def test_a_fatal_event_without_a_death_is_questioned(world):
    fatal = WHOLE | {"iraes": [{**IRAE, "Worst grade": "5"}]}
    job = checked(world, file_of(**fatal))
    ((row, heading, words),) = asked(world, job)
    assert (row, heading) == (2, "Worst grade") and "no death is entered" in words
    assert imported(world, job, job.doubts).state == "done"
    assert as_user(world["coordinator"], lambda: IrAE.objects.get().worst_grade) == 5


def test_a_file_without_a_question_needs_no_tick(world):
    job = checked(world, file_of(**WHOLE))
    assert (job.doubts, job.counts["doubts"]) == ("", 0)
    assert applied(world, job).state == "done"


def test_a_death_that_is_added_is_held_against_the_record(world):
    by = world["coordinator"]
    assert applied(world, checked(world, file_of(**WHOLE))).state == "done"
    job = checked(world, file_of(patients=[DEAD]))
    ((row, heading, words),) = asked(world, job)
    assert (row, heading) == (2, "Date of death")
    assert "the record has 1 date after it (laboratory result, 3 February 2025)" in words
    # What the record says may have changed since the check.
    as_user(by, lambda: LabResult.objects.update(taken_on="2025-02-04"))
    job = imported(world, job, job.doubts)
    assert job.state == "faulty" and "changed since the check" in job.told[0]
    job = checked(world, file_of(patients=[DEAD]))
    assert imported(world, job, job.doubts).state == "done"
    assert as_user(by, lambda: PatientIdentity.objects.get().died.latest.year) == 2024


def test_a_birth_that_is_added_after_what_is_recorded_is_an_error(world):
    nobody = {k: v for k, v in PATIENT.items() if k != "Date of birth"}
    assert applied(world, checked(world, file_of(**WHOLE | {"patients": [nobody]}))).state == "done"
    job = checked(world, file_of(patients=[{**PATIENT, "Date of birth": "1 May 2024"}]))
    assert job.state == "faulty"
    ((_row, heading, words),) = asked(world, job)
    assert heading == "Date of birth" and "the record has 1 date before it" in words
    assert as_user(world["coordinator"], lambda: ICICourse.objects.count()) == 1


def test_more_questions_than_are_shown_are_no_questions(world, monkeypatch):
    monkeypatch.setattr(running, "MOST_PROBLEMS", 1)
    job = checked(world, file_of(**LATE))
    assert (job.state, job.counts["problems"]) == ("faulty", 2) and job.doubts == ""
    assert "More is questioned than can be confirmed at once" in " ".join(job.told)


def test_a_file_is_asked_about_courses_alike_and_a_pregnancy_of_a_man(world):
    told_twice = {
        "patients": [{**PATIENT, "Sex": "male"}],
        "background": [{**BACKGROUND, "Pregnancy": "yes"}],
        "courses": [COURSE, {**COURSE, "Course": "2"}, {**COURSE, "Course": "3", "First dose": "2026"}],
    }  # fmt: skip
    job = checked(world, file_of(**told_twice))
    assert [(heading, words) for _row, heading, words in asked(world, job)] == [
        ("Pregnancy", "Pregnancy: the patient is recorded as male. Is it right?"),
        (
            "First dose",
            "First dose: course 1 was of the same agents, pembrolizumab, at the same time. Is it right?",
        ),
    ]
    assert imported(world, job, job.doubts).state == "done"
    assert as_user(world["coordinator"], lambda: ICICourse.objects.count()) == 3
    # What is in the record already is asked about no more.
    assert checked(world, file_of(**told_twice)).doubts == ""
