"""Model fields for facts: a value beside its state, and dates known only in part.

Both are plain columns as far as the database and migrations are concerned, with a CHECK that a value stands
there if and only if the fact is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evidence.conditions.facts import FactState
from ui.partial_dates import PartialDate
from ui.stated import STATE_CHOICES as CHOSEN_STATES

STATE_CHOICES = [*CHOSEN_STATES, (FactState.MISSING.value, _("Missing"))]


def state_field() -> models.CharField[Any, Any]:
    """Return the column that says how far a fact is known; never asked is `missing`."""
    return models.CharField(max_length=16, choices=STATE_CHOICES, default=FactState.MISSING.value)


def known_iff(name: str, value: str = "") -> models.CheckConstraint:
    """Return the CHECK that `<name>` has a value if and only if `<name>_state` is known.

    `value`: the column that holds the value, where it is not `name` itself.
    """
    column = value or name
    # A bound may be open on one side; "no value" is NULL for numbers and dates.
    has_value = Q(**{f"{column}__isnull": False})
    known = Q(**{f"{name}_state": FactState.KNOWN.value})
    return models.CheckConstraint(
        condition=(known & has_value) | (~known & ~has_value),
        name=f"%(class)s_{name}_known_iff",
    )


def state_is_valid(name: str) -> models.CheckConstraint:
    """Return the CHECK that a state column holds one of the five states."""
    return models.CheckConstraint(
        condition=Q(**{f"{name}_state__in": [s.value for s in FactState]}),
        name=f"%(class)s_{name}_state_valid",
    )


def late_state_field() -> models.CharField[Any, Any]:
    """Return the state of a column that had none before: a value that stands there is known, whatever it says."""
    missing = FactState.MISSING.value
    return models.CharField(
        max_length=16, choices=STATE_CHOICES, default=missing, db_default=missing
    )


def late_state(
    name: str, no_value: Q, *, known_may_be_empty: bool = False
) -> models.CheckConstraint:
    """Return the CHECK of such a state: none of the reasons for no value stands beside one.

    `known_may_be_empty`: of a list, of which somebody said that there is nothing in it, and of words that an erasure
    takes away.
    """
    state = f"{name}_state"
    reasons = [s.value for s in (FactState.NOT_YET, FactState.UNKNOWN, FactState.NOT_APPLICABLE)]
    known = Q(**{state: FactState.KNOWN.value})
    missing = Q(**{state: FactState.MISSING.value})
    if not known_may_be_empty:
        known &= ~no_value
    return models.CheckConstraint(
        condition=missing | known | (Q(**{f"{state}__in": reasons}) & no_value),
        name=f"%(class)s_{name}_late_state",
    )


def state_beside(value: Any, state: str) -> str:
    """Return the state of a fact that was kept without one before: a value that stands there is known."""
    return FactState.KNOWN.value if value not in (None, "", []) else state


class Stated:
    """Adds `<name>` (NULL allowed) and `<name>_state` to a model."""

    if TYPE_CHECKING:

        def __get__(self, instance: object, owner: type) -> Any: ...
        def __set__(self, instance: object, value: Any) -> None: ...

    def __init__(self, field: models.Field[Any, Any]) -> None:
        field.null = field.blank = True
        self.field = field

    def contribute_to_class(self, cls: type[models.Model], name: str) -> None:
        """Put the two columns on the model."""
        cls.add_to_class(name, self.field)
        cls.add_to_class(f"{name}_state", state_field())


PARTS = ("earliest", "latest", "precision", "text", "anchor", "offset_days")


class PartialDateField:
    """Adds a date known in part: `<name>_state`, `_earliest`, `_latest`, `_precision`, `_text`, `_anchor`,
    `_offset_days`. `instance.<name>` reads and writes a PartialDate or None.
    """

    if TYPE_CHECKING:

        def __get__(self, instance: object, owner: type) -> PartialDate | None: ...
        def __set__(self, instance: object, value: PartialDate | None) -> None: ...

    def __init__(self, verbose_name: Any) -> None:
        self.verbose_name = verbose_name

    def contribute_to_class(self, cls: type[models.Model], name: str) -> None:
        """Put the columns and the property on the model."""
        columns: dict[str, models.Field[Any, Any]] = {
            "earliest": models.DateField(self.verbose_name, null=True, blank=True),
            "latest": models.DateField(null=True, blank=True),
            # NULL and not "" where there is no date: the CHECK asks for a value by NULL.
            "precision": models.CharField(max_length=10, null=True, blank=True),
            "text": models.CharField(max_length=60, blank=True),
            "anchor": models.CharField(max_length=40, blank=True),
            "offset_days": models.IntegerField(null=True, blank=True),
            "state": state_field(),
        }
        for part, column in columns.items():
            cls.add_to_class(f"{name}_{part}", column)
        setattr(cls, name, property(_reader(name), _writer(name)))


def _reader(name: str) -> Any:
    def read(instance: Any) -> PartialDate | None:
        if not getattr(instance, f"{name}_precision"):
            return None
        return PartialDate(**{part: getattr(instance, f"{name}_{part}") for part in PARTS})

    return read


def _writer(name: str) -> Any:
    def write(instance: Any, value: PartialDate | None) -> None:
        for part in PARTS:
            empty = "" if part in {"text", "anchor"} else None
            setattr(instance, f"{name}_{part}", getattr(value, part) if value else empty)
        state = getattr(instance, f"{name}_state")
        if value is not None:
            setattr(instance, f"{name}_state", FactState.KNOWN.value)
        elif state == FactState.KNOWN.value:
            setattr(instance, f"{name}_state", FactState.MISSING.value)

    return write


def date_known_iff(name: str) -> models.CheckConstraint:
    """Return the CHECK that a partial date is there if and only if its state is known."""
    return known_iff(name, value=f"{name}_precision")
