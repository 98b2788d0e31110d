"""Who comes, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from meetings.choices import AttendanceMode
from meetings.models import Attendance
from meetings.policies import check_attendance
from meetings.services.meetings import touch

if TYPE_CHECKING:
    from accounts.models import User
    from meetings.models import Meeting


@transaction.atomic
def set_attendance(
    *, by: User, meeting: Meeting, user: User, mode: str, deputy: str = ""
) -> Attendance:
    """Say how `user` comes to `meeting`. Raises ValidationError when a deputy is not named."""
    check_attendance(by, meeting, user)
    deputy = deputy.strip() if mode == AttendanceMode.DEPUTY else ""
    if mode == AttendanceMode.DEPUTY and not deputy:
        raise ValidationError({"deputy": _("Name the deputy who comes instead.")})
    row, _created = Attendance.objects.update_or_create(
        meeting=meeting,
        user=user,
        defaults={
            "mode": AttendanceMode(mode),
            "deputy": deputy,
            "specialty": min(user.specialties_on(meeting.board), default=""),
        },
    )
    touch(meeting.pk)
    record(
        "meeting.attendance",
        by=by,
        board=meeting.board,
        subject=meeting,
        detail={"user": user.pk, "mode": row.mode},
    )
    return row
