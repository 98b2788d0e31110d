"""A meeting of a board, the cases on its agenda, and who comes."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Specialty
from accounts.zones import today_of
from cases.access import PatientOwned
from meetings.choices import AttendanceMode
from meetings.states import MeetingState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import Board, User


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Meetings by who may see them and when they are."""

    def visible_to(self, user: User) -> MeetingQuerySet:
        """Return the meetings of the boards whose meetings `user` may see."""
        return self.filter(board__in=user.boards_with("meeting.view"))

    def ahead(self, boards: Iterable[Board]) -> MeetingQuerySet:
        """Return the meetings of `boards` that are still to come or under way, the next one first.

        By the day that it is there. One that nobody closed hides no other for good: planned, it counts to the end of
        its day; started, for a day from then.
        """
        started = timezone.now() - dt.timedelta(days=1)
        under_way = models.Q(state=MeetingState.RUNNING, started_at__gt=started)
        wanted = models.Q(pk__in=[])
        for board in boards:
            to_come = models.Q(day__gte=today_of(board))
            wanted |= models.Q(board=board) & (to_come | under_way)
        rows = self.filter(wanted).exclude(state=MeetingState.CLOSED)
        return rows.order_by("day", "start", "id")


class Meeting(models.Model):
    """One meeting: wall time plus the zone it is meant in, for a clock that is changed in between."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    board = models.ForeignKey("accounts.Board", on_delete=models.PROTECT, related_name="meetings")
    day = models.DateField(_("day"))
    start = models.TimeField(_("start"))
    zone = models.CharField(_("time zone"), max_length=60)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=60)
    place = models.CharField(_("place"), max_length=150, blank=True)
    state = models.CharField(
        max_length=8, choices=MeetingState.choices, default=MeetingState.PLANNED
    )
    started_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    # Counts every change that followers should see; a poll asks for no more than this.
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["day", "start", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=MeetingState.values), name="meeting_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__range=(5, 600)), name="meeting_minutes_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(state=MeetingState.RUNNING, started_at__isnull=False)
                | ~models.Q(state=MeetingState.RUNNING),
                name="running_meeting_has_a_start",
            ),
            models.CheckConstraint(
                condition=models.Q(state=MeetingState.CLOSED, closed_at__isnull=False)
                | (~models.Q(state=MeetingState.CLOSED) & models.Q(closed_at__isnull=True)),
                name="closed_meeting_has_an_end",
            ),
        ]
        indexes = [models.Index(fields=["board", "day"])]

    def __str__(self) -> str:
        return f"{self.board} {self.day:%Y-%m-%d}"

    @property
    def starts_at(self) -> dt.datetime:
        """The moment it starts, in its own zone."""
        return dt.datetime.combine(self.day, self.start, tzinfo=ZoneInfo(self.zone))

    @property
    def ends_at(self) -> dt.datetime:
        """The moment the room is given back, in the meeting's zone."""
        return self.at_minute(self.minutes)

    def at_minute(self, minute: int) -> dt.datetime:
        """Return the moment `minute` minutes after the start."""
        elapsed = self.starts_at.astimezone(dt.UTC) + dt.timedelta(minutes=minute)
        return elapsed.astimezone(ZoneInfo(self.zone))


class AgendaItem(PatientOwned):
    """One case on the agenda of one meeting."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField(_("place"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=5)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)
    discussed_at = models.DateTimeField(null=True)
    # The case that everybody follows has a time here; at most one of a meeting.
    current_since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "case"], name="case_is_listed_once"),
            # Checked at the end, so that two items can change places.
            models.UniqueConstraint(
                fields=["meeting", "position"],
                name="one_item_per_place",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=models.Q(current_since__isnull=False),
                name="one_current_case_per_meeting",
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__range=(1, 120)), name="item_minutes_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"place {self.position} of meeting {self.meeting_id}"


class Attendance(models.Model):
    """Whether and how somebody comes to a meeting; no row means no reply."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attendances"
    )
    mode = models.CharField(max_length=8, choices=AttendanceMode.choices)
    deputy = models.CharField(_("deputy"), max_length=150, blank=True)
    specialty = models.CharField(
        _("sits for"), max_length=30, choices=Specialty.choices, blank=True
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user"], name="one_reply_per_person"),
            models.CheckConstraint(
                condition=models.Q(mode__in=AttendanceMode.values), name="attendance_mode_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(mode=AttendanceMode.DEPUTY) | models.Q(deputy=""),
                name="only_a_deputy_is_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at meeting {self.meeting_id}: {self.mode}"


pghistory.track(exclude=["revision"])(Meeting)
pghistory.track()(AgendaItem)
pghistory.track(exclude=["changed_at"])(Attendance)
