"""The CHECKs of facts and partial dates, by the names of their columns."""

from __future__ import annotations

from django.db import models

from cases.fields import date_known_iff, known_iff, state_is_valid


def stated(*names: str) -> list[models.BaseConstraint]:
    """Return the CHECKs of facts whose value has the name of the fact."""
    return [rule(name) for name in names for rule in (known_iff, state_is_valid)]


def dated(*names: str) -> list[models.BaseConstraint]:
    """Return the CHECKs of partial dates."""
    return [rule(name) for name in names for rule in (date_known_iff, state_is_valid)]
