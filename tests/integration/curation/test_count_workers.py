"""The workers of the sweeps forget counts and tell of them again, and read nothing of what they hold."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction

from accounts.acting import acting_as
from evidence import tasks
from evidence.curation import count_jobs
from evidence.curation.counting import Question
from evidence.models import ReachCount
from meetings.services.erasure import erase_patient
from tests.factories.people import make_board, make_user
from tests.integration.curation.test_case_reach import grade, with_grade


def test_workers_forget_counts_and_tell_of_them_again_without_reading_them(
    committed_db: None, superuser: Any, monkeypatch: Any
) -> None:
    told: list[str] = []
    monkeypatch.setattr(count_jobs, "poke", lambda public_id, user_id: told.append(public_id))
    board = make_board()
    curator, other = make_user("curator", board), make_user("curator", board)
    with transaction.atomic(), acting_as(curator):
        jobs = [ReachCount.objects.create(user=curator, key=str(n)) for n in range(3)]
    ages = (("created_at", "61 minutes"), ("alive_at", "1 minute"))
    for job, (column, age) in zip(jobs, ages, strict=False):
        superuser.execute(
            f"UPDATE evidence_reachcount SET {column} = now() - interval '{age}' WHERE id = %s",
            [job.pk],
        )
    connection.close()
    before = connection.settings_dict["USER"]
    connection.settings_dict["USER"] = "rechallenge_worker"
    try:
        tasks.tend_counts()
        for column in ("result", "condition", "key"):
            with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
                cursor.execute(f"SELECT {column} FROM evidence_reachcount")
    finally:
        connection.close()
        connection.settings_dict["USER"] = before
    assert told == [str(jobs[1].public_id)]
    with transaction.atomic(), acting_as(curator):
        assert set(ReachCount.objects.values_list("pk", flat=True)) == {j.pk for j in jobs[1:]}
    with transaction.atomic(), acting_as(other):
        assert not ReachCount.objects.exists()


def test_an_erasure_takes_every_count_along(committed_db: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(count_jobs, "poke", lambda public_id, user_id: None)
    board = make_board()
    curator, chair = make_user("curator", board), make_user("chair", board)
    with transaction.atomic():
        case = with_grade(chair, board, 4)
    with transaction.atomic(), acting_as(curator):
        count_jobs.asked(by=curator, question=Question(condition=grade(">=", 1)))
    with transaction.atomic(), acting_as(chair):
        assert erase_patient(by=chair, patient=case.patient, reason="request")
    with transaction.atomic(), acting_as(curator):
        assert not ReachCount.objects.exists()
