"""What the form of a section needs beside its case, in the query that finds the case: a fragment costs few queries.

The versions of the sections are read by the same statement as the case: a form never pairs an old row with a
version that came after it.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, F, OuterRef, Subquery, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Concat, JSONObject

from accounts.models import Membership, User
from cases.forms.owing import Owners, Task
from cases.forms.owner import seat_words
from cases.models import CaseFacts, CaseSection, Draft, FactTask, OrganReview
from cases.whole_record import instance_of

# Between the key of a form and the window in which another text of it was typed.
APART = "~"

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from cases.models import Case


def with_sections(rows: Any) -> Any:
    """Return a query of cases annotated with their sections, for `keep_sections`."""
    columns = JSONObject(
        id="id",
        key="key",
        version="version",
        changed_at="changed_at",
        changed_by_id="changed_by_id",
        name="changed_by__name",
    )
    sections = CaseSection.objects.filter(case=OuterRef("pk")).order_by("id")
    return rows.annotate(sections_beside=ArraySubquery(sections.values_list(columns)))


def with_facts(rows: Any) -> Any:
    """Return a query of cases annotated with their row of facts, for `keep_facts`.

    As one value: a fragment spends less on its whole form than on the names of this row's hundreds of columns.
    """
    facts, cases = CaseFacts._meta.db_table, rows.model._meta.db_table
    row = f"(SELECT to_jsonb(f)::text FROM {facts} f WHERE f.case_id = {cases}.id)"  # noqa: S608
    return rows.annotate(facts_beside=RawSQL(row, [], TextField()))  # noqa: S611


def keep_facts(case: Case) -> Case:
    """Let `case.facts` of a case fetched `with_facts` be what came with it."""
    row = case.__dict__["facts_beside"]
    if row is not None:
        facts = instance_of(CaseFacts, json.loads(row, parse_float=Decimal))
        facts._state.fields_cache["case"] = case
        case._state.fields_cache["facts"] = facts
    return case


def keep_sections(case: Case) -> Case:
    """Let `case.sections` of a case fetched `with_sections` be what came with it."""
    kept: Any = case.sections.all()
    kept._result_cache = [_section(case, row) for row in case.__dict__["sections_beside"]]
    kept._prefetch_done = True
    case.__dict__.setdefault("_prefetched_objects_cache", {})["sections"] = kept
    return case


def _section(case: Case, row: dict[str, Any]) -> CaseSection:
    section = CaseSection(
        id=row["id"],
        case_id=case.pk,
        patient_id=case.patient_id,
        key=row["key"],
        version=row["version"],
        changed_at=datetime.fromisoformat(row["changed_at"]),
        changed_by_id=row["changed_by_id"],
    )
    section._state.adding, section._state.db = False, case._state.db
    section._state.fields_cache["case"] = case
    named = ["id", "name"], [row["changed_by_id"], row["name"]]
    section._state.fields_cache["changed_by"] = User.from_db(DEFAULT_DB_ALIAS, *named)
    return section


def with_another(drafts: QuerySet[Draft]) -> QuerySet[Draft]:
    """Return drafts annotated with whether another window holds another text of the same form."""
    others = Draft.objects.filter(
        user=OuterRef("user"), key__startswith=Concat(OuterRef("key"), Value(APART))
    )
    return drafts.annotate(two=Exists(others))


def with_draft(rows: Any, user: User, key: str) -> Any:
    """Return a query of cases annotated with what the user was typing into the form `key`."""
    mine: QuerySet[Draft] = with_another(Draft.objects.filter(user=user, key=key))
    columns = JSONObject(fields="fields", saved_at="saved_at", two="two")
    return rows.annotate(draft_beside=Subquery(mine.values_list(columns)[:1]))


def kept_draft(case: Case, user: User, key: str) -> Draft | None:
    """Return the draft of a case fetched `with_draft`; raises KeyError for a case that was not."""
    row = case.__dict__["draft_beside"]
    if row is None:
        return None
    saved_at = datetime.fromisoformat(row["saved_at"])
    draft = Draft(user=user, key=key, fields=row["fields"], saved_at=saved_at)
    draft.__dict__["two"] = row["two"]
    return draft


def with_owners(rows: Any) -> Any:
    """Return a query of cases annotated with their open tasks and with who may be given one, for `owners_of`."""
    tasks = FactTask.objects.filter(case=OuterRef("pk"), done_at=None)
    task = JSONObject(fact="fact", owner="owner__public_id", due_on="due_on")
    seats = Membership.objects.filter(board=OuterRef("board")).holding("case.edit")
    seat = JSONObject(key="user__public_id", name="user__name", role="role", specialty="specialty")
    return rows.annotate(
        tasks_beside=ArraySubquery(tasks.values_list(task)),
        seats_beside=ArraySubquery(seats.order_by("user__name", "id").values_list(seat)),
    )


def owners_of(case: Case, facts: Mapping[str, str]) -> Owners:
    """Return whom the facts of a form may be given to, of a case fetched `with_owners`."""
    people: dict[str, str] = {}
    for row in case.__dict__["seats_beside"]:
        seat = Membership(role=row["role"], specialty=row["specialty"])
        people.setdefault(row["key"], seat_words(row["name"], seat))
    tasks = {
        row["fact"]: Task(
            row["owner"] or "", date.fromisoformat(row["due_on"]) if row["due_on"] else None
        )
        for row in case.__dict__["tasks_beside"]
    }
    return Owners(facts, people, tasks)


def with_askers(rows: Any) -> Any:
    """Return a query of cases annotated with who asked about an organ, for `askers_of`."""
    patient = Coalesce(OuterRef("patient__merged_into"), OuterRef("patient"))
    asked = OrganReview.objects.filter(patient=patient).annotate(name=F("asked_by__name"))
    columns = JSONObject(id="asked_by_id", name="name")
    return rows.annotate(askers_beside=ArraySubquery(asked.values_list(columns)))


def askers_of(case: Case) -> dict[int, str]:
    """Return by key the names of those who asked about the organs of a case fetched `with_askers`."""
    return {row["id"]: row["name"] for row in case.__dict__["askers_beside"]}
