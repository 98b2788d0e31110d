"""Curation of what a laboratory measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from audit.services import record
from evidence.policies import check_curator

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Analyte


@transaction.atomic
def save_analyte(*, by: User, analyte: Analyte) -> Analyte:
    """Save an analyte as a form has cleaned it. Results entered before keep the value they were given."""
    check_curator(by)
    analyte.save()
    record("analyte.saved", by=by, subject=analyte, detail={"code": analyte.code})
    return analyte
