"""Writes to irAEs: which organs were asked about, and the dossier of each event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cases.models import DossierEntry, IrAE, OrganReview, Section
from cases.services.assigning import assign
from cases.services.sections import editing
from cases.vocabulary import Organ

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date
    from uuid import UUID

    from accounts.models import User
    from cases.models import Case


def review_organs(
    *,
    by: User,
    case: Case,
    version: int,
    asked: Collection[str],
    again: Collection[str] = (),
    on: date | None = None,
) -> None:
    """Say which organs were asked about: new ones, and those asked `again`, by `by` on `on` (None: today).

    The others stay as they were said. An organ that is no longer among `asked` counts as not asked again; the
    history keeps that it was. A later answer is not put back by one of an earlier day.
    """
    day = on or timezone.localdate()
    with editing(by=by, case=case, key=Section.IRAES, version=version) as current:
        rows = OrganReview.objects.filter(patient=current.patient)
        rows.exclude(organ__in=asked).delete()
        have = set(rows.values_list("organ", flat=True))
        anew = rows.filter(organ__in=set(again) & set(asked), asked_on__lte=day)
        anew.update(asked_on=day, asked_by=by)
        OrganReview.objects.bulk_create(
            OrganReview(patient=current.patient, organ=organ, asked_on=day, asked_by=by)
            for organ in Organ.values
            if organ in asked and organ not in have
        )


def review_all_organs(*, by: User, case: Case, version: int, on: date | None = None) -> None:
    """Say that all organs were asked about on `on` (None: today): no irAE beyond those entered."""
    everything = Organ.values
    review_organs(by=by, case=case, version=version, asked=everything, again=everything, on=on)


def save_dossier(
    *,
    by: User,
    case: Case,
    version: int,
    irae_id: UUID,
    answers: Mapping[int, Mapping[str, Any]],
) -> IrAE:
    """Save the answers to items of one irAE's dossier, by the items' ids; an empty answer is taken away."""
    with editing(by=by, case=case, key=Section.IRAES, version=version) as current:
        irae = IrAE.objects.get(patient=current.patient, public_id=irae_id)
        have = {entry.item_id: entry for entry in DossierEntry.objects.filter(irae=irae)}
        for item_id, values in answers.items():
            entry = have.get(item_id)
            if not values:
                if entry is not None:
                    entry.delete()
                continue
            entry = entry or DossierEntry(patient=current.patient, irae=irae, item_id=item_id)
            assign(entry, values)
            entry.save()
    return irae
