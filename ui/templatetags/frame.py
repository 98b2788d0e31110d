"""The product's frame for Django templates (sign-in and its settings), which Jinja draws elsewhere."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

from django import template
from django.conf import settings
from django.template import Context, Node
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.loader import render_to_string

register = template.Library()

ROLE_NAMES = {"nurse": "Monitoring nurse", "registry": "Registry lead"}


class FrameNode(Node):
    """A part of a page that Jinja renders, with the names it is given."""

    def __init__(self, name: FilterExpression, extra: dict[str, FilterExpression]) -> None:
        self.name, self.extra = name, extra

    def render(self, context: Context) -> str:
        """Return the part's markup, which Jinja has escaped."""
        values = {name: value.resolve(context) for name, value in self.extra.items()}
        return render_to_string(
            self.name.resolve(context), values, request=context["request"], using="jinja2"
        )


@register.tag
def frame(parser: Parser, token: Token) -> FrameNode:
    """`{% frame "layout/_field.html" bound=field %}`: include a Jinja template."""
    _tag, name, *bits = token.split_contents()
    return FrameNode(parser.compile_filter(name), token_kwargs(bits, parser))


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
    return ROLE_NAMES.get(code, code.replace("_", " ").capitalize())
