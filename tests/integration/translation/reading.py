"""What a page says in words: its text, and the attributes that are read out or shown."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

SPOKEN = {"aria-label", "placeholder", "title", "alt", "data-label", "data-saved", "data-failed"}
# What stands in a text area was typed.
SILENT = {"script", "style", "textarea"}
WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*[A-Za-z]")
# Columns of text whose values are codes, not data: hiding them would hide words of the same letters.
CODES = {"code", "kind", "fact", "entity", "organ", "key", "state", "measure", "unit"}

TEXTS = (models.CharField, models.TextField, models.JSONField, ArrayField)
# Their rows hold names of models and permissions in English, which Django translates when it shows them.
OF_LIBRARIES = {"auth", "contenttypes", "admin", "sessions"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.silent = 0
        self.drawn: list[str] | None = None  # the parts of a text in a picture, one a line
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        if tag == "text":
            self.drawn = []
        given = dict(attrs)
        self.said += [value for name, value in attrs if name in SPOKEN and value]
        if tag == "input" and given.get("type") in {"submit", "button"} and given.get("value"):
            self.said.append(str(given["value"]))

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT
        if tag == "text" and self.drawn is not None:
            self.said.append(" ".join(self.drawn))
            self.drawn = None

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            (self.said if self.drawn is None else self.drawn).append(data.strip())


def said(html: str) -> list[str]:
    """Return every text of a page, in order."""
    reader = _Reader()
    reader.feed(html)
    return reader.said


def stored() -> list[str]:
    """Return the texts that people or deliveries have put into the database, the longest first."""
    found: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.choices or field.name in CODES or model._meta.app_label in OF_LIBRARIES:
                continue
            if isinstance(field, TEXTS):
                rows = model._default_manager.values_list(field.name, flat=True)
                found.update(text for value in rows for text in _texts(value))
    shown = {re.sub(r"\s+", " ", text).strip() for text in found}
    # A code has neither a capital nor a blank nor a figure: it is no text.
    data = {text for text in shown if re.search(r"[A-Z0-9 @]", text) and len(text) > 1}
    # A page may show what stands before a colon for the whole.
    data |= {text.split(":")[0] for text in data if len(text.split(":")[0]) > 5}
    return sorted(data | {text.upper() for text in data}, key=len, reverse=True)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value, *value.splitlines()]
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return []


def untranslated(html: str, data: list[str], allowed: re.Pattern[str]) -> list[str]:
    """Return the texts of a page that hold an English word which is neither data nor allowed."""
    found = []
    for text in said(html):
        if text.startswith(("[{", '{"')):
            # The fields of a statement as its curator wrote them.
            continue
        rest = re.sub(r"\s+", " ", text)
        if rest.endswith("…") and any(value.startswith(rest[:-1].strip()) for value in data):
            continue
        for value in data:
            if value in rest:
                # Whole words alone: "U/L" is not in "mIU/L".
                rest = re.sub(rf"(?<![A-Za-z]){re.escape(value)}(?![A-Za-z])", " ", rest)
        if WORD.search(allowed.sub(" ", rest)):
            found.append(re.sub(r"\s+", " ", text)[:160])
    return found
