"""What the admin's front page tells curators."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import template
from django.utils import timezone

from evidence.models import ReviewMail
from evidence.review_mails import MailState
from evidence.selectors import due_for_review

register = template.Library()
SOON = timedelta(days=60)
LISTED = 20


@register.simple_tag
def reviews(user: Any) -> dict[str, Any]:
    """The published statements that are due for review, and how many will be soon; nothing for anybody else."""
    if not (user.is_authenticated and user.can_anywhere("evidence.curate")):
        return {}
    due = list(due_for_review())
    soon = due_for_review(by=timezone.localdate() + SOON).count() - len(due)
    failed = ReviewMail.objects.filter(state=MailState.FAILED).count()
    return {
        "due": due[:LISTED],
        "more": max(len(due) - LISTED, 0),
        "soon": soon,
        "failed": failed,
        "shown": True,
    }
