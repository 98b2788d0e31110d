"""Imports and exports as jobs: checked, imported, cancelled, exported, seen by their owner alone, and forgotten."""

from __future__ import annotations

import io
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from cases.bulk import running
from cases.bulk.files import read
from cases.models import BulkJob, BulkProblem, Case, Patient, PatientIdentity
from cases.services import bulk as service
from tests.conftest import superuser_url
from tests.factories.people import make_board, make_user
from tests.factories.record import make_case
from tests.factories.spreadsheets import COURSE, IRAE, LAB, PATIENT, WHOLE, dump, file_of
from tests.integration.bulk.doing import again, applied, as_user, checked, exported, kinds


def test_a_file_is_checked_then_imported_and_is_gone(world, superuser):
    job = checked(world, file_of(**WHOLE))
    assert (job.state, job.counts["patients_new"], job.counts["problems"]) == ("done", 1, 0)
    by = world["coordinator"]
    assert not as_user(by, Patient.objects.exists), "a check writes nothing"
    job = applied(world, job)
    assert (job.state, job.step, bytes(job.content)) == ("done", "apply", b"")
    assert (job.done_rows, job.total_rows) == (4, 4)
    case = as_user(by, Case.objects.get)
    assert case.reference.startswith("RC-")
    found = kinds(superuser)
    assert {"bulk.uploaded", "bulk.imported", "patient.registered", "case.referred"} <= set(found)
    # Every change is in the history, with who did it.
    who = superuser.execute(
        "SELECT c.metadata->>'user' FROM cases_icicourseevent e JOIN pghistory_context c ON c.id = e.pgh_context_id"
    ).fetchall()
    assert who == [(by.pk,)] or who == [(str(by.pk),)]
    assert world["told"] == [str(job.public_id)] * 2


def test_errors_are_kept_with_the_job_and_nothing_else(world):
    job = checked(world, file_of(**WHOLE | {"labs": [{**LAB, "Value": "-1"}, {**LAB, "Unit": ""}]}))
    assert (job.state, job.counts["problems"], bytes(job.content)) == ("faulty", 2, b"")
    by = world["coordinator"]
    found = as_user(
        by, lambda: list(BulkProblem.objects.order_by("id").values_list("row", "heading", "typed"))
    )
    assert found == [(2, "Value", "-1"), (3, "Unit", "")]
    assert not as_user(by, Patient.objects.exists)


def test_a_file_that_cannot_be_read_says_why(world):
    job = checked(world, b"a,b\n1,2")
    assert job.state == "faulty" and "headings" in job.told[0]


def test_what_became_wrong_since_the_check_undoes_everything(world):
    job = checked(world, file_of(**WHOLE))
    member = world["member"]
    other = make_board("Other")
    stranger = make_user("coordinator", other)
    as_user(
        stranger,
        lambda: service.check_file(by=stranger, board=other, data=file_of(patients=[PATIENT])),
    )
    theirs = as_user(stranger, BulkJob.objects.get)
    running.run(theirs.public_id, stranger.pk)
    as_user(stranger, lambda: service.apply(by=stranger, job=theirs))
    running.run(theirs.public_id, stranger.pk)
    job = applied(world, job)
    assert (job.state, job.counts["problems"]) == ("faulty", 1)
    assert not as_user(member, lambda: Case.objects.visible_to(member).exists())


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_import_of_an_export_changes_nothing(world, form):
    by, board = world["coordinator"], world["board"]
    odd = {
        **PATIENT, "Family name": "'=SUM(A1)", "First name": "@Ada", "Question to the board": "'-1 + 1?\n'=2",
    }  # fmt: skip
    whole = {
        "patients": [odd],
        "courses": [{**COURSE, "Given with": "'+carboplatin", "Drugs": "nivolumab; ipilimumab", "Cycles": "at least 3",
                     "Planned for": "24 months", "Other reasons": "none", "Best response": "not applicable",
                     "Last dose": "between May 2024 and June 2024", "Progressed on": "unknown"}],
        "iraes": [
            {**IRAE, "Onset": "day 40 after ICI start", "Course": "1", "In the report's words": "''odd"},
            IRAE,
            IRAE,
        ],
        "labs": [{**LAB, "Source": "'=Clinic", "Value": "<250", "Reference range": "<250"}, LAB],
    }  # fmt: skip
    job = applied(world, checked(world, file_of(**whole)))
    assert job.state == "done"
    before = as_user(by, lambda: dump(board))
    assert before["PatientIdentity"][0]["family_name"] == "=SUM(A1)"
    out = exported(world, form)
    assert (out.state, out.counts["iraes_rows"]) == ("done", 3)
    data = bytes(out.content)
    job = checked(world, data)
    assert (job.state, {k: n for k, n in job.counts.items() if n and not k.endswith("same")}) == (
        "done",
        {},
    )
    job = applied(world, job)
    assert job.state == "done"
    assert as_user(by, lambda: dump(board)) == before
    if form == "csv":
        assert b"'=SUM(A1)" in read_part(data, "patients.csv")
    assert bytes(exported(world, "csv").content) != b""


