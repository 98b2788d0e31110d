"""Holds the boards' meetings: those of the past months, today's, and the agendas of the next ones."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.acting import acting_as
from cases.models import Case
from cases.services.guidance import attach
from cases.services.lifecycle import move_case
from cases.states import CaseState
from demo.clock import at
from demo.deciding import decide
from evidence.conditions import Answer
from evidence.matching import match
from evidence.selectors import published_versions
from meetings.choices import AttendanceMode
from meetings.services.agenda import list_case
from meetings.services.attendance import set_attendance
from meetings.services.meetings import (
    close_meeting,
    create_meeting,
    set_current_item,
    start_meeting,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from demo.people import Bench
    from demo.plan import CasePlan
    from meetings.models import AgendaItem, Meeting

    Entered = tuple[CasePlan, Case]

# Days before today on which a board has met.
PAST = (7, 21, 42, 63, 84, 105, 126, 147)
NOT_MET_YET = {"referred", "ready", "next_meeting", "later_meeting", "today_meeting"}
COMES = (
    AttendanceMode.IN_ROOM, AttendanceMode.IN_ROOM, AttendanceMode.REMOTE, AttendanceMode.REMOTE,
    AttendanceMode.DEPUTY, AttendanceMode.NO, None,
)  # fmt: skip
CORE = {
    "respiratory", "radiology", "pathology", "thoracic_surgery", "radiation_oncology",
    "gastroenterology", "cardiology",
}  # fmt: skip
DISSENTERS = ("respiratory", "radiation_oncology", "thoracic_surgery", "palliative", "hepatology")
MINUTES = (5, 4, 6, 5, 8, 5, 3)


def past_meeting(plan: CasePlan) -> int:
    """Return how many days ago the case was discussed: the first meeting after its referral."""
    return max((days for days in PAST if days <= plan.referred_days_ago - 4), default=PAST[0])


class Calendar:
    """The meetings of one board."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.by = bench["coordinator"]
        self.rng = Random(bench.board.name)  # noqa: S311 - the same demonstration every time
        self.statements = list(published_versions())
        self.decided = 0

    def hold(self, entered: list[Entered]) -> int:
        """Hold every meeting of the board with its cases; return how many there are."""
        with acting_as(self.by):
            self._prepare(entered)
            days: dict[int, list[Entered]] = defaultdict(list)
            for plan, case in entered:
                if plan.place not in NOT_MET_YET:
                    days[past_meeting(plan)].append((plan, case))
            for days_ago in sorted(days, reverse=True):
                self._held(days_ago, days[days_ago])
            self._today([one for one in entered if one[0].place == "today_meeting"])
            self._planned(7, [one for one in entered if one[0].place == "next_meeting"])
            self._planned(14, [one for one in entered if one[0].place == "later_meeting"])
            self._planned(28, [])
        return len(days) + 4

    def _prepare(self, entered: list[Entered]) -> None:
        """Move what is ready, and attach guidance to every other case that waits for a meeting."""
        for plan, case in entered:
            if plan.place == "ready":
                move_case(by=self.by, case=case, to=CaseState.READY)
            if plan.place in NOT_MET_YET - {"referred"} and self.rng.random() < 0.6:
                facts = Case.objects.select_related("facts").get(pk=case.pk).facts.as_facts()
                applying = [m for m in match(self.statements, facts) if m.answer is Answer.TRUE]
                for found in applying[:2]:
                    attach(by=self.by, case=case, version=found.version, answer=found.answer.value)

    def _meeting(self, start: datetime, minutes: int = 60) -> Meeting:
        local = timezone.localtime(start)
        return create_meeting(
            by=self.by,
            board=self.bench.board,
            day=local.date(),
            start=local.time().replace(second=0, microsecond=0),
            minutes=minutes,
            place="Seminar room 2 and by video",
        )

    def _list(self, meeting: Meeting, entered: Iterable[Entered]) -> list[AgendaItem]:
        items = []
        for place, (_plan, case) in enumerate(entered):
            minutes = MINUTES[place % len(MINUTES)]
            items.append(list_case(by=self.by, meeting=meeting, case=case, minutes=minutes))
        return items

    def _attend(self, meeting: Meeting, *, certain: bool) -> None:
        """Say who comes; `certain`: the core members do, as at a meeting that was held."""
        people = [self.bench[role] for role in ("member", "chair", "nurse")]
        # Long ago, only the core was written down.
        recent = meeting.day > timezone.localdate() - timedelta(days=1)
        for specialty, person in self.bench.specialists.items():
            if recent or specialty in CORE:
                people.append(person)
        for number, user in enumerate(people):
            mode = self.rng.choice(COMES)
            if certain and (mode in {AttendanceMode.NO, None}) and number % 4:
                mode = AttendanceMode.REMOTE
            if mode is None:
                continue
            deputy = "Specialty registrar" if mode == AttendanceMode.DEPUTY else ""
            set_attendance(by=self.by, meeting=meeting, user=user, mode=mode, deputy=deputy)

    def _held(self, days_ago: int, entered: list[Entered]) -> None:
        """Hold a meeting of the past: agenda some days before, decisions signed, closed."""
        start = at_clock(days_ago, time(13, 0))
        with at(start - timedelta(days=3)):
            meeting = self._meeting(start)
            items = self._list(meeting, entered)
            self._attend(meeting, certain=True)
        with at(start):
            meeting = start_meeting(by=self.by, meeting=meeting)
        for number, (item, (plan, _case)) in enumerate(zip(items, entered, strict=True)):
            with at(start + timedelta(minutes=6 * number)):
                set_current_item(by=self.by, meeting=meeting, item=item)
                self._decide(item, plan)
        with at(start + timedelta(minutes=55)):
            close_meeting(by=self.by, meeting=meeting)

    def _decide(self, item: AgendaItem, plan: CasePlan) -> None:
        """Decide one case; at every fourth somebody dissents."""
        self.decided += 1
        dissenter = DISSENTERS[self.decided % len(DISSENTERS)] if self.decided % 4 == 2 else ""
        decide(
            self.bench,
            item,
            plan,
            self.statements,
            dissenter=dissenter,
            sign=plan.place != "unsigned",
        )

    def _today(self, entered: list[Entered]) -> None:
        """Run today's meeting: on one board it is under way, on the other it is still to come."""
        now = timezone.now()
        running = self.bench.board.name.startswith("North")
        start = now - timedelta(minutes=12) if running else now + timedelta(hours=2)
        today = timezone.localdate()
        if timezone.localdate(start) != today:
            start = now
        with at(now - timedelta(days=3)):
            meeting = self._meeting(start)
            items = self._list(meeting, entered)
            self._attend(meeting, certain=True)
        if not running:
            return
        with at(now - timedelta(minutes=11)):
            meeting = start_meeting(by=self.by, meeting=meeting)
        with at(now - timedelta(minutes=6)):
            self._decide(items[0], entered[0][0])
        with at(now - timedelta(minutes=5)):
            set_current_item(by=self.by, meeting=meeting, item=items[1])

    def _planned(self, in_days: int, entered: list[Entered]) -> None:
        meeting = self._meeting(at_clock(-in_days, time(13, 0)))
        self._list(meeting, entered)
        if entered:
            self._attend(meeting, certain=False)


def at_clock(days_ago: int, clock: time) -> datetime:
    """Return the moment that many days ago (negative: ahead) at a wall time."""
    return timezone.make_aware(
        datetime.combine(timezone.localdate() - timedelta(days=days_ago), clock)
    )
