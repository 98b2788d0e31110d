"""Imports and exports in bulk, as somebody asks for them; the work itself is done by `cases.bulk.running`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from celery import current_app
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from accounts.models import Membership
from accounts.policies import check_board
from audit.services import record
from cases.models import BulkJob, BulkProblem, BulkState, BulkStep

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import Board, User

log = structlog.get_logger(__name__)
KEPT = timedelta(days=1)
MOST_FILES = 10
QUEUE, TASK = "bulk", "cases.tasks.run_bulk"
# A worker that has given no sign for so long has died with its transaction; another takes the job up.
STALE = timedelta(minutes=2)
UNHEARD = timedelta(seconds=30)


class TooManyFiles(PermissionDenied):
    """The user has, or waits for, as many files as the server keeps for one."""


class NotToBeDone(PermissionDenied):
    """The job is not at a point where this can be done."""


def poke(public_id: str, user_id: int) -> None:
    """Tell the workers of a job; one that is not told is found by the sweep within a minute."""
    try:
        current_app.send_task(TASK, args=[public_id, user_id], queue=QUEUE, retry=False)
    except OperationalError as error:
        log.warning("bulk.not_told", kind=type(error).__name__)


def _made(
    *,
    by: User,
    board: Board,
    step: str,
    form: str = "xlsx",
    data: bytes = b"",
    day_first: bool = False,
) -> BulkJob:
    here = ~Q(content=b"") | Q(state__in=[BulkState.WAITING, BulkState.RUNNING])
    if BulkJob.objects.filter(here, user=by).count() >= MOST_FILES:
        raise TooManyFiles(
            _(
                "You have ten files here, those included that are still to come: import or cancel some first."
                " Each goes after a day."
            )
        )
    job = BulkJob.objects.create(
        user=by,
        board=board,
        step=step,
        form=form,
        day_first=day_first,
        content=data,
        size=len(data),
        language=get_language() or settings.LANGUAGE_CODE,
    )
    _tell(job)
    return job


def _tell(job: BulkJob) -> None:
    transaction.on_commit(lambda: poke(str(job.public_id), job.user_id))


@transaction.atomic
def check_file(*, by: User, board: Board, data: bytes, day_first: bool = False) -> BulkJob:
    """Have a file held against the record without anything being written.

    `day_first`: dates such as 03/04/2024 are day/month/year; without that word such a date is an error.
    """
    check_board(by, "bulk.import", board)
    job = _made(by=by, board=board, step=BulkStep.CHECK, data=data, day_first=day_first)
    record("bulk.uploaded", by=by, board=board, detail={"bytes": len(data)})
    return job


@transaction.atomic
def export(*, by: User, board: Board, form: str) -> BulkJob:
    """Have all patients of `board` whom `by` may see written to a file."""
    check_board(by, "bulk.export", board)
    return _made(by=by, board=board, step=BulkStep.EXPORT, form=form)


def may_owe(user: User, board: Board) -> bool:
    """Whether somebody may be asked for a fact of `board`: who may edit its cases."""
    seats = Membership.objects.filter(board=board, user=user, user__is_active=True)
    return seats.holding("case.edit").exists()


@transaction.atomic
def apply(
    *,
    by: User,
    job: BulkJob,
    right: str = "",
    owner: User | None = None,
    due_on: date | None = None,
) -> BulkJob:
    """Have a file imported that was checked and found good; `right` repeats the sign of what is questioned in it.

    `owner` is asked for what the file says is "not yet", by the day `due_on`; None: nobody is. Raises NotToBeDone
    for somebody who cannot be, and for a day that is over.
    """
    check_board(by, "bulk.import", job.board)
    if owner is not None and not may_owe(owner, job.board):
        raise NotToBeDone(_("This person cannot be asked for facts of this board."))
    if due_on is not None and due_on < timezone.localdate():
        raise NotToBeDone(_("Enter a day that is still to come"))
    ready = BulkJob.objects.filter(
        pk=job.pk, user=by, step=BulkStep.CHECK, state=BulkState.DONE, doubts=right
    )
    if not ready.exclude(content=b"").update(
        step=BulkStep.APPLY,
        state=BulkState.WAITING,
        owed_by=owner,
        owed_on=due_on if owner else None,
        done_rows=0,
        takings=0,
        alive_at=Now(),
        ended_at=None,
    ):
        raise NotToBeDone(_("This file cannot be imported now: look at its page again."))
    job.refresh_from_db()
    _tell(job)
    return job


@transaction.atomic
def cancel(*, by: User, job: BulkJob) -> None:
    """End a job: at once where nobody works on it, else at the next patient; its file goes."""
    mine = BulkJob.objects.filter(pk=job.pk, user=by)
    ended = mine.exclude(state=BulkState.RUNNING).filter(
        state__in=[BulkState.WAITING, BulkState.DONE, BulkState.FAULTY, BulkState.FAILED]
    )
    if ended.exclude(step=BulkStep.APPLY, state=BulkState.DONE).update(
        state=BulkState.CANCELLED, content=b"", told=[], ended_at=Now()
    ):
        BulkProblem.objects.filter(job=job).delete()
    else:
        mine.filter(state=BulkState.RUNNING).update(cancel=True)


@transaction.atomic
def note_download(*, by: User, job: BulkJob) -> bytes:
    """Put on the trail that an export was fetched, and return it."""
    check_board(by, "bulk.export", job.board)
    if job.step != BulkStep.EXPORT or job.state != BulkState.DONE or not job.content:
        raise NotToBeDone(_("This file is no longer kept: export it again."))
    record("bulk.downloaded", by=by, board=job.board, detail={"rows": job.total_rows})
    return bytes(job.content)


@transaction.atomic
def forget_old() -> int:
    """Delete jobs of yesterday with all that they hold; return how many. Runs as the workers' role."""
    old = BulkJob.objects.filter(created_at__lt=Now() - KEPT)
    BulkProblem.objects.filter(job__in=old.values("pk")).delete()
    deleted, _by_model = old.delete()
    return deleted


@transaction.atomic
def poke_waiting() -> int:
    """Tell the workers again of jobs that nobody took, or whose worker died; return how many."""
    waiting = BulkJob.objects.filter(state=BulkState.WAITING, alive_at__lt=Now() - UNHEARD)
    dead = BulkJob.objects.filter(state=BulkState.RUNNING, alive_at__lt=Now() - STALE)
    found = [
        *waiting.values_list("public_id", "user_id"),
        *dead.values_list("public_id", "user_id"),
    ]
    for public_id, user_id in found:
        poke(str(public_id), user_id)
    return len(found)
