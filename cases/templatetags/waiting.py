"""What the admin's front page tells curators of each other's work."""

from __future__ import annotations

from typing import Any

from django import template

from cases.waiting import waiting_for

register = template.Library()


@register.simple_tag
def second_curator(user: Any) -> list[tuple[str, str]]:
    """What waits for `user` as second curator, with addresses; nothing for anybody else."""
    if not (user.is_authenticated and user.can_anywhere("evidence.curate")):
        return []
    return waiting_for(user)
