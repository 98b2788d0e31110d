"""Two versions of a record side by side: what differs between two moments, field by field, in words.

Read from the history that triggers write, so that a bulk update or a console session is in it. A version is the
record as it was after the saves of a moment. Nothing here is scoped by user: see `changelog`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pghistory.models import Context

from accounts.models import User
from cases import lab_history
from cases.changelog import NAMED_BY, SECTION_OF, Change, changes_between, events_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from cases.models import Case

# Results on one page; the rows of the other lists are few and come with the first page.
RESULTS_PER_PAGE = 100
MOST_ROWS = 500


@dataclass(frozen=True)
class Difference:
    """What differs, and the id of the result behind which the next page goes on (None: there is none)."""

    changes: tuple[Change, ...]
    next_result: int | None


def difference(case: Case, before: datetime, after: datetime, *, beyond: int = 0) -> Difference:
    """Return what the record said otherwise at `after` than at `before`, which is earlier.

    `beyond`: the result behind which a further page begins; 0 for the first page. One query a table, five for
    the results.
    """
    changes: list[Change] = []
    if not beyond:
        for name in SECTION_OF:
            if name != "LabResult":
                changes += _of_table(name, _states(case, name, before, after), before)
    ids = lab_history.touched(case, before, after, most=RESULTS_PER_PAGE + 1, beyond=beyond)
    more = len(ids) > RESULTS_PER_PAGE
    ids = ids[:RESULTS_PER_PAGE]
    found = lab_history.versions(case, ids) if ids else ()
    changes += _of_table("LabResult", (v for v in found if v.pgh_created_at <= after), before)
    places: dict[str, int] = {}
    for change in changes:
        places.setdefault(change.section, len(places))
    changes.sort(key=lambda change: places[change.section])
    return Difference(tuple(changes), ids[-1] if more else None)


def people_at(case: Case, moments: Iterable[datetime]) -> dict[datetime, str]:
    """Return who saved at each of `moments`; empty where it was the system. Two queries."""
    wanted = list(moments)
    rows: QuerySet[Any] | None = None
    for name in (*SECTION_OF, "CaseSection"):
        of_one = events_of(case, name).filter(pgh_created_at__in=wanted, pgh_context__isnull=False)
        found = of_one.order_by().values_list("pgh_created_at", "pgh_context_id")
        rows = found if rows is None else rows.union(found)
    contexts = dict(rows or ())
    users = {
        context.pk: context.metadata.get("user")
        for context in Context.objects.filter(pk__in=contexts.values())
    }
    named = User.objects.filter(pk__in={user for user in users.values() if user})
    names = dict(named.values_list("pk", "name"))
    return {at: names.get(users.get(context) or 0, "") for at, context in contexts.items()}


def _states(case: Case, name: str, before: datetime, after: datetime) -> Iterable[Any]:
    """Return for each row that changed in between what it said at both moments, the earlier first."""
    rows = events_of(case, name)
    changed = rows.filter(pgh_created_at__gt=before, pgh_created_at__lte=after)
    ids = changed.order_by("pgh_obj_id").values("pgh_obj_id").distinct()[:MOST_ROWS]
    mine = rows.filter(pgh_obj_id__in=ids)
    wanted = [
        mine.filter(pgh_created_at__lte=moment)
        .order_by("pgh_obj_id", "-pgh_id")
        .distinct("pgh_obj_id")
        .values("pgh_id")
        for moment in (before, after)
    ]
    found: QuerySet[Any] = rows.filter(pgh_id__in=wanted[0]) | rows.filter(pgh_id__in=wanted[1])
    return found.select_related(*NAMED_BY.get(name, ())).order_by("pgh_id")


def _of_table(name: str, versions: Iterable[Any], before: datetime) -> Iterator[Change]:
    """Yield what differs of one table's rows; `versions` holds those up to the later moment, in order."""
    then: dict[Any, Any] = {}
    now: dict[Any, Any] = {}
    for version in versions:
        (then if version.pgh_created_at <= before else now)[version.pgh_obj_id] = version
    for key, new in now.items():
        old = then.get(key)
        if old is not None and old.pgh_label == "delete":
            old = None
        if old is None and new.pgh_label == "delete":
            continue
        yield from changes_between(name, old, new)