def read_part(data: bytes, name: str) -> bytes:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return parts.read(name)


def test_an_export_holds_what_its_user_may_see_and_no_more(world, superuser):
    other = make_board("Other")
    stranger = make_user("member", other)
    with transaction.atomic():
        make_case(stranger, other)
        mine = make_case(world["member"], world["board"])
    job = exported(world, "xlsx", "registry")
    (row,) = read(bytes(job.content)).rows
    number = as_user(world["member"], lambda: mine.patient.identity.hospital_number)
    assert row["hospital_number"] == number
    assert "bulk.exported" in kinds(superuser)
    assert "list.read" in kinds(superuser)


def test_a_job_that_waits_is_cancelled_at_once_and_one_that_runs_at_the_next_patient(
    world, monkeypatch
):
    by = world["coordinator"]
    job = as_user(
        by, lambda: service.check_file(by=by, board=world["board"], data=file_of(**WHOLE))
    )
    as_user(by, lambda: service.cancel(by=by, job=job))
    assert again(by, job).state == "cancelled"
    assert bytes(again(by, job).content) == b""
    running.run(job.public_id, by.pk)
    assert again(by, job).state == "cancelled"

    job = checked(world, file_of(**WHOLE))
    as_user(by, lambda: service.apply(by=by, job=job))
    monkeypatch.setattr("cases.bulk.outside.EVERY", 0.0)
    with psycopg.connect(superuser_url(connection.settings_dict["NAME"]), autocommit=True) as line:
        entering = running.enter

        def interrupted(*args: Any, **rest: Any) -> Any:
            line.execute("UPDATE cases_bulkjob SET cancel = true")
            return entering(*args, **rest)

        monkeypatch.setattr(running, "enter", interrupted)
        running.run(job.public_id, by.pk)
    assert again(by, job).state == "cancelled"
    assert not as_user(by, Patient.objects.exists)


def test_progress_is_seen_while_the_import_is_open(world, superuser, monkeypatch):
    by = world["coordinator"]
    monkeypatch.setattr("cases.bulk.outside.EVERY", 0.0)
    job = checked(world, file_of(**WHOLE))
    as_user(by, lambda: service.apply(by=by, job=job))
    seen: list[tuple[Any, ...]] = []
    keep = running._keep

    def look(job: BulkJob, **values: Any) -> None:
        seen.append(
            superuser.execute("SELECT state, done_rows, total_rows FROM cases_bulkjob").fetchone()
        )
        seen.append(superuser.execute("SELECT count(*) FROM cases_patient").fetchone())
        keep(job, **values)

    monkeypatch.setattr(running, "_keep", look)
    running.run(job.public_id, by.pk)
    assert seen == [("running", 4, 4), (0,)]


def test_referrals_do_not_wait_for_an_import(world, superuser, monkeypatch):
    """The number of a case is taken outside: whoever refers meanwhile gets the next one at once."""
    by = world["coordinator"]
    job = checked(world, file_of(**WHOLE))
    as_user(by, lambda: service.apply(by=by, job=job))
    keep = running._keep

    def refer(job: BulkJob, **values: Any) -> None:
        superuser.execute("SET lock_timeout = '2s'")
        superuser.execute("SELECT rechallenge_next_reference(2026)")
        keep(job, **values)

    monkeypatch.setattr(running, "_keep", refer)
    running.run(job.public_id, by.pk)
    assert again(by, job).state == "done"


