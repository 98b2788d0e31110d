"""Counts that a worker makes, as the curator who asked: begun, followed, cancelled, forgotten within an hour."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog
from celery import current_app
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from accounts.acting import act
from accounts.models import User
from accounts.policies import check_anywhere
from evidence.curation.counting import PARTS, Question
from evidence.models import CountState, ReachCount

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

log = structlog.get_logger(__name__)
QUEUE, TASK = "counts", "evidence.tasks.count_reach"
KEPT = timedelta(hours=1)
# A worker that has given no sign for so long has died; another takes the count up.
STALE = timedelta(minutes=5)
UNHEARD = timedelta(seconds=30)
# The taking at which a count is given up: it may be what its workers die of.
MOST_TAKINGS = 3
OPEN = (CountState.WAITING, CountState.RUNNING)


def poke(public_id: str, user_id: int) -> None:
    """Tell the workers of a count; one that is not told is found by the sweep within a minute."""
    try:
        current_app.send_task(TASK, args=[public_id, user_id], queue=QUEUE, retry=False)
    except OperationalError as error:
        log.warning("reach.not_told", kind=type(error).__name__)


def kept(*, by: User, question: Question) -> ReachCount | None:
    """The count of this question that is under way or kept; None where there is none. Reads nothing else."""
    found = ReachCount.objects.filter(
        user=by, key=question.key(by), created_at__gt=Now() - KEPT
    ).order_by("-id")
    return found.first()


@transaction.atomic
def asked(*, by: User, question: Question, open_cases: int | None = None) -> ReachCount:
    """The count of this question that is under way or kept, else a new one over so many open cases."""
    return kept(by=by, question=question) or _begun(by, question, open_cases)


@transaction.atomic
def again(*, by: User, question: Question, open_cases: int | None = None) -> ReachCount:
    """Count anew what is not under way."""
    ReachCount.objects.filter(user=by, key=question.key(by)).exclude(state__in=OPEN).delete()
    return asked(by=by, question=question, open_cases=open_cases)


@transaction.atomic
def cancel(*, by: User, count: ReachCount) -> None:
    """End a count: its worker finds it so after the part under way, and nothing of it is kept."""
    _cancel(ReachCount.objects.filter(pk=count.pk, user=by))


def _cancel(counts: QuerySet[ReachCount]) -> None:
    counts.filter(state__in=OPEN).update(state=CountState.CANCELLED, result={}, ended_at=Now())


def _begun(by: User, question: Question, open_cases: int | None) -> ReachCount:
    if question.condition is not None:
        # Who words a condition waits for the last wording alone.
        _cancel(ReachCount.objects.filter(user=by, condition__isnull=False))
    count = ReachCount.objects.create(
        user=by,
        key=question.key(by),
        before=question.before,
        after=question.after,
        condition=question.condition,
        open_cases=open_cases,
    )
    transaction.on_commit(lambda: poke(str(count.public_id), by.pk))
    return count


def run(public_id: UUID, user_id: int) -> None:
    """Do what a count waits for, if it still waits; being called twice is harmless."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    count = _claimed(user, public_id) if user is not None else None
    if user is None or count is None:
        return
    try:
        if count.takings >= MOST_TAKINGS:
            raise TimeoutError
        _counted(user, count)
    except Exception as error:
        log.error("reach.failed", kind=type(error).__name__)
        _end(user, count, CountState.FAILED, {})


def _claimed(user: User, public_id: UUID) -> ReachCount | None:
    with transaction.atomic():
        act(user)
        free = Q(state=CountState.WAITING) | Q(state=CountState.RUNNING, alive_at__lt=Now() - STALE)
        rows = ReachCount.objects.select_for_update(of=("self",), skip_locked=True)
        found = rows.filter(free, public_id=public_id, user=user)
        count = found.select_related("before", "after").first()
        if count is not None:
            count.takings += 1
            ReachCount.objects.filter(pk=count.pk).update(
                state=CountState.RUNNING, takings=count.takings, done_parts=0, alive_at=Now()
            )
    return count


def _counted(user: User, count: ReachCount) -> None:
    """Make each part in a transaction of its own, with the curator's rights as they are then."""
    question = Question(count.before, count.after, count.condition)
    result: dict[str, Any] = {}
    for done, part in enumerate(PARTS, start=1):
        with transaction.atomic():
            act(user)
            check_anywhere(user, "evidence.curate")
            part(user, question, result)
            running = ReachCount.objects.filter(pk=count.pk, state=CountState.RUNNING)
            if not running.update(done_parts=done, alive_at=Now()):
                return
    _end(user, count, CountState.DONE, result)


def _end(user: User, count: ReachCount, state: CountState, result: dict[str, Any]) -> None:
    with transaction.atomic():
        act(user)
        running = ReachCount.objects.filter(pk=count.pk, state=CountState.RUNNING)
        running.update(state=state, result=result, ended_at=Now())


@transaction.atomic
def forget_old() -> int:
    """Delete counts that are no longer kept; return how many. Runs as the workers' role."""
    deleted, _by_model = ReachCount.objects.filter(created_at__lt=Now() - KEPT).delete()
    return deleted


@transaction.atomic
def poke_waiting() -> int:
    """Tell the workers again of counts that nobody took, or whose worker died; return how many."""
    waiting = Q(state=CountState.WAITING, alive_at__lt=Now() - UNHEARD)
    dead = Q(state=CountState.RUNNING, alive_at__lt=Now() - STALE)
    found = list(ReachCount.objects.filter(waiting | dead).values_list("public_id", "user_id"))
    for public_id, user_id in found:
        poke(str(public_id), user_id)
    return len(found)
