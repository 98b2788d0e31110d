"""The optimistic lock: each section of a case has a version of its own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from audit.services import record
from cases.family import records_of
from cases.holding import hold_case
from cases.models import Case, CaseSection
from cases.policies import check_edit
from cases.services.facts import refresh_patient
from cases.services.tasks import settle_patient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User


class StaleSection(Exception):
    """Somebody saved the section after the form was opened; nothing was written."""

    def __init__(self, section: CaseSection) -> None:
        super().__init__(f"section {section.key} is at version {section.version}")
        self.section = section


def locked_version(case: Case, key: str) -> int:
    """Return the version of a section, which stands until the transaction ends.

    For what is written because of an event elsewhere, not from a form that somebody has read.
    """
    hold_case(case)
    return CaseSection.objects.get(case=case, key=key).version


@contextmanager
def editing(*, by: User, case: Case, key: str, version: int) -> Iterator[Case]:
    """Let the block write one section: policy, lock, version, facts and trail around it.

    Yields the case as it is now. Raises StaleSection when `version` is not the section's.
    """
    with transaction.atomic():
        hold_case(case)
        current = Case.objects.select_related("board", "patient").get(pk=case.pk)
        check_edit(by, current)
        section = CaseSection.objects.select_related("changed_by").get(case=current, key=key)
        if section.version != version:
            raise StaleSection(section)
        yield current
        CaseSection.objects.filter(pk=section.pk).update(
            version=F("version") + 1, changed_by=by, changed_at=timezone.now()
        )
        # Sections about the patient are shared by all their cases: each one's version moves on.
        others = CaseSection.objects.filter(
            patient__in=records_of(current.patient), key=key
        ).exclude(pk=section.pk)
        if key != "question":
            others.update(version=F("version") + 1, changed_by=by, changed_at=timezone.now())
        Case.objects.filter(pk=current.pk).update(changed_at=timezone.now())
        refresh_patient(patient=current.patient)
        settle_patient(by=by, patient=current.patient)
        record(
            "case.section_saved",
            by=by,
            board=current.board,
            patient_id=current.patient_id,
            subject=current,
            detail={"section": key, "version": version + 1},
        )
