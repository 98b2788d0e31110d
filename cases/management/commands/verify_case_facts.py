"""Compare each case's row of facts, and the numbers of its ICI courses, with what the record says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.acting import acting_as
from accounts.models import User
from cases.derivations import MISSING, derive, doses_until, now_until, said
from cases.models import Case, CaseFacts
from cases.reading import record_of
from cases.selectors import case_for_page
from cases.services.facts import kept_days, refresh_facts
from cases.services.numbering import are_in_order, number_anew
from cases.states import CaseState
from cases.whole_record import fetch_record

AT_ONCE = 200


def batches(user: User) -> Iterator[list[Case]]:
    """Yield the cases that `user` sees, in the order of their keys, each lot in a transaction of its own."""
    last = 0
    while True:
        with transaction.atomic(), acting_as(user):
            some = list(case_for_page(user).filter(pk__gt=last).order_by("pk")[:AT_ONCE])
            if not some:
                return
            fetch_record(case.patient for case in some)
            yield some
            last = some[-1].pk


def _differs(case: Case) -> bool:
    open_board = None if case.state == CaseState.CLOSED else case.board_id
    if case.facts.open_board_id != open_board:
        # Triggers keep it, at each change of the row: so writing the row again puts it right as well.
        return True
    stored = case.facts.as_facts(case.facts.as_of)
    record = replace(record_of(case), as_of=case.facts.as_of)
    fresh = derive(record, as_of=case.facts.as_of)
    if record.answers_until != case.facts.answers_until:
        return True
    ends = {"grades_until": record.grades_until, **now_until(record)}
    if any(getattr(case.facts, name) != day for name, day in ends.items()):
        return True
    if doses_until(record, case.facts.as_of) != case.facts.doses_until:
        return True
    kept = ("steroids_until", "second_line_until", "surgery_until")
    if any(getattr(record, name) != getattr(case.facts, name) for name in kept):
        return True
    if CaseFacts.columns(fresh)["widened"] != case.facts.widened:
        return True
    if kept_days(fresh, said(record)) != case.facts.said:
        return True
    return any(stored[key] != fresh.get(key, MISSING) for key in stored)


def _numbered(case: Case) -> bool:
    patient: Any = case.patient
    return are_in_order(patient.courses.all())


def _references(cases: list[Case]) -> str:
    return ", ".join(case.reference for case in cases)


def _fail(count: int, wrong: list[Case], unordered: list[Case]) -> None:
    """Raise CommandError that names the cases in which something does not follow; nothing where all does."""
    faults = []
    if wrong:
        faults.append(f"{len(wrong)} of {count} rows differ: {_references(wrong)}.")
    if unordered:
        faults.append(f"ICI courses not numbered by first dose: {_references(unordered)}.")
    if faults:
        raise CommandError(" ".join(faults))


class Command(BaseCommand):
    """Finds rows of facts that no longer follow from the record, and can rewrite them."""

    help = "Compares every case's facts with its record, as the given user sees them; --repair rewrites."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the user to act as, and whether to repair."""
        parser.add_argument(
            "--as", dest="email", required=True, help="e-mail of the user to act as"
        )
        parser.add_argument("--repair", action="store_true", help="rewrite the rows that differ")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many rows follow from the record; fail, or repair, those that do not."""
        user = User.objects.filter(email=options["email"].lower()).first()
        if user is None:
            raise CommandError(f"There is no user {options['email']}.")
        wrong: list[Case] = []
        unordered: list[Case] = []
        count = 0
        for some in batches(user):
            count += len(some)
            differ = [case for case in some if _differs(case)]
            wrong += differ
            misnumbered = [case for case in some if not _numbered(case)]
            unordered += misnumbered
            if options["repair"]:
                for patient in {case.patient_id: case.patient for case in misnumbered}.values():
                    number_anew(patient)
                for case in Case.objects.filter(pk__in=[c.pk for c in differ]).order_by("pk"):
                    refresh_facts(case=case)
        if not options["repair"]:
            _fail(count, wrong, unordered)
        self.stdout.write(f"{count} rows compared, {len(wrong)} rewritten.")
        if unordered:
            self.stdout.write(f"ICI courses numbered anew: {_references(unordered)}.")
