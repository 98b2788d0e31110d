"""The work of imports and exports: in a worker with the web's role, acting as the user who asked."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pghistory
import structlog
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected

from accounts.acting import act
from accounts.models import User
from accounts.policies import check_board
from audit.reading import notes
from audit.services import enter as enter_reading
from audit.services import record
from cases.bulk.entering import Outcome, enter
from cases.bulk.exporting import exported
from cases.bulk.files import FileRefused, read
from cases.bulk.outside import Cancelled, Outside
from cases.bulk.recorders import Record, Recorder, Trial
from cases.bulk.writing import written
from cases.models import Analyte, BulkJob, BulkProblem, BulkState, BulkStep
from cases.services.bulk import STALE, may_owe
from cases.services.lifecycle import numbered_by
from cases.services.referral_owing import Finder
from ui.formatting import number

if TYPE_CHECKING:
    from cases.bulk.files import Book

log = structlog.get_logger(__name__)
VIEW = "cases:bulk_job"
# The taking at which a job is given up: it may be what its workers die of.
MOST_TAKINGS = 3
MOST_PROBLEMS = 2_000


class TakenTooOften(Exception):
    """Those who took the job before died of it, or with it."""


class Faulty(Exception):
    """Rows of the file are wrong; nothing of it is kept."""

    def __init__(self, outcome: Outcome, notes: list[str]) -> None:
        super().__init__(f"{len(outcome.problems)} errors")
        self.outcome, self.notes = outcome, notes


def run(job_id: UUID, user_id: int) -> None:
    """Do what a job waits for, if it still waits; being called twice is harmless."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    job = _claimed(user, job_id) if user is not None else None
    if user is None or job is None:
        return
    with translation.override(_catalogue(job.language)), Outside(job) as outside:
        try:
            if job.takings >= MOST_TAKINGS:
                raise TakenTooOften
            WORK[job.step](job, user, outside)
        except Cancelled:
            _end(user, job, BulkState.CANCELLED)
        except FileRefused as refused:
            _end(user, job, BulkState.FAULTY, told=[str(refused)])
        except Faulty as faulty:
            words = [*faulty.notes, *_more_words(len(faulty.outcome.problems))]
            _end(user, job, BulkState.FAULTY, outcome=faulty.outcome, told=words)
        except TakenTooOften:
            log.error("bulk.given_up", step=job.step, size=job.size)
            told = _(
                "The work broke off twice, and nothing was kept. A file that is this large may have to be divided;"
                " if it stays so, tell whoever runs this."
            )
            _end(user, job, BulkState.FAILED, told=[told])
        except PermissionDenied as denied:
            _end(user, job, BulkState.FAILED, told=[str(denied)])
        except Exception as error:
            _end(user, job, BulkState.FAILED, told=[_broken(job, error)])


def _broken(job: BulkJob, error: Exception) -> str:
    """Log an error that nobody foresaw, and return what its user is told.

    Never the error's own words: those of the database repeat what was to be written.
    """
    last = traceback.extract_tb(error.__traceback__)[-1]
    log.error(
        "bulk.failed", step=job.step, kind=type(error).__name__, at=f"{last.name}:{last.lineno}"
    )
    if isinstance(error.__cause__, DeadlockDetected):
        return _(
            "Somebody else was writing to records of this file at the same moment, and nothing was kept. Try again."
        )
    return _(
        "Something went wrong, and nothing was kept. Try again; if it stays so, tell whoever runs this."
    )


def _catalogue(language: str) -> str | None:
    """Return the language whose words are looked up; None for English, in which they are written.

    A form looks up some hundred words: with a catalogue that answers each with itself an import takes twice as long.
    """
    return None if language.split("-")[0] == "en" else language


def _claimed(user: User, job_id: UUID) -> BulkJob | None:
    """Take a job that waits, or whose worker gave no sign of life for long; None where there is none."""
    with transaction.atomic():
        act(user)
        free = Q(state=BulkState.WAITING) | Q(state=BulkState.RUNNING, alive_at__lt=Now() - STALE)
        rows = BulkJob.objects.select_for_update(of=("self",), skip_locked=True)
        job = (
            rows.filter(free, public_id=job_id, user=user)
            .select_related("board", "owed_by")
            .first()
        )
        if job is not None:
            job.state, job.takings = BulkState.RUNNING, job.takings + 1
            BulkJob.objects.filter(pk=job.pk).update(
                state=job.state, takings=job.takings, alive_at=Now()
            )
    return job


@contextmanager
def _as_asked(job: BulkJob, user: User, permission: str) -> Iterator[Any]:
    """Act as the user within one transaction, with their rights as they are now; what is read is on the trail."""
    with (
        transaction.atomic(),
        pghistory.context(user=user.pk, url="cases/bulk"),
        notes(lists=True) as taken,
    ):
        act(user)
        check_board(user, permission, job.board)
        yield taken
        enter_reading(taken, by=user, view=VIEW)


def _book(job: BulkJob, outside: Outside) -> Book:
    book = read(bytes(job.content), lambda: outside.tick(0), day_first=job.day_first)
    outside.tick(0, len(book.rows))
    return book


