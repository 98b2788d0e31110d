"""What the pages of imports and exports show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.bulk.columns import SHEETS
from cases.models import BulkJob, BulkState, BulkStep
from ui import formatting
from ui.formatting import datetime as datetime_words
from ui.formatting import number

if TYPE_CHECKING:
    from uuid import UUID

COLOURS = {
    BulkState.WAITING: "blue",
    BulkState.RUNNING: "blue",
    BulkState.DONE: "green",
    BulkState.FAULTY: "red",
    BulkState.FAILED: "red",
    BulkState.CANCELLED: "grey",
    BulkState.EXPIRED: "grey",
}


@dataclass(frozen=True)
class Line:
    """One kind of rows: how many are new, add to what is there, or are there already."""

    label: Any
    new: str
    more: str
    same: str


@dataclass(frozen=True)
class JobRow:
    """A job in the list of those of a user."""

    what: str
    board: str
    state: str
    colour: str
    when: str
    href: str


@dataclass(frozen=True)
class JobView:
    """One job on its page."""

    public_id: UUID
    title: str
    board: str
    state: str
    colour: str
    when: str
    size: str
    done: int
    total: int
    progress: str
    lines: tuple[Line, ...]
    told: tuple[str, ...]
    problems: str
    # How many questions a file without errors raises, and the sign that says they are answered.
    questions: str
    doubts: str
    # How much of a checked file is "not yet", and what is said once somebody was asked for it.
    not_yet: str
    given: str
    is_open: bool
    ending: bool
    step: str
    raw_state: str
    brings: bool
    may_apply: bool
    may_cancel: bool
    may_download: bool


def job_title(job: BulkJob) -> str:
    """Return what a job does."""
    if job.step == BulkStep.EXPORT:
        return _("Export")
    return _("Import") if job.step == BulkStep.APPLY else _("Check before an import")


def state_words(job: BulkJob) -> str:
    """Return how far a job is, in a word or two."""
    if job.state == BulkState.RUNNING and job.cancel:
        return _("Ending")
    if job.step == BulkStep.CHECK and job.state == BulkState.DONE:
        return _("To be confirmed") if job.doubts else _("No errors")
    return str(BulkState(job.state).label)


def job_rows(jobs: Iterable[BulkJob]) -> list[JobRow]:
    """Return the lines of the list."""
    return [
        JobRow(
            what=job_title(job),
            board=job.board.name,
            state=state_words(job),
            colour=COLOURS[BulkState(job.state)],
            when=datetime_words(job.created_at),
            href=reverse("cases:bulk_job", args=[job.public_id]),
        )
        for job in jobs
    ]


def job_view(job: BulkJob, *, may_import: bool, may_export: bool) -> JobView:
    """Return a job as its page shows it."""
    state, step = BulkState(job.state), BulkStep(job.step)
    kept = bool(job.size) and state == BulkState.DONE
    brings = any(n for key, n in job.counts.items() if key.endswith(("_new", "_more")))
    return JobView(
        public_id=job.public_id,
        title=job_title(job),
        board=job.board.name,
        state=state_words(job),
        colour="amber" if job.doubts and step == BulkStep.CHECK else COLOURS[state],
        when=datetime_words(job.created_at),
        size=_size(job.size),
        done=job.done_rows,
        total=job.total_rows,
        progress=_progress(job),
        lines=_lines(job) if state in {BulkState.DONE, BulkState.FAULTY} else (),
        told=tuple(str(words) for words in job.told),
        problems=number(int(job.counts.get("problems", 0))),
        questions=number(int(job.counts.get("doubts", 0))),
        doubts=job.doubts if state == BulkState.DONE and step == BulkStep.CHECK else "",
        not_yet=number(int(job.counts.get("not_yet", 0))),
        given=_given(job),
        is_open=job.is_open,
        ending=bool(job.cancel),
        step=step.value,
        raw_state=state.value,
        brings=brings,
        may_apply=may_import and brings and kept and step == BulkStep.CHECK,
        may_cancel=(job.is_open and not job.cancel) or (kept and step != BulkStep.APPLY),
        may_download=may_export and kept and step == BulkStep.EXPORT,
    )


def _given(job: BulkJob) -> str:
    """Return who was asked for what the file said is "not yet", and by when; "" where nobody was."""
    given = int(job.counts.get("given", 0))
    if not given or job.owed_by is None:
        return ""
    told = {"n": number(given), "who": job.owed_by.name}
    if job.owed_on is None:
        return _("“Not yet”, given to %(who)s: %(n)s.") % told
    words = _("“Not yet”, given to %(who)s by %(day)s: %(n)s.")
    return words % {**told, "day": formatting.date(job.owed_on)}


def _size(size: int) -> str:
    if size >= 1_000_000:
        return _("%(n)s MB") % {"n": number(round(size / 1_000_000, 1))}
    return _("%(n)s KB") % {"n": number(max(1, round(size / 1_000)))} if size else ""


def _progress(job: BulkJob) -> str:
    if job.state == BulkState.WAITING:
        return _("waits for a worker")
    if not job.total_rows:
        return _("reading")
    words = (
        _("%(done)s of %(all)s patients")
        if job.step == BulkStep.EXPORT
        else _("%(done)s of %(all)s rows")
    )
    return words % {"done": number(job.done_rows), "all": number(job.total_rows)}


def _lines(job: BulkJob) -> tuple[Line, ...]:
    counts = job.counts
    if job.step == BulkStep.EXPORT:
        return tuple(
            Line(s.label, number(int(counts.get(f"{code}_rows", 0))), "", "")
            for code, s in SHEETS.items()
        )
    return tuple(
        Line(
            sheet.label,
            *(number(int(counts.get(f"{code}_{what}", 0))) for what in ("new", "more", "same")),
        )
        for code, sheet in SHEETS.items()
        if any(counts.get(f"{code}_{what}") for what in ("new", "more", "same"))
    )
