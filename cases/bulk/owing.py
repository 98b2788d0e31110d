"""What a file says is "not yet": once it is imported, one person is asked for all of it by one day.

The words stay in the cells: the format has no place for who finds out what, and what was exported comes in as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.forms.fields import typed_state
from cases.models import Section
from cases.services.referral_owing import give_not_yet
from evidence.conditions import FactState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from cases.bulk.entries import Group
    from cases.bulk.files import Row
    from cases.services.referral_owing import Finder

# Columns of the sheet of the background that another form asks.
OF_FITNESS = frozenset({"ecog", "assessed", "weight_kg", "weighed", "height_cm"})
FORMS = {"courses": Section.COURSES.value, "iraes": Section.IRAES.value, "background": "background"}
# Columns that are several fields of a form.
FIRST_FIELD = {"drugs": "drug_1"}


def note_not_yet(group: Group, row: Row, recorded: Mapping[str, str], there: Any = None) -> None:
    """Note what a row says is still to come, where the record tells no more; `there`: the row of the record."""
    for column in row.sheet.columns:
        told = (row[column.field], recorded.get(column.field, ""))
        if column.stated and _is_not_yet(told[0]) and (not told[1] or _is_not_yet(told[1])):
            name = FIRST_FIELD.get(column.field, column.field)
            form = Section.FITNESS.value if name in OF_FITNESS else FORMS[row.sheet.code]
            group.not_yet.append((form, name, there))


def _is_not_yet(text: str) -> bool:
    return typed_state(text) == FactState.NOT_YET


def give(group: Group, *, by: User, finder: Finder) -> int:
    """Ask `finder` for all of it that nobody was asked for; return for how much."""
    if group.case is None or group.problems or not group.not_yet:
        return 0
    given = give_not_yet(
        by=by, case=group.case, owner=finder.owner, due_on=finder.due_on, asked=group.not_yet
    )
    return len(given)
