"""Writes and reads of reports: text, links, and PDFs in the private storage."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from audit.services import record
from cases.models import Report, Section
from cases.policies import check_view
from cases.services.assigning import assign, row_of
from cases.services.sections import editing
from cases.services.strays import remove_strays_daily

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from accounts.models import User
    from cases.models import Case


def save_report(
    *,
    by: User,
    case: Case,
    version: int,
    values: Mapping[str, Any],
    pdf: bytes | None = None,
    public_id: UUID | None = None,
) -> Report:
    """Add a report, or change the one with `public_id`; `pdf` is a file that the form has checked.

    A file takes the place of the one before; what is written when the save fails is taken away again. When the
    transaction around it fails later, the file is one that no record names, and goes within a day or two.
    """
    kept = ""
    try:
        with editing(by=by, case=case, key=Section.IRAES, version=version) as current:
            row = row_of(Report.objects.filter(patient=current.patient), current, public_id)
            if row.pk is None:
                row.added_by = by
            assign(row, values)
            if pdf is not None:
                row.file.save("report.pdf", ContentFile(pdf), save=False)
                kept = row.file.name
                row.file_sha256 = hashlib.sha256(pdf).hexdigest()
            row.save()
    except BaseException:
        if kept:
            default_storage.delete(kept)
        raise
    if kept:
        transaction.on_commit(remove_strays_daily, robust=True)
    return row


def note_reading(*, by: User, case: Case, report: Report) -> None:
    """Put the reading of a report on the trail; the caller answers with it afterwards."""
    check_view(by, case)
    record(
        "report.read",
        by=by,
        board=case.board,
        patient_id=report.patient_id,
        subject=report,
        detail={"file": bool(report.file)},
    )
