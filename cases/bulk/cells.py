"""From a cell of a workbook to what somebody typed into it, which Excel may have turned into something else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

# What stands in a format beside the parts of a date: literals, colours, conditions, languages.
_BESIDE = re.compile(r"\"[^\"]*\"|\\.|\[[^\]]*\]")
_ZEROS = re.compile(r"0{2,}")


@dataclass(frozen=True)
class BrokenCell:
    """A cell that cannot be read, and why."""

    words: str


def cell_text(value: Any, number_format: str = "General") -> str | BrokenCell:
    """Return the text of a cell as its reader sees it.

    "March 2024" typed into Excel becomes the first of March, shown as a month: it stays a month. A number shown
    with leading zeros keeps them.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return _date_text(value, number_format)
    if isinstance(value, time | timedelta):
        return BrokenCell(_("A time of day stands here, as Excel has it: format the cell as text"))
    if isinstance(value, int | float):
        return _number_text(value, number_format)
    return str(value)


def _date_text(value: date, number_format: str) -> str:
    shown = _BESIDE.sub("", number_format).lower()
    if "y" in shown and "d" not in shown:
        return f"{value:%Y-%m}" if "m" in shown else f"{value:%Y}"
    return f"{value:%Y-%m-%d}"


def _number_text(value: float, number_format: str) -> str:
    if isinstance(value, int) or value.is_integer():
        digits = str(int(value))
        zeros = _ZEROS.fullmatch(number_format)
        return digits.zfill(len(number_format)) if zeros else digits
    # As many figures as Excel itself keeps: 0.1 + 0.2 is 0.3 to its reader.
    text = f"{value:.15g}"
    return f"{float(text):.15f}".rstrip("0") if "e" in text else text
