"""From the cells of a row to the data of the form by which the same thing is entered by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from cases.bulk.columns import DAYS, Column, Sheet, plain, words_of
from cases.forms.drugs import MOST_DRUGS
from cases.forms.fields import refuse_either_word, typed_state

# What Excel makes of a day when nobody tells it to show a day: 1954 to 2119.
_SERIAL = re.compile(r"[2-7]\d{4}")


@dataclass
class Filled:
    """The data of a form, and what of the cells could not become data, by field."""

    data: dict[str, Any] = field(default_factory=lambda: {"version": "0"})
    problems: dict[str, str] = field(default_factory=dict)


def filled(sheet: Sheet, cells: Mapping[str, str]) -> Filled:
    """Return what a form would be sent for these cells; numbers of courses stay as they are."""
    found = Filled()
    for column in sheet.columns:
        text = cells.get(column.field, "")
        if not text:
            continue
        try:
            value = _value(sheet, column, text)
        except forms.ValidationError as error:
            found.problems[column.field] = f"{error.messages[0]}{_beside(column)}"
            continue
        if column.field == "drugs" and column.stated:
            _drugs(value, found)
        else:
            found.data[column.field] = value
    return found


def _beside(column: Column) -> str:
    """Return where a word belongs that is no grade."""
    words = _("A word of the report belongs under “In the report's words”")
    return f". {words}" if column.field == "worst_grade" else ""


def _value(sheet: Sheet, column: Column, text: str) -> Any:
    if column.stated or column.choices is not None or column.field in DAYS:
        refuse_either_word(text)
    if column.field in DAYS and _SERIAL.fullmatch(text):
        words = _(
            "%(text)s is a number, as Excel keeps a date: format the cell as a date or as text"
        )
        raise forms.ValidationError(words % {"text": text})
    if column.choices is None:
        return text
    state = typed_state(text) if column.stated else None
    if state:
        return [state] if column.many else state
    codes = words_of(sheet, column)
    if not column.many:
        return _code(codes, text)
    named = [part.strip() for part in re.split(r"[;,]", text) if part.strip()]
    return list(dict.fromkeys(_code(codes, part) for part in named))


def _code(words: Mapping[str, str], text: str) -> str:
    code = words.get(plain(text))
    if code is not None:
        return code
    offered = list(dict.fromkeys(words.values()))
    if len(offered) > 12:
        sentence = _("“%(text)s” is none of the words for this column: see the sheet Words")
        raise forms.ValidationError(sentence % {"text": text[:60]})
    sentence = _("“%(text)s” is none of these: %(words)s")
    raise forms.ValidationError(sentence % {"text": text[:60], "words": ", ".join(offered)})


def _drugs(codes: list[str], found: Filled) -> None:
    """Put drugs into the fields of a form that has one for each."""
    if len(codes) > MOST_DRUGS:
        found.problems["drugs"] = _("At most four drugs can be entered")
        return
    for number, code in enumerate(codes, start=1):
        found.data[f"drug_{number}"] = code


def errors_of(form: forms.Form, sheet: Sheet) -> dict[str, list[str]]:
    """Return the errors of a form by the field of a column; what belongs to none stands at the first."""
    fields = {c.field for c in sheet.columns}
    found: dict[str, list[str]] = {}
    for name, errors in form.errors.items():
        where = "drugs" if re.fullmatch(r"drug_\d", name) else name
        where = where if where in fields else sheet.columns[0].field
        found.setdefault(where, []).extend(str(error) for error in errors)
    return found
