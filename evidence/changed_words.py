"""A change of pinned guidance in words: what differs, who published it, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.choices import Origin
from evidence.differing import Difference, differences
from evidence.states import VersionState
from ui import formatting

if TYPE_CHECKING:
    from evidence.changes import Change
    from evidence.models import StatementVersion

FINDING = {
    "label": gettext_lazy("What was counted"),
    "definition": gettext_lazy("Definition"),
    "population": gettext_lazy("In whom"),
    "tumour": gettext_lazy("Tumour"),
    "numerator": gettext_lazy("n"),
    "denominator": gettext_lazy("N"),
    "value": gettext_lazy("Value"),
    "interval": gettext_lazy("Interval"),
    "printed": gettext_lazy("Printed in the review"),
    "state": gettext_lazy("State of the print"),
    "correction": gettext_lazy("What is right, and why"),
    "note": gettext_lazy("Note"),
    "mark": gettext_lazy("How well attested"),
}
SOURCE = {
    "short": gettext_lazy("Short name"),
    "citation": gettext_lazy("Citation"),
    "design": gettext_lazy("Design"),
    "population": gettext_lazy("In whom"),
    "patients": gettext_lazy("Patients"),
    "note": gettext_lazy("What was read"),
    "mark": gettext_lazy("How well attested"),
}


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """One change: in a line, by whom and when, and field by field."""

    line: str
    who: str
    differences: tuple[Difference, ...]


def change_words(change: Change) -> ChangeWords:
    """Return the change in words; what it names comes with its basis."""
    found: list[Difference] = []
    if change.newer is not None and change.pinned is not None:
        found += differences(change.newer, change.pinned)
    for before, after in change.findings:
        found += _fields(FINDING, before, after, before.label)
    for old, new in change.sources:
        found += _fields(SOURCE, old, new, old.short)
    return ChangeWords(line_of(change), who_of(change), tuple(found))


def line_of(change: Change) -> str:
    """Return the change in one line, without comparing the texts."""
    if change.newer is not None:
        return _("Version %(n)s is published.") % {"n": change.newer.number}
    if change.retired and change.pinned is not None:
        because = change.by.retired_because if change.by else ""
        return _("Retired: %(why)s") % {"why": because} if because else _("Retired.")
    if change.retired:
        return _("No published statement rests on it any more.")
    if change.findings:
        return _("A figure was corrected.")
    return _("A source was corrected.")


def who_of(change: Change) -> str:
    """Return on which day and by whom it came about; "" where nobody knows."""
    if change.by is None or change.at is None:
        return ""
    words = {
        "person": _person(change.by, retired=change.retired),
        "day": formatting.date(change.at),
    }
    return _("%(day)s, %(person)s") % words


def _person(version: StatementVersion, *, retired: bool) -> str:
    by = version.retired_by
    if retired and version.state == VersionState.SUPERSEDED:
        # It went with the version that took its place, which whoever is named published.
        return _("replaced by %(name)s") % {"name": by} if by else _("with a release")
    if retired:
        return _("retired by %(name)s") % {"name": by} if by else _("with a release")
    if version.origin == Origin.REPOSITORY or version.published_by is None:
        return _("with release %(release)s") % {"release": version.release}
    return _("published by %(name)s") % {"name": version.published_by}


def _fields(labels: dict[str, Any], before: Any, after: Any, name: str) -> list[Difference]:
    return [
        Difference(f"{name}: {label}", _value(before, field), _value(after, field))
        for field, label in labels.items()
        if getattr(before, field) != getattr(after, field)
    ]


def _value(row: Any, field: str) -> str:
    shown = getattr(row, f"get_{field}_display", None)
    value = shown() if shown else getattr(row, field)
    return _("none") if value in (None, "") else str(value)