def test_rights_are_asked_for_again_when_the_work_is_done(world):
    by = world["coordinator"]
    job = checked(world, file_of(**WHOLE))
    as_user(by, lambda: service.apply(by=by, job=job))
    by.memberships.update(active=False)
    running.run(job.public_id, by.pk)
    assert again(by, job).state == "failed"
    assert not as_user(world["chair"], Patient.objects.exists)


def test_an_error_of_ours_says_nothing_of_the_file(world, monkeypatch, capsys):
    by = world["coordinator"]
    job = as_user(
        by, lambda: service.check_file(by=by, board=world["board"], data=file_of(**WHOLE))
    )

    def fail(*args: Any, **rest: Any) -> Any:
        raise RuntimeError("Grayling N 100")

    monkeypatch.setattr(running, "enter", fail)
    running.run(job.public_id, by.pk)
    found = again(by, job)
    assert found.state == "failed" and "nothing was kept" in found.told[0]
    assert "Grayling" not in str(found.told) + "".join(capsys.readouterr())


def test_jobs_are_seen_by_their_owner_alone(world):
    job = checked(world, file_of(**WHOLE | {"labs": [{**LAB, "Value": "-1"}]}))
    for other in ("chair", "member"):
        assert as_user(
            world[other], lambda: (BulkJob.objects.count(), BulkProblem.objects.count())
        ) == (0, 0)
    client = Client()
    client.force_login(world["chair"])
    assert client.get(reverse("cases:bulk_job", args=[job.public_id])).status_code == 404
    client.force_login(world["coordinator"])
    answer = client.get(reverse("cases:bulk_job", args=[job.public_id]))
    assert "A result cannot be negative" in answer.content.decode()


def test_an_erasure_takes_the_files_along(world, superuser):
    with transaction.atomic():
        case = make_case(world["member"], world["board"])
    job = checked(world, file_of(**WHOLE))
    faulty = checked(world, file_of(**WHOLE | {"labs": [{**LAB, "Value": "-1"}]}))
    chair = world["chair"]

    def erase() -> None:
        Case.objects.update(state="closed")
        with connection.cursor() as cursor:
            cursor.execute("SELECT rechallenge_erase_patient(%s, 'request')", [case.patient_id])

    as_user(chair, erase)
    by = world["coordinator"]
    assert [(again(by, j).state, bytes(again(by, j).content)) for j in (job, faulty)] == [
        ("expired", b""), ("expired", b""),
    ]  # fmt: skip
    assert superuser.execute("SELECT count(*) FROM cases_bulkproblem").fetchone() == (0,)


def test_the_workers_of_the_sweeps_forget_and_tell_again_without_reading(world, superuser):
    by = world["coordinator"]
    old = checked(world, file_of(**WHOLE | {"labs": [{**LAB, "Value": "-1"}]}))
    waits = as_user(by, lambda: service.check_file(by=by, board=world["board"], data=b"x"))
    superuser.execute(
        "UPDATE cases_bulkjob SET created_at = now() - interval '25 hours' WHERE id = %s", [old.pk]
    )
    superuser.execute(
        "UPDATE cases_bulkjob SET alive_at = now() - interval '1 minute' WHERE id = %s", [waits.pk]
    )
    world["told"].clear()
    connection.close()
    before = connection.settings_dict["USER"]
    connection.settings_dict["USER"] = "rechallenge_worker"
    try:
        assert service.forget_old() == 1
        assert service.poke_waiting() == 1
        for column in ("content", "told", "board_id"):
            with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
                cursor.execute(f"SELECT {column} FROM cases_bulkjob")
    finally:
        connection.close()
        connection.settings_dict["USER"] = before
    assert world["told"] == [str(waits.public_id)]
    assert as_user(by, BulkProblem.objects.count) == 0


def test_a_job_whose_worker_died_is_taken_up_again_and_a_running_one_is_not(world, superuser):
    by = world["coordinator"]
    job = as_user(
        by, lambda: service.check_file(by=by, board=world["board"], data=file_of(**WHOLE))
    )
    superuser.execute("UPDATE cases_bulkjob SET state = 'running', alive_at = now()")
    running.run(job.public_id, by.pk)
    assert again(by, job).state == "running"
    superuser.execute("UPDATE cases_bulkjob SET alive_at = now() - interval '3 minutes'")
    running.run(job.public_id, by.pk)
    assert again(by, job).state == "done"


