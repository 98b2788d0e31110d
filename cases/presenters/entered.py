"""What a list that may be called complete has: each entry by its name, and when it began."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst

from cases.forms.complete import Entered
from cases.models import Section
from cases.presenters.items import course_name
from cases.presenters.steroids import SECOND_LINE, second_line_name
from cases.presenters.words import state_words, stated_words

if TYPE_CHECKING:
    from cases.models import Case, SteroidCourse


def _steroid(row: SteroidCourse) -> str:
    return str(capfirst(row.called if row.drug else state_words(row.drug_state)))


# List -> its rows of a patient, what of a row says when it began, and its name.
LISTS: Mapping[str, tuple[str, str, Callable[[Any], str]]] = {
    Section.COURSES: ("courses", "start", course_name),
    Section.TREATMENT: ("treatments", "start", lambda row: row.name or row.get_kind_display()),
    Section.RESPONSES: ("responses", "assessed", lambda row: stated_words(row, "response")),
    Section.STEROIDS: ("steroids", "start", _steroid),
    SECOND_LINE: ("immunosuppressants", "start", second_line_name),
}


def entered(case: Case, key: str) -> tuple[Entered, ...]:
    """Return the entries of a list."""
    rows, began, name = LISTS[key]
    return tuple(
        Entered(str(name(row)), getattr(row, began)) for row in getattr(case.patient, rows).all()
    )
