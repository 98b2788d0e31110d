"""Who owes which fact, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from audit.services import record
from cases.askable import item_of, told
from cases.family import records_of
from cases.holding import hold_case
from cases.models import Case, FactTask
from cases.policies import check_edit
from cases.readiness import SETTLED
from cases.rules import readiness_of, with_rules
from cases.services.facts import refresh_patient, refreshed_once

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from accounts.models import User
    from cases.models import CaseFacts, Patient


@transaction.atomic
def owe_fact(
    *, by: User, case: Case, fact: str, owner: User | None, due_on: date | None
) -> FactTask:
    """Give a missing fact to `owner`; one open task a fact, so giving it again hands it over.

    From now on the fact is "not yet" where the record does not tell it.
    """
    check_edit(by, case)
    task, _created = FactTask.objects.update_or_create(
        case=case,
        fact=fact,
        done_at=None,
        defaults={"patient_id": case.patient_id, "owner": owner, "due_on": due_on},
    )
    record(
        "fact.owed",
        by=by,
        board=case.board,
        patient_id=case.patient_id,
        subject=task,
        detail={"fact": fact, "owner": owner.pk if owner else None},
    )
    refresh_patient(patient=case.patient)
    return task


class GivenMeanwhile(Exception):
    """Who is asked for a fact has changed since it was shown: `task` says who is now, None for nobody any more."""

    def __init__(self, task: FactTask | None) -> None:
        super().__init__("somebody else was asked since")
        self.task = task


@transaction.atomic
def hand_over(
    *, by: User, case: Case, fact: str, owner: User, due_on: date | None, shown: str
) -> FactTask:
    """Give a fact to `owner` where what was `shown` of it, by `holding`, still stands.

    Raises GivenMeanwhile where it does not and something else is wanted: nobody's answer is replaced unseen.
    """
    check_edit(by, case)
    hold_case(case)
    task = hold_tasks(case, [fact]).get(fact)
    wanted = task is not None and (task.owner, task.due_on) == (owner, due_on)
    if task is not None and wanted:
        return task
    if holding(task) != shown:
        raise GivenMeanwhile(task)
    return owe_fact(by=by, case=case, fact=fact, owner=owner, due_on=due_on)


def holding(task: FactTask | None) -> str:
    """Return what stands for who is asked, and by when; "" for nobody."""
    if task is None or task.owner is None:
        return ""
    return f"{task.owner.public_id} {task.due_on or ''}".strip()


def hold_tasks(case: Case, facts: Iterable[str]) -> dict[str, FactTask]:
    """Return by fact the open tasks of `case` for `facts`, held until the transaction ends.

    Their owners are read once they are held: what is joined to a row is not read again after waiting for it.
    """
    rows = FactTask.objects.select_for_update().filter(case=case, done_at=None)
    found = list(rows.filter(fact__in=list(facts)).order_by("id"))
    prefetch_related_objects(found, "owner")
    return {task.fact: task for task in found}


@transaction.atomic
def owe_facts(
    *, by: User, case: Case, facts: Iterable[str], owner: User, due_on: date | None
) -> list[FactTask]:
    """Give several facts to `owner` by one day; the facts of the case are written once."""
    with refreshed_once():
        return [owe_fact(by=by, case=case, fact=fact, owner=owner, due_on=due_on) for fact in facts]


@transaction.atomic
def give_shown(
    *,
    by: User,
    case: Case,
    facts: Iterable[str],
    free: Collection[str],
    owner: User,
    due_on: date | None,
    shown: Mapping[str, str] | None = None,
) -> dict[str, User | None]:
    """Give facts to `owner`, but none of `free` that is not free any more: nobody had it when it was shown.

    `shown`: by single facts, the public id of who had it when it was shown, "" for nobody; one that somebody else has
    by now stays there. Return what was left: with who has it by now, None for what is not open any more.
    """
    check_edit(by, case)
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    wanted = list(facts)
    had = {key: task.owner for key, task in hold_tasks(case, wanted).items() if task.owner}
    rows = with_rules(Case.objects.filter(pk=case.pk)).select_related("facts", "board", "patient")
    open_ = readiness_of(rows.get()).open
    left = {key: had.get(key) for key in wanted if key in free and (key in had or key not in open_)}
    before = shown or {}
    left |= {
        key: had[key]
        for key in wanted
        if key in before and key in had and str(had[key].public_id) != before[key]
    }
    given = [key for key in wanted if key not in left]
    owe_facts(by=by, case=case, facts=given, owner=owner, due_on=due_on)
    return left


@transaction.atomic
def ask_once(*, by: User, case: Case, fact: str, owner: User, due_on: date) -> FactTask | None:
    """Give a fact that nobody was asked for; None where somebody else was asked meanwhile, who keeps it."""
    check_edit(by, case)
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    task = hold_tasks(case, [fact]).get(fact)
    if task is not None and task.owner not in (None, owner):
        return None
    return owe_fact(by=by, case=case, fact=fact, owner=owner, due_on=due_on)


@transaction.atomic
def take_back(*, by: User, case: Case, fact: str, owner: str) -> bool:
    """Close the task of a fact that `owner`, a public id, was asked for; False where it is theirs no longer."""
    check_edit(by, case)
    task = hold_tasks(case, [fact]).get(fact)
    if task is None or task.owner is None or str(task.owner.public_id) != owner:
        return False
    task.done_at = timezone.now()
    task.save(update_fields=["done_at"])
    record(
        "fact.taken_back",
        by=by,
        board=case.board,
        patient_id=case.patient_id,
        subject=task,
        detail={"fact": fact, "owner": task.owner.pk},
    )
    refresh_patient(patient=case.patient)
    return True


@transaction.atomic
def settle_tasks(*, by: User, case: Case, facts: set[str]) -> int:
    """Close the open tasks whose facts are settled now; return how many."""
    tasks = FactTask.objects.filter(case=case, done_at=None, fact__in=facts)
    closed = tasks.update(done_at=timezone.now())
    if closed:
        record("fact.settled", by=by, board=case.board, patient_id=case.patient_id, subject=case)
    return closed


def there_now(row: CaseFacts, patient: Patient, keys: set[str]) -> set[str]:
    """Return which facts, and which items beside them, a case's record tells by now; `row`: its facts."""
    facts = {key for key in keys if getattr(row, f"{key}_state", None) in SETTLED}
    items = {key for key in keys if item_of(key) is not None}
    return facts | (told(row.case, patient, items) if items else set())


def settle_patient(*, by: User, patient: Patient) -> None:
    """Close the open tasks of every case of `patient` whose facts are there now, and current.

    A fact that is known and too old for its question is still owed. Called in the transaction that saved the
    record, after the facts were derived anew.
    """
    owed: dict[int, set[str]] = {}
    for case_id, fact in FactTask.objects.filter(
        patient__in=records_of(patient), done_at=None
    ).values_list("case_id", "fact"):
        owed.setdefault(case_id, set()).add(fact)
    if not owed:
        return
    cases = with_rules(Case.objects.filter(pk__in=owed)).select_related("facts", "board", "patient")
    for case in cases:
        too_old = {one.key for one in readiness_of(case).needed if one.too_old}
        there = there_now(case.facts, case.patient, owed[case.pk])
        if there - too_old:
            settle_tasks(by=by, case=case, facts=there - too_old)