def test_a_job_of_which_its_workers_die_is_given_up_at_the_third_taking(
    world, superuser, monkeypatch
):
    by = world["coordinator"]
    job = as_user(
        by, lambda: service.check_file(by=by, board=world["board"], data=file_of(**WHOLE))
    )

    class Died(BaseException):
        """What no handler of errors sees, as the end of a process."""

    def die(*args: Any, **rest: Any) -> Any:
        raise Died

    monkeypatch.setattr(running, "read", die)
    for _taking in range(2):
        with pytest.raises(Died):
            running.run(job.public_id, by.pk)
        assert again(by, job).state == "running"
        superuser.execute("UPDATE cases_bulkjob SET alive_at = now() - interval '3 minutes'")
    running.run(job.public_id, by.pk)
    found = again(by, job)
    assert (found.state, bytes(found.content)) == ("failed", b"")
    assert "broke off twice" in found.told[0]


def test_an_import_has_its_takings_for_itself(world, superuser):
    by, job = world["coordinator"], checked(world, file_of(**WHOLE))
    superuser.execute("UPDATE cases_bulkjob SET takings = 2")
    assert applied(world, job).state == "done"
    assert again(by, job).takings == 1


def test_what_is_still_to_come_counts_as_a_file(world, superuser):
    by, board = world["coordinator"], world["board"]

    def ask() -> BulkJob:
        return as_user(by, lambda: service.export(by=by, board=board, form="csv"))

    jobs = [ask() for _n in range(service.MOST_FILES)]
    with pytest.raises(service.TooManyFiles):
        ask()
    superuser.execute("UPDATE cases_bulkjob SET state = 'running' WHERE id = %s", [jobs[0].pk])
    with pytest.raises(service.TooManyFiles):
        ask()
    as_user(by, lambda: service.cancel(by=by, job=jobs[1]))
    assert ask().state == "waiting"


def test_of_very_many_errors_the_first_are_kept_and_the_others_counted(world, monkeypatch):
    monkeypatch.setattr(running, "MOST_PROBLEMS", 3)
    rows = [{**LAB, "Value": "-1", "Day of the sample": f"2025-02-{n:02}"} for n in range(1, 8)]
    job = checked(world, file_of(**WHOLE | {"labs": rows}))
    by = world["coordinator"]
    assert (job.state, job.counts["problems"]) == ("faulty", 7)
    kept = as_user(by, lambda: list(BulkProblem.objects.order_by("id").values_list("row")))
    assert kept == [(2,), (3,), (4,)]
    client = Client()
    client.force_login(by)
    page = client.get(reverse("cases:bulk_job", args=[job.public_id])).content.decode()
    assert "Errors: 7" in page and "there are 4 more" in page
    few = checked(world, file_of(**WHOLE | {"labs": rows[:3]}))
    assert few.told == []


@pytest.mark.parametrize("lacking", ["holds_number = false", "hospital_number = ''"])
def test_an_export_says_how_many_patients_are_not_in_it(world, superuser, lacking):
    by, board, chair = world["coordinator"], world["board"], world["chair"]
    other = {**PATIENT, "Hospital number": "N 200", "Family name": "Other"}
    applied(world, checked(world, file_of(patients=[PATIENT, other])))
    assert exported(world, "csv").told == []
    superuser.execute(f"UPDATE cases_patientidentity SET {lacking} WHERE hospital_number = 'N 200'")
    job = exported(world, "csv")
    assert [r["hospital_number"] for r in read(bytes(job.content)).rows] == ["N 100"]
    assert job.told[0].startswith("Patients of this board who are not in the file: 1.")
    client = Client()
    client.force_login(by)
    page = client.get(reverse("cases:bulk_job", args=[job.public_id])).content.decode()
    assert job.told[0] in page

    # Who was erased is nobody's patient any more, and not missed.
    def erase() -> None:
        Case.objects.update(state="closed")
        patient = PatientIdentity.objects.get(family_name="Other").patient_id
        with connection.cursor() as cursor:
            cursor.execute("SELECT rechallenge_erase_patient(%s, 'request')", [patient])

    as_user(chair, erase)
    assert exported(world, "csv").told == []
    assert as_user(by, lambda: Case.objects.filter(board=board).count()) == 2
