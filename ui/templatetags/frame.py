"""The product's frame for Django templates (sign-in and its settings), which Jinja draws elsewhere."""

from __future__ import annotations

from django import template
from django.template import Context, Node
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.loader import render_to_string

register = template.Library()


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
