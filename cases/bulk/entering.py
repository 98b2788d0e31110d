"""Enters the rows of a file patient by patient, or tries to: what is there already is left alone.

A row is the one in the record that it says nothing else than: a patient by the hospital number, a course by its
number, a result by analyte, day and source, an irAE by what is said of it. What a row says beyond the record is added;
where it says something else the record is not changed, and the row is an error.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from cases.bulk.columns import SHEETS
from cases.bulk.entries import Group, Problem
from cases.bulk.holding import hold
from cases.bulk.known import Who, known_by, known_identities, numbers_of_others, who
from cases.bulk.of_background import enter_background
from cases.bulk.of_courses import enter_courses
from cases.bulk.of_iraes import enter_iraes
from cases.bulk.of_labs import enter_labs
from cases.bulk.of_patients import enter_patient, find_alike
from cases.bulk.owing import give
from cases.services.facts import refreshed_once
from cases.services.labs import ResultRefused
from cases.services.tasks import settle_patient

if TYPE_CHECKING:
    from accounts.models import Board, User
    from cases.bulk.files import Book
    from cases.bulk.recorders import Recorder
    from cases.models import Analyte
    from cases.services.referral_owing import Finder

AT_ONCE = 100


@dataclass
class Outcome:
    """What came of a file: how many rows of each kind are new, completed or the same, and what is wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    # What can hardly be true, and is imported only once somebody says that it is right.
    doubts: list[Problem] = field(default_factory=list)
    refused_numbers: int = 0
    # How much the file says is "not yet", and for how much of it somebody was asked.
    not_yet: int = 0
    given: int = 0

    def as_counts(self) -> dict[str, int]:
        """Return the counts by sheet and what became of the rows."""
        return dict(self.counts)

    @property
    def owed(self) -> dict[str, int]:
        """How much is "not yet", and for how much of it somebody was asked."""
        return {"not_yet": self.not_yet, "given": self.given}

    @property
    def sign(self) -> str:
        """What stands for all that is questioned; "" for nothing."""
        told = "\n".join(
            f"{d.row.sheet.code} {d.row.number} {d.field}: {d.words} {d.typed}" for d in self.doubts
        )
        return blake2b(told.encode(), digest_size=8).hexdigest() if told else ""


def groups_of(book: Book, board: Board, outcome: Outcome) -> dict[Who, Group]:
    """Return the rows by the patient that they are about, in the order of the file."""
    found: dict[Who, Group] = {}
    for row in book.rows:
        broken = list(row.broken.items())
        outcome.problems += [Problem(row, name, words) for name, words in broken]
        number = row["hospital_number"]
        if not number:
            if "hospital_number" not in row.broken:
                words = _("Enter: hospital number")
                outcome.problems.append(Problem(row, "hospital_number", words))
            continue
        key = who(number, row["hospital"] or board.hospital)
        found.setdefault(key, Group(key, " ".join(number.split()))).rows[row.sheet.code].append(row)
    return found


def enter(
    book: Book,
    *,
    by: User,
    board: Board,
    recorder: Recorder,
    analytes: Iterable[Analyte],
    tick: Callable[[int], None] = lambda done: None,
    finder: Finder | None = None,
) -> Outcome:
    """Enter every row of `book` that is good; `tick` is told how many rows are done.

    `finder`: who is asked for what is "not yet", and by when; None: nobody.

    Runs inside a transaction of its caller, who undoes all of it when the outcome has problems.
    """
    outcome = Outcome()
    groups = list(groups_of(book, board, outcome).values())
    known_analytes = list(analytes)
    # All at once, before the first is written: whoever holds several records does so in the same order.
    dying = [g.who for g in groups if any(row["died"] for row in g.rows["patients"])]
    asked = [g.who for g in groups]
    held = hold(by, board, asked, dying=dying) if recorder.writes else None
    # Before anything is written: rows of this file must not be taken for patients who were here.
    for some in _chunks(groups):
        _find_out(some, by, board, outcome)
        tick(0)
    _alike_in_file(groups)
    done = len(book.rows) - sum(len(g) for g in groups)
    for some in _chunks(groups):
        known = known_by(by, board, [g.who for g in some], held=held)
        for group in some:
            group.begin(known.get(group.who), board, recorder, known_analytes)
            group.tell = partial(_within, tick, done)
            _enter_group(group, outcome, by, finder)
            done += len(group)
            tick(done)
    for found in (outcome.problems, outcome.doubts):
        found.sort(key=lambda p: (list(SHEETS).index(p.row.sheet.code), p.row.number))
    return outcome


def _within(tick: Callable[[int], None], before: int, done: int) -> None:
    """Say how many rows are done in the middle of a patient: a file may be about one alone."""
    tick(before + done)


def _chunks(groups: list[Group]) -> Iterator[list[Group]]:
    for start in range(0, len(groups), AT_ONCE):
        yield groups[start : start + AT_ONCE]


def _find_out(groups: list[Group], by: User, board: Board, outcome: Outcome) -> None:
    """Find out of patients who are new whether their number is taken, and whether they may be somebody else."""
    known = known_identities(by, board, [g.who for g in groups])
    taken = numbers_of_others(board, [g.who for g in groups if g.who not in known])
    for group in groups:
        if group.who not in known:
            group.number_taken = group.who in taken
            outcome.refused_numbers += group.number_taken
            find_alike(group, by=by, board=board)


def _alike_in_file(groups: list[Group]) -> None:
    """Find patients who are new twice: under two numbers, by one name and birth or one national number."""
    seen: dict[tuple[str, ...], str] = {}
    for group in groups:
        before = next((seen[key] for key in group.keys if key in seen), "")
        group.alike = group.alike or before
        for key in group.keys:
            seen.setdefault(key, group.number)


def _enter_group(group: Group, outcome: Outcome, by: User, finder: Finder | None) -> None:
    """Enter all rows about one patient; what the record refuses stands at the row that was at hand."""
    try:
        with transaction.atomic():
            with refreshed_once():
                enter_patient(group)
                if group.can_go_on:
                    enter_background(group)
                    enter_courses(group)
                    enter_iraes(group)
                    enter_labs(group)
                    if group.courses_written and not group.problems:
                        group.recorder.in_order(group.case)
            if group.recorder.writes and group.wrote and group.case is not None:
                settle_patient(by=by, patient=group.case.patient)
            if group.recorder.writes and finder is not None:
                outcome.given += give(group, by=by, finder=finder)
    except (PermissionDenied, ValidationError, ResultRefused) as refused:
        messages = getattr(refused, "messages", None) or [str(refused)]
        group.problem(group.at_hand, "", " ".join(str(m) for m in messages))
    except (IntegrityError, DataError):
        group.problem(group.at_hand, "", _("The record cannot hold this row beside what is there"))
    outcome.problems += group.problems
    outcome.doubts += group.doubts
    outcome.not_yet += len(group.not_yet)
    outcome.counts += group.counts
