"""Whom a step reaches, as its page shows it: at once where few cases are open, else as a worker counts them.

No step is taken past it in silence: whoever takes one has had the numbers before their eyes, which a signed field of
the page says, or has said that they go on without, which is entered on the trail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core import signing
from django.utils.translation import gettext as _

from audit.services import record
from evidence.curation import count_jobs
from evidence.curation.case_reach import CaseReach, RowReach, case_reach, changed_rows
from evidence.curation.counting import PARTS, Counts, count_now, is_much
from evidence.curation.reach import reach
from evidence.models import CountState

if TYPE_CHECKING:
    from accounts.models import User
    from evidence.curation.counting import Question
    from evidence.curation.reach import Totals
    from evidence.models import ReachCount, StatementVersion

TEMPLATE = "admin/evidence/statementversion/_reach.html"
SALT = "evidence.reach"


@dataclass(frozen=True, slots=True)
class Reached:
    """The rows that change, and what becomes of the cases: `cases`, or None as long as `count` is not done.

    `open_cases`: on all boards, when a worker's count began. `seen`: says that the numbers stood on the page.
    """

    rows: tuple[RowReach, ...]
    open_cases: int
    cases: CaseReach | None = None
    count: ReachCount | None = None
    seen: str = ""

    @property
    def has_rows(self) -> bool:
        """Whether rows of rules are told one by one."""
        return bool(self.rows)

    @property
    def open_elsewhere(self) -> int:
        """How many open cases stand on boards whose cases the curator may not see."""
        return max(self.open_cases - self.cases.compared, 0) if self.cases else 0

    @property
    def parts(self) -> int:
        """In how many parts the cases are counted."""
        return len(PARTS)


def reached(
    user: User,
    question: Question,
    version: StatementVersion,
    step: str,
    totals: Totals | None = None,
) -> Reached:
    """Whom the step reaches; where that takes long, how far a worker is with counting it.

    `totals`: numbers over all boards, where the caller has them. They are read where no count is kept, so whoever
    follows one reads its row alone.
    """
    count = count_jobs.kept(by=user, question=question)
    if count is None:
        open_cases = (totals or reach(user, None).totals).open_cases
        if is_much(open_cases):
            count = count_jobs.asked(by=user, question=question, open_cases=open_cases)
    else:
        open_cases = count.open_cases or 0
    if count is not None and count.state != CountState.DONE:
        return Reached(changed_rows(question.compared), open_cases, count=count)
    counts = count_now(user, question) if count is None else Counts.of(count.result)
    # Numbers of other boards are looked at too, and draft after draft could narrow them.
    record("evidence.reach_read", by=user, subject=version, detail={"step": step})
    cases = case_reach(user, question, counts)
    seen = signing.dumps(question.key(user), salt=SALT)
    return Reached(cases.rows, open_cases, cases=cases, count=count, seen=seen)


def steer(user: User, question: Question, what: str) -> None:
    """End a count that is under way ("cancel"), or begin it anew ("again")."""
    if what == "again":
        open_cases = reach(user, None).totals.open_cases
        count_jobs.again(by=user, question=question, open_cases=open_cases)
    elif what == "cancel" and (count := count_jobs.kept(by=user, question=question)):
        count_jobs.cancel(by=user, count=count)


def refusal(user: User, question: Question, sent: Mapping[str, str]) -> str:
    """Why the step is not taken: its reach was neither seen nor waived. Empty where it was."""
    if sent.get("unseen") or _was_seen(user, question, sent):
        return ""
    return _(
        "Not done: read first which open cases are answered otherwise, or say that you go on without."
    )


def note_waived(
    user: User, question: Question, version: StatementVersion, step: str, sent: Mapping[str, str]
) -> None:
    """Enter on the trail that the step was taken without its reach having been seen."""
    if not _was_seen(user, question, sent):
        record("evidence.reach_waived", by=user, subject=version, detail={"step": step})


def _was_seen(user: User, question: Question, sent: Mapping[str, str]) -> bool:
    try:
        seen = signing.loads(sent.get("reach", ""), salt=SALT, max_age=count_jobs.KEPT)
    except signing.BadSignature:
        return False
    return bool(seen == question.key(user))
