"""The demonstration's sign-ins, shown beside the form that they fill."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

from django import template
from django.conf import settings

from accounts.permissions import Role

register = template.Library()


@register.simple_tag
def demo_sign_ins() -> list[dict[str, Any]]:
    """The demonstration's accounts by board; empty anywhere else."""
    path = settings.BASE_DIR / "demo" / "accounts.json"
    if not settings.DEMO or not path.exists():
        return []
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [
        {"board": board, "accounts": list(accounts)}
        for board, accounts in groupby(rows, key=lambda row: row["board"])
    ]


@register.simple_tag
def demo_password() -> str:
    """The password of every account of the demonstration; nothing anywhere else."""
    return str(settings.DEMO_PASSWORD) if settings.DEMO else ""


@register.filter
def role_name(code: str) -> str:
    """Return a role's code as it is read: `nurse` as `Monitoring nurse`."""
    return str(Role(code).label)
