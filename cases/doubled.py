"""The pairs of a list of which it is open whether they are one, or was said that they are two, as they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Func, OuterRef
from django.db.models.functions import Coalesce, JSONObject

from accounts.models import User
from cases.derivations.courses import may_be_one as one_course
from cases.derivations.steroid_groups import may_be_one as one_dose
from cases.models import Patient, Section
from cases.oneortwo import LISTS, keys_of, pairs_of
from cases.reading import course_of, steroid_of

if TYPE_CHECKING:
    from cases.models import Case

COMPLETE = {
    Section.COURSES: "courses_complete_as_of",
    Section.STEROIDS: "steroids_complete_as_of",
}


@dataclass(frozen=True)
class Two:
    """Two entries that somebody said are two, who said so and when; `who` is empty where no name came with the case."""

    one: Any
    other: Any
    who: str
    on: date


def with_sayers(rows: Any) -> Any:
    """Return a query of cases annotated with the names of those who said that two entries are two, for `said_two`."""
    # From the row that the page reads anyway: asked of the table again, the planner finds no index for it.
    pairs = Coalesce(
        OuterRef("patient__merged_into__entry_pairs"), OuterRef("patient__entry_pairs")
    )
    path = "(SELECT jsonb_path_query(%(expressions)s, '$[*].two_by')::bigint)"
    said = Func(pairs, template=path, output_field=BigIntegerField())
    names = (
        User.objects.filter(pk__in=said).order_by().values_list(JSONObject(id="id", name="name"))
    )
    return rows.annotate(sayers_beside=ArraySubquery(names))


def said_two(case: Case, key: str) -> list[Two]:
    """Return the pairs of one list of a case that were said to be two, as long as both entries are there; no query."""
    patient = case.patient
    told = [pair for pair in patient.entry_pairs if pair["list"] == key and "two_on" in pair]
    if not told:
        return []
    names = {row["id"]: row["name"] for row in case.__dict__.get("sayers_beside", ())}
    rows = {row.pk: row for row in getattr(patient, LISTS[key][1]).all()}
    return [
        Two(
            one=rows[pair["one"]],
            other=rows[pair["other"]],
            who=names.get(pair["two_by"], ""),
            on=date.fromisoformat(pair["two_on"]),
        )
        for pair in told
        if keys_of(pair) <= rows.keys()
    ]


def open_pairs(patient: Patient, key: str) -> list[tuple[Any, Any]]:
    """Return the pairs of one list that may be one, in its order.

    Courses and steroids are settled by whoever calls their list complete; what looks alike is asked of them in any
    record, of irAEs only where two records were merged.
    """
    if key not in LISTS or (key in COMPLETE and getattr(patient, COMPLETE[Section(key)])):
        return []
    pairs = pairs_of(patient, key)
    rows = list(getattr(patient, LISTS[key][1]).all())
    if key not in COMPLETE:
        # Only those that a merge named: a history may have hundreds.
        at = {row.pk: place for place, row in enumerate(rows)}
        places = sorted(sorted(at[pk] for pk in pair) for pair in pairs.open if pair <= at.keys())
        return [(rows[one], rows[other]) for one, other in places]
    return [
        (one, other)
        for one, other in combinations(rows, 2)
        if pairs.may_be_one(one.pk, other.pk, alike=_alike(key, one, other))
    ]


def _alike(key: str, one: Any, other: Any) -> bool:
    if key == Section.COURSES:
        return one_course(course_of(one), course_of(other))
    return key == Section.STEROIDS and one_dose(steroid_of(one), steroid_of(other))
