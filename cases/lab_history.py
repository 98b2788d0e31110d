"""Laboratory results as a list of versions, as the other tables' histories have them.

Their history table keeps what stood before a change or a removal, and no inserts; what was first entered is in
its oldest row there, or, never changed since, in the table itself.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q

from cases.family import records_of
from cases.models import LabResult, Section

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from django.db.models import QuerySet

    from cases.models import Case


class Version:
    """What a result said from one moment on (or, deleted, said last), with who made it so."""

    def __init__(self, row: Any, label: str, at: datetime, context_id: Any, user: Any) -> None:
        self.row, self.pgh_label, self.pgh_created_at = row, label, at
        self.pgh_context_id, self.user_id = context_id, user
        self.pgh_obj_id = row.pgh_obj_id if hasattr(row, "pgh_obj_id") else row.pk

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


def entry_times(case: Case) -> QuerySet[Any]:
    """Return when results of the case's patient that are still there were entered."""
    return LabResult.objects.filter(patient=case.patient).order_by().values_list("entered_at")


def _event_rows(case: Case) -> QuerySet[Any]:
    events = apps.get_model("cases", "LabResultEvent")._default_manager
    rows: QuerySet[Any] = events.filter(patient__in=records_of(case.patient))
    return rows


def touched(
    case: Case, first: datetime, last: datetime | None, *, most: int, beyond: int = 0
) -> list[int]:
    """Return the ids, above `beyond`, of at most `most` results entered or changed from `first` to `last`.

    In the order of the ids; two queries.
    """
    until = {} if last is None else {"entered_at__lte": last}
    live = LabResult.objects.filter(patient=case.patient, entered_at__gte=first, **until)
    changed = Q(pgh_created_at__gte=first)
    if last is not None:
        changed &= Q(pgh_created_at__lte=last)
    entered = Q(entered_at__gte=first, **until)
    kept = _event_rows(case).filter(changed | entered, pgh_obj_id__gt=beyond)
    found = set(live.filter(pk__gt=beyond).order_by("pk").values_list("pk", flat=True)[:most])
    found |= set(kept.order_by("pgh_obj_id").values_list("pgh_obj_id", flat=True).distinct()[:most])
    return sorted(found)[:most]


def versions(case: Case, ids: Collection[int]) -> Iterator[Version]:
    """Yield every version of the results `ids`, each result's own in the order of time; three queries."""
    kept: dict[int, list[Any]] = defaultdict(list)
    rows = _event_rows(case).filter(pgh_obj_id__in=ids).select_related("pgh_context", "analyte")
    for event in rows.order_by("pgh_id"):
        kept[event.pgh_obj_id].append(event)
    mine = LabResult.objects.filter(patient=case.patient, pk__in=ids)
    live = {row.pk: row for row in mine.select_related("analyte")}
    entries = {row.entered_at for rows_ in ([*live.values()], *kept.values()) for row in rows_}
    contexts = _contexts(case, entries)
    for pk in {**dict.fromkeys(kept), **dict.fromkeys(live)}:
        said = [*kept[pk], *([live[pk]] if pk in live else [])]
        first = said[0]
        entered: datetime = first.entered_at
        yield Version(first, "insert", entered, contexts.get(entered), first.entered_by_id)
        for event, after in zip(kept[pk], [*said[1:], None], strict=False):
            user = event.pgh_context.metadata.get("user") if event.pgh_context else None
            at, context = event.pgh_created_at, event.pgh_context_id
            if event.pgh_label == "delete":
                yield Version(event, "delete", at, context, user)
            elif after is not None:
                yield Version(after, "update", at, context, user)


def _contexts(case: Case, times: Collection[datetime]) -> dict[datetime, Any]:
    """Return the context of each save of the section at `times`, which all its rows share."""
    events = apps.get_model("cases", "CaseSectionEvent")._default_manager
    saves = events.filter(
        patient__in=records_of(case.patient), key=Section.LABS, pgh_created_at__in=list(times)
    )
    return dict(saves.values_list("pgh_created_at", "pgh_context_id"))
