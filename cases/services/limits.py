"""The days kept with the cases follow new age limits: a sweep of the workers, stopped and gone on with by curators.

The workers may read no case. One function of the database moves the days of some rows at a time, and notes how far it
came in the same transaction.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import structlog
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.services import record
from cases.limits import changes, lengthened
from cases.models import LimitSweep, SweepState
from evidence.policies import CurationRefused, check_curator

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User
    from cases.models import ReadinessVersion

log = structlog.get_logger(__name__)
# Rows of one step: a save that has to wait for one of them waits for a fraction of a second.
AT_ONCE = 1_000
# A run ends before the next one is due.
MOST_SECONDS = 50
OPEN = (SweepState.WAITING, SweepState.RUNNING)


def begin_sweep(version: ReadinessVersion) -> LimitSweep | None:
    """Let the days follow the limits of rules that hold from now on; None where no row can differ from them."""
    now = timezone.now()
    LimitSweep.objects.filter(state__in=OPEN).update(state=SweepState.CANCELLED, ended_at=now)
    LimitSweep.objects.filter(rewrite_state__in=OPEN).update(rewrite_state=SweepState.CANCELLED)
    found = changes()
    done = LimitSweep.objects.filter(rewrite_state=SweepState.DONE).order_by("-version__number")
    longer = lengthened(done.values_list("version_id", flat=True).first())
    if not longer and not any(value for one in found.values() for value in one.values()):
        return None
    rewrite = SweepState.WAITING if longer else ""
    return LimitSweep.objects.create(version=version, changes=found, rewrite_state=rewrite)


@transaction.atomic
def stop_sweep(*, by: User, version: ReadinessVersion) -> ReadinessVersion:
    """Stop it after the step under way; rows that it did not come to are read on the safe side."""
    check_curator(by)
    sweeps = LimitSweep.objects.filter(version=version)
    following = sweeps.filter(state__in=OPEN)
    stopped = following.update(state=SweepState.CANCELLED, ended_at=timezone.now())
    stopped += sweeps.filter(rewrite_state__in=OPEN).update(rewrite_state=SweepState.CANCELLED)
    if not stopped:
        raise CurationRefused(_("It has ended already."))
    record("readiness.sweep_stopped", by=by, subject=version)
    return version


@transaction.atomic
def go_on(*, by: User, version: ReadinessVersion) -> ReadinessVersion:
    """Go on with one that was stopped, where it was. Raises CurationRefused unless its rules hold now."""
    check_curator(by)
    newer = type(version).objects.filter(number__gt=version.number, published_at__isnull=False)
    going = 0 if newer.exists() else _wait_again(LimitSweep.objects.filter(version=version))
    if not going:
        raise CurationRefused(_("There is nothing to go on with."))
    record("readiness.sweep_continued", by=by, subject=version)
    return version


def _wait_again(sweeps: QuerySet[LimitSweep]) -> int:
    """Let what was stopped wait for a worker again; return how much that was."""
    stopped = sweeps.filter(state=SweepState.CANCELLED)
    going = stopped.update(state=SweepState.WAITING, ended_at=None)
    # What could not be written is tried again, and for that all of it.
    tried = sweeps.filter(rewrite_state__in=(SweepState.CANCELLED, SweepState.DONE))
    going += tried.exclude(failed_cases=[]).update(
        **dict.fromkeys(("rewrite_board", "rewrite_case", "rewritten"), 0),
        **{"failed_cases": [], "boards_left": [], "rewrite_state": SweepState.WAITING},
    )
    rewriting = sweeps.filter(rewrite_state=SweepState.CANCELLED)
    return going + rewriting.update(rewrite_state=SweepState.WAITING)


def follow(*, at_once: int = AT_ONCE, seconds: float = MOST_SECONDS) -> int:
    """Take steps of what is open for `seconds`; return how many. Runs as the workers' role."""
    steps, until = 0, time.monotonic() + seconds
    for pk in LimitSweep.objects.filter(state__in=OPEN).values_list("pk", flat=True):
        while time.monotonic() < until and _step(pk, at_once):
            steps += 1
    if steps:
        log.info("limits.followed", steps=steps)
    return steps


def _step(pk: int, at_once: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rechallenge_follow_limits(%s, %s)", [pk, at_once])
        return bool(cursor.fetchone()[0])