def _check(job: BulkJob, user: User, outside: Outside) -> None:
    book = _book(job, outside)
    with _as_asked(job, user, "bulk.import"):
        outcome = _entered(book, job, user, Trial(), outside)
    if len(outcome.doubts) > MOST_PROBLEMS:
        # Nobody confirms what they are not shown.
        words = _(
            "More is questioned than can be confirmed at once: correct it, or send the file in parts."
        )
        outcome.problems += outcome.doubts
        raise Faulty(outcome, [*book.notes, words])
    if outcome.problems:
        raise Faulty(outcome, book.notes)
    _end(user, job, BulkState.DONE, outcome=outcome, told=book.notes)


def _apply(job: BulkJob, user: User, outside: Outside) -> None:
    book = _book(job, outside)
    with _as_asked(job, user, "bulk.import"):
        with numbered_by(outside.next_number):
            outcome = _entered(book, job, user, Record(user, job.board), outside, _finder(job))
        if outcome.problems:
            raise Faulty(outcome, book.notes)
        if outcome.sign != job.doubts:
            raise FileRefused(
                _("What is questioned has changed since the check: send the file again")
            )
        BulkProblem.objects.filter(job=job).delete()
        counts = {**outcome.as_counts(), **outcome.owed}
        record("bulk.imported", by=user, board=job.board, detail=counts)
        _keep(job, done_rows=len(book.rows), counts=counts, content=b"", told=[])


def _finder(job: BulkJob) -> Finder | None:
    """Return who is asked for what is "not yet". Raises FileRefused where that person left meanwhile."""
    if job.owed_by is None:
        return None
    if not may_owe(job.owed_by, job.board):
        words = _("%(who)s cannot be asked any more on this board: send the file again")
        raise FileRefused(words % {"who": job.owed_by.name})
    return Finder(job.owed_by, job.owed_on)


def _entered(
    book: Book,
    job: BulkJob,
    user: User,
    recorder: Recorder,
    outside: Outside,
    finder: Finder | None = None,
) -> Outcome:
    return enter(
        book,
        by=user,
        board=job.board,
        recorder=recorder,
        analytes=Analyte.objects.all(),
        tick=outside.tick,
        finder=finder,
    )


def _export(job: BulkJob, user: User, outside: Outside) -> None:
    with _as_asked(job, user, "bulk.export"):
        found = exported(user, job.board, outside.tick)
        data = written(found.rows, job.form)
        record("bulk.exported", by=user, board=job.board, detail=found.counts)
        _keep(
            job,
            done_rows=found.patients,
            counts=found.counts,
            content=data,
            size=len(data),
            told=_left_out_words(found.left_out),
        )


def _left_out_words(patients: int) -> list[str]:
    """Return what is said of patients who are not in an export."""
    if not patients:
        return []
    words = _(
        "Patients of this board who are not in the file: %(n)s. Their record has no hospital number, or one that"
        " belongs to another record: correct it there, and export again."
    )
    return [words % {"n": number(patients)}]


WORK: dict[str, Callable[[BulkJob, User, Outside], None]] = {
    BulkStep.CHECK: _check,
    BulkStep.APPLY: _apply,
    BulkStep.EXPORT: _export,
}


def _keep(job: BulkJob, **values: Any) -> None:
    """End a job well, in the transaction of its work. Raises Cancelled where it was ended meanwhile."""
    running = BulkJob.objects.filter(pk=job.pk, state=BulkState.RUNNING, cancel=False)
    if not running.update(state=BulkState.DONE, ended_at=Now(), **values):
        raise Cancelled


def _end(
    user: User,
    job: BulkJob,
    state: BulkState,
    *,
    told: list[str] | None = None,
    outcome: Outcome | None = None,
) -> None:
    """End a job, with what is wrong; its file goes unless it can be imported now."""
    with transaction.atomic():
        act(user)
        running = BulkJob.objects.filter(pk=job.pk, state=BulkState.RUNNING)
        values: dict[str, Any] = {"state": state, "ended_at": Now(), "told": told or []}
        if outcome is not None:
            told_of = {"problems": len(outcome.problems), "doubts": len(outcome.doubts)}
            values["counts"] = {**outcome.as_counts(), **outcome.owed, **told_of}
        if state == BulkState.DONE:
            values["done_rows"] = sum(outcome.counts.values()) if outcome else 0
            values["doubts"] = outcome.sign if outcome else ""
        else:
            values["content"] = b""
        if not running.update(**values):
            return
        BulkProblem.objects.filter(job=job).delete()
        if outcome is None:
            return
        _note_refused(user, job, outcome)
        BulkProblem.objects.bulk_create(_problems(user, job, outcome), batch_size=1_000)


def _more_words(n: int) -> list[str]:
    """Return what is said of errors or questions beyond those that are kept."""
    more = n - MOST_PROBLEMS
    if more <= 0:
        return []
    words = _("The first %(kept)s are below, and there are %(more)s more: correct these first.")
    return [words % {"kept": number(MOST_PROBLEMS), "more": number(more)}]


def _note_refused(user: User, job: BulkJob, outcome: Outcome) -> None:
    """Put on the trail how many numbers were refused: trying numbers out does not stay unseen."""
    if outcome.refused_numbers:
        detail = {"count": outcome.refused_numbers}
        record("patient.number_refused", by=user, board=job.board, detail=detail)


def _problems(user: User, job: BulkJob, outcome: Outcome) -> list[BulkProblem]:
    return [
        BulkProblem(
            job=job,
            user=user,
            sheet=p.row.sheet.title,
            row=p.row.number,
            heading=p.heading,
            typed=p.typed[:120],
            words=p.words[:600],
        )
        for p in (outcome.problems or outcome.doubts)[:MOST_PROBLEMS]
    ]
