"""Ten thousand rows through the worker's function: checked, with progress that others see, nothing written."""

from __future__ import annotations

from itertools import pairwise

import pytest

from cases.bulk import outside, running
from cases.models import BulkJob, Patient
from cases.services import bulk as service
from tests.factories.spreadsheets import LAB, PATIENT, file_of
from tests.integration.bulk.doing import again, as_user

ROWS = 10_000


def day(n: int) -> str:
    return f"20{10 + n // 336:02d}-{1 + n // 28 % 12:02d}-{1 + n % 28:02d}"


def results(number: str, count: int) -> list[dict[str, str]]:
    return [
        {
            **LAB, "Hospital number": number, "Day of the sample": day(n % 5000), "Value": str(150 + n % 90),
            "Source": f"Clinic {n // 5000}",
        }
        for n in range(count)
    ]  # fmt: skip


def several() -> dict[str, list[dict[str, str]]]:
    """Return 250 patients with 39 results each."""
    numbers = [f"N {n}" for n in range(250)]
    people = [
        {**PATIENT, "Hospital number": number, "Family name": f"Grayling{n:03d}", "Another person": "yes"}
        for n, number in enumerate(numbers)
    ]  # fmt: skip
    return {"patients": people, "labs": [row for number in numbers for row in results(number, 39)]}


def one() -> dict[str, list[dict[str, str]]]:
    """Return one patient with all other rows."""
    return {"patients": [PATIENT], "labs": results("N 100", ROWS - 1)}


@pytest.mark.parametrize("made", [several, one])
def test_ten_thousand_rows_are_checked_with_progress(world, superuser, monkeypatch, made):
    seen: list[tuple[int, int]] = []
    tick = outside.Outside.tick

    def told(self, done, total=None):
        """Tell as always, but look each five hundred rows at what another connection sees."""
        self.told_at = 0.0 if total is not None or done // 500 > len(seen) else float("inf")
        tick(self, done, total)
        if self.told_at not in (0.0, float("inf")):
            row = superuser.execute("SELECT done_rows, total_rows FROM cases_bulkjob").fetchone()
            seen.append(row)

    monkeypatch.setattr(outside.Outside, "tick", told)
    sheets = made()
    assert sum(map(len, sheets.values())) == ROWS
    by = world["coordinator"]
    job = as_user(
        by, lambda: service.check_file(by=by, board=world["board"], data=file_of(**sheets))
    )
    running.run(job.public_id, by.pk)
    job = again(by, job)
    assert (job.state, job.done_rows, job.total_rows) == ("done", ROWS, ROWS)
    assert (job.counts["patients_new"], job.counts["labs_new"]) == tuple(map(len, sheets.values()))
    # Every part of the way was seen while it went on, and never backwards.
    done = [rows for rows, total in seen if total]
    assert done == sorted(done) and len(done) >= 18
    assert max(later - sooner for sooner, later in pairwise(done)) <= 1_100
    assert not as_user(by, Patient.objects.exists), "a check writes nothing"


def test_a_job_of_one_patient_can_be_ended_in_their_midst(world, monkeypatch):
    monkeypatch.setattr(outside, "EVERY", 0.0)
    by = world["coordinator"]
    data = file_of(patients=[PATIENT], labs=results("N 100", 300))
    job = as_user(by, lambda: service.check_file(by=by, board=world["board"], data=data))
    tick = outside.Outside.tick

    def told(self, done, total=None):
        if done == 150:
            with self.line.cursor() as cursor:
                cursor.execute("UPDATE cases_bulkjob SET cancel = true")
        tick(self, done, total)

    monkeypatch.setattr(outside.Outside, "tick", told)
    running.run(job.public_id, by.pk)
    job = again(by, job)
    assert (job.state, job.done_rows) == ("cancelled", 150)
    assert as_user(by, lambda: BulkJob.objects.filter(state="running").count()) == 0
