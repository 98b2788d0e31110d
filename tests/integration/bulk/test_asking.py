"""Asking for imports and exports: without a broker, of a file that is gone, and with a word on its dates."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError
from structlog.testing import capture_logs

from accounts.acting import acting_as
from cases.bulk import running
from cases.models import BulkJob, BulkProblem, BulkState, ICICourse
from cases.services import bulk as service
from tests.factories.spreadsheets import COURSE, WHOLE, file_of
from tests.integration.bulk.doing import again, applied, as_user, checked, exported


@pytest.mark.django_db
def test_a_job_is_taken_on_where_nobody_can_be_told_of_it(
    board, coordinator, monkeypatch, django_capture_on_commit_callbacks
):
    def down(*_args, **_kwargs):
        raise OperationalError("no broker")

    monkeypatch.setattr(service, "current_app", SimpleNamespace(send_task=down))
    with capture_logs() as logged, acting_as(coordinator):
        with django_capture_on_commit_callbacks(execute=True):
            job = service.check_file(by=coordinator, board=board, data=b"x")
        job.refresh_from_db()
    assert job.state == BulkState.WAITING
    assert [(row["event"], row["kind"]) for row in logged] == [
        ("bulk.not_told", "OperationalError")
    ]


def test_an_export_that_is_gone_is_not_handed_out(world):
    job = exported(world, "csv")
    as_user(world["coordinator"], lambda: service.cancel(by=world["coordinator"], job=job))
    gone = again(world["coordinator"], job)
    checking = checked(world, file_of(**WHOLE))
    for one in (gone, checking):
        with pytest.raises(service.NotToBeDone, match="no longer kept"):
            as_user(
                world["coordinator"],
                lambda one=one: service.note_download(by=world["coordinator"], job=one),
            )


def test_the_sender_says_that_dates_are_day_month_year(world):
    by = world["coordinator"]
    client = Client()
    client.force_login(by)
    data = file_of(**WHOLE | {"courses": [COURSE | {"First dose": "03/04/2024"}]})
    page = client.get(reverse("cases:bulk")).content.decode()
    assert "checked" not in page.split('name="day_first"')[1].split(">")[0]
    for ticked in ({}, {"day_first": "on"}):
        sent = {"board": str(world["board"].public_id), "file": io.BytesIO(data), **ticked}
        client.post(reverse("cases:bulk"), sent)
        job = as_user(by, lambda: BulkJob.objects.order_by("-pk")[0])
        running.run(job.public_id, by.pk)
        if not ticked:
            problem = as_user(by, BulkProblem.objects.get)
            assert (problem.heading, problem.row) == ("First dose", 2)
            assert problem.typed == "03/04/2024"
            assert "“03/04/2024” can be read as day/month" in problem.words
    assert applied(world, again(by, job)).state == BulkState.DONE
    assert str(as_user(by, ICICourse.objects.get).start) == "3 April 2024"
