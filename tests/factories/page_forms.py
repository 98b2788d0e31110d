"""Reads the forms of a page, as a browser knows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

NOT_TYPED = {"submit", "button", "reset", "image"}


@dataclass
class Control:
    """One field: its kind, the values it offers, those it shows, and whether it keeps a typed one."""

    name: str
    kind: str
    offers: list[str] = field(default_factory=list)
    shows: list[str] = field(default_factory=list)


@dataclass
class PageForm:
    """One form that posts: its attributes, its fields by name, and what it carries unseen."""

    attributes: dict[str, str]
    hidden: dict[str, str] = field(default_factory=dict)
    controls: dict[str, Control] = field(default_factory=dict)

    @property
    def action(self) -> str:
        """Where it posts."""
        return self.attributes.get("action", "")


class FormReader(HTMLParser):
    """Collects the forms; a field names its form by `form=` or stands in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._open: PageForm | None = None
        self._select: Control | None = None
        self._text: Control | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a form or a field."""
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._open = PageForm(given)
            if given.get("method", "").lower() == "post":
                self.forms.append(self._open)
        elif self._open is not None and given.get("name"):
            self._field(tag, given)
        elif tag == "option" and self._select is not None:
            self._select.offers.append(given.get("value", ""))
            if "selected" in given:
                self._select.shows.append(given.get("value", ""))

    def _field(self, tag: str, given: dict[str, str]) -> None:
        assert self._open is not None
        kind = given.get("type", "text") if tag == "input" else tag
        if tag not in {"input", "select", "textarea"} or kind in NOT_TYPED:
            return
        if kind == "hidden":
            self._open.hidden[given["name"]] = given.get("value", "")
            return
        made = Control(given["name"], kind)
        control = self._open.controls.setdefault(given["name"], made)
        value = given.get("value", "")
        if kind in {"radio", "checkbox"}:
            control.offers.append(value)
            if "checked" in given:
                control.shows.append(value)
        elif tag == "input":
            control.shows.append(value)
        elif tag == "select":
            self._select = control
        else:
            self._text = control

    def handle_data(self, data: str) -> None:
        """Take what a text area holds."""
        if self._text is not None:
            self._text.shows.append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        """Leave a form or a field."""
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._text = None
