"""Files of an import for tests, and what comes of them without a job around."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.acting import acting_as
from cases.bulk.columns import SHEETS
from cases.bulk.entering import Outcome, enter
from cases.bulk.files import read
from cases.bulk.recorders import Record, Trial
from cases.models import Analyte, BulkJob, BulkProblem

if TYPE_CHECKING:
    from accounts.models import Board, User

# Addresses of imports and exports: no id in them is of a patient or a board.
OWN_JOBS = dict.fromkeys(
    ("cases:bulk_job", "cases:bulk_apply", "cases:bulk_cancel", "cases:bulk_file"),
    "the job is the caller's own (tests/integration/bulk)",
) | {"cases:bulk_template": "one of three files without a patient of anybody's"}
PATIENT = {
    "Hospital number": "N 100",
    "Family name": "Grayling",
    "First name": "Ada",
    "Date of birth": "3 March 1950",
    "Question to the board": "May it be given again?",
}
COURSE = {
    "Hospital number": "n100",
    "Course": "1",
    "Drugs": "pembrolizumab",
    "First dose": "March 2024",
}
IRAE = {
    "Hospital number": "N100",
    "Event": "pneumonitis",
    "CTCAE version": "5.0",
    "Worst grade": "2",
}
LAB = {
    "Hospital number": "N100", "Day of the sample": "2025-02-03", "Analyte": "ldh", "Value": "210",
    "Unit": "U/L",
}  # fmt: skip
BACKGROUND = {
    "Hospital number": "N100", "ECOG": "1", "ECOG assessed": "March 2024", "Smoking": "former",
    "Pack-years": "20", "Autoimmune disease": "no", "Hepatitis B": "unknown", "Pregnancy": "not applicable",
    "Other illnesses": "gout", "What the patient wants": "not yet",
}  # fmt: skip
WHOLE = {"patients": [PATIENT], "courses": [COURSE], "iraes": [IRAE], "labs": [LAB]}


def file_of(**sheets: list[dict[str, str]]) -> bytes:
    """Return a zip of files of text, one a sheet, with the headings that the rows have."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        for code, rows in sheets.items():
            headings = list(dict.fromkeys(h for row in rows for h in row))
            text = io.StringIO()
            lines = csv.DictWriter(text, headings, restval="")
            lines.writeheader()
            lines.writerows(rows)
            packed.writestr(f"{SHEETS[code].code}.csv", text.getvalue())
    return kept.getvalue()


def imported(
    by: User, board: Board, data: bytes, *, trial: bool = False, day_first: bool = False
) -> Outcome:
    """Return what comes of a file; nothing is kept of one with errors."""
    with acting_as(by), transaction.atomic():
        point = transaction.savepoint()
        outcome = enter(
            read(data, day_first=day_first),
            by=by,
            board=board,
            recorder=Trial() if trial else Record(by, board),
            analytes=Analyte.objects.all(),
        )
        if outcome.problems:
            transaction.savepoint_rollback(point)
    return outcome


def told(outcome: Outcome) -> list[tuple[str, int, str, str]]:
    """Return the errors as a page shows them."""
    return [(p.row.sheet.code, p.row.number, p.heading, p.words) for p in outcome.problems]


def counts(outcome: Outcome) -> dict[str, int]:
    """Return the counts that are not zero."""
    return {key: n for key, n in outcome.as_counts().items() if n}


def dump(board: Board) -> dict[str, list[dict[str, Any]]]:
    """Return every column of the record of all patients of a board that an import could change."""
    from cases.models import (
        Background,
        Case,
        CaseFacts,
        ICICourse,
        IrAE,
        LabResult,
        Patient,
        PatientIdentity,
        PerformanceStatus,
    )

    models = (
        *(Patient, PatientIdentity, Case, ICICourse, IrAE, LabResult, CaseFacts),
        *(PerformanceStatus, Background),
    )
    return {m.__name__: list(m.objects.order_by("pk").values()) for m in models}


def make_job(by: User, board: Board, step: str = "check", state: str = "done") -> BulkJob:
    """Return a job of `by` as it stands in the table at some moment."""
    with acting_as(by):
        job = BulkJob.objects.create(
            user=by,
            board=board,
            step=step,
            state=state,
            content=b"x",
            size=1,
            total_rows=9,
            counts={"patients_new": 1, "patients_rows": 1},
        )
        if state == "faulty":
            place = {"sheet": "1", "row": 2, "heading": "3", "typed": "4", "words": "5"}
            BulkProblem.objects.create(job=job, user=by, **place)
    return job
