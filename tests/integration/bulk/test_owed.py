"""What a file says is "not yet" is given to one person by one day, by one answer before it is imported."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.bulk import running
from cases.models import BulkJob, FactTask, ICICourse, IrAE
from cases.services import bulk as service
from tests.factories.people import make_board, make_user
from tests.factories.spreadsheets import BACKGROUND, COURSE, IRAE, PATIENT, WHOLE, file_of
from tests.integration.bulk.doing import again, applied, as_user, checked
from ui.partial_dates import render_day

OPEN = {
    "patients": [PATIENT],
    "background": [BACKGROUND | {"ECOG": "not yet", "ECOG assessed": "", "Other illnesses": "not yet"}],
    "courses": [COURSE | {"Setting": "not yet", "Drugs": "not yet", "Cycles": "unknown"}],
    "iraes": [IRAE | {"Grade at onset": "not yet", "Onset": "not yet"}],
}  # fmt: skip


def owed(world):
    rows = FactTask.objects.filter(done_at=None).select_related("owner")
    return as_user(world["coordinator"], lambda: list(rows))


def imported(world, data, **told):
    by, job = world["coordinator"], checked(world, data)
    as_user(by, lambda: service.apply(by=by, job=job, right=job.doubts, **told))
    running.run(job.public_id, by.pk)
    return again(by, job)


def test_all_of_it_goes_to_one_person_by_one_day(world, client):
    by, member = world["coordinator"], world["member"]
    job = checked(world, file_of(**OPEN))
    assert (job.state, job.counts["not_yet"]) == ("done", 7)
    client.force_login(by)
    address = reverse("cases:bulk_job", args=[job.public_id])
    page = client.get(address).content.decode()
    assert "“Not yet” in this file: 7." in page and "Nobody yet" in page and member.name in page
    due = timezone.localdate() + timedelta(days=3)
    sent = {"owed_by": str(member.public_id), "owed_on": render_day(due), "right": job.doubts}
    apply = reverse("cases:bulk_apply", args=[job.public_id])
    assert client.post(apply, sent).status_code == 302
    running.run(job.public_id, by.pk)
    tasks = owed(world)
    assert {(task.owner, task.due_on) for task in tasks} == {(member, due)}
    course, irae = as_user(by, lambda: (ICICourse.objects.get(), IrAE.objects.get()))
    assert {task.fact for task in tasks} == {
        "ecog", "background-comorbidities", "background-preference", "prior_setting", "first_irae_days",
        f"course-drugs-{course.public_id.hex}", f"irae-onset_grade-{irae.public_id.hex}",
    }  # fmt: skip
    words = f"“Not yet”, given to {member.name} by "
    assert words in client.get(address).content.decode()
    assert again(by, job).counts["given"] == 7


def test_without_a_person_nobody_is_asked_and_a_file_that_leaves_nothing_open_does_not_ask(world):
    assert applied(world, checked(world, file_of(**OPEN))).state == "done"
    assert owed(world) == []
    job = checked(world, file_of(**WHOLE | {"patients": [PATIENT | {"Sex": "male"}]}))
    assert job.counts["not_yet"] == 0


@pytest.mark.parametrize("later", [True, False])
def test_what_somebody_has_and_what_the_record_tells_is_not_given_again(world, later):
    member, chair = world["member"], world["chair"]
    assert imported(world, file_of(**OPEN), owner=member).state == "done"
    with_ecog = OPEN["background"][0] | {"ECOG": "1", "Smoking": "not yet"}
    with_ecog["ECOG assessed"] = render_day(timezone.localdate())
    more = {"background": [with_ecog, *([] if later else [with_ecog])]}
    job = imported(world, file_of(**more), owner=chair, due_on=timezone.localdate())
    assert job.state == "done"
    # The record knows that they smoked; what is asked for already stays with whom it is.
    assert job.counts["given"] == 0
    assert {task.owner for task in owed(world)} == {member}
    assert "ecog" not in {task.fact for task in owed(world)}


def test_a_person_of_another_board_and_a_day_that_is_over_are_refused(world, client):
    by = world["coordinator"]
    job = checked(world, file_of(**OPEN))
    outsider = make_user("member", make_board("South"))
    yesterday = timezone.localdate() - timedelta(days=1)
    for told in ({"owner": outsider}, {"owner": world["member"], "due_on": yesterday}):
        with pytest.raises(service.NotToBeDone):
            as_user(by, lambda told=told: service.apply(by=by, job=job, **told))
    client.force_login(by)
    apply = reverse("cases:bulk_apply", args=[job.public_id])
    sent = {"owed_by": str(outsider.public_id), "owed_on": "", "right": job.doubts}
    assert client.post(apply, sent).status_code == 422
    sent = {"owed_by": str(world["member"].public_id), "owed_on": render_day(yesterday)}
    answer = client.post(apply, {**sent, "right": job.doubts})
    html = answer.content.decode()
    assert answer.status_code == 422 and "Enter a day that is still to come" in html
    assert f'value="{world["member"].public_id}" selected' in html
    # The page of what was refused can be loaded anew.
    assert client.get(apply).url == reverse("cases:bulk_job", args=[job.public_id])
    # Without a person a day says nothing.
    sent = {"owed_by": "", "owed_on": "nonsense", "right": job.doubts}
    assert client.post(apply, sent).status_code == 302
    assert as_user(by, lambda: BulkJob.objects.get(pk=job.pk).owed_on) is None


def test_who_left_the_board_before_the_worker_came_is_asked_nothing(world):
    by, member = world["coordinator"], world["member"]
    job = checked(world, file_of(**OPEN))
    as_user(by, lambda: service.apply(by=by, job=job, right=job.doubts, owner=member))
    as_user(by, lambda: type(member).objects.filter(pk=member.pk).update(is_active=False))
    running.run(job.public_id, by.pk)
    job = again(by, job)
    assert job.state == "faulty" and "cannot be asked any more" in job.told[0]
    assert owed(world) == [] and not as_user(by, lambda: ICICourse.objects.exists())
