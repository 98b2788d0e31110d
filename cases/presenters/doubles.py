"""Entries of a list that may be one, named, how somebody says that they are two, and who said so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cases.doubled import open_pairs, said_two
from cases.eventnames import event_named
from cases.models import Section
from cases.presenters.words import grade_words
from ui.formatting import date, number, partial_date
from ui.forms import in_sentence

if TYPE_CHECKING:
    from uuid import UUID

    from cases.models import Case


@dataclass(frozen=True)
class Double:
    """Two entries that may be one: both in words, and their ids."""

    words: str
    one: UUID
    other: UUID
    url: str = ""


def doubles_of(case: Case, key: str, *, may_edit: bool) -> tuple[Double, ...]:
    """Return which entries of a list may be one, and where it is said that they are two."""
    url = reverse("cases:two", args=[case.public_id, key]) if may_edit else ""
    return tuple(
        Double(pair_words(key, one, other), one.public_id, other.public_id, url)
        for one, other in open_pairs(case.patient, key)
    )


def two_words(case: Case, key: str) -> tuple[str, ...]:
    """Return which entries of a list somebody said are two, who said so and when."""
    found = []
    for pair in said_two(case, key):
        words = _("%(one)s and %(other)s are two: %(who)s, %(day)s.")
        if not pair.who:
            words = _("%(one)s and %(other)s are two: said on %(day)s.")
        told = {"one": _named(key, pair.one), "other": _named(key, pair.other)}
        found.append(capfirst(words % {**told, "who": pair.who, "day": date(pair.on)}))
    return tuple(found)


def pair_words(key: str, one: Any, other: Any) -> str:
    """Return what may be one, and what is to be done about it."""
    words = _("%(one)s and %(other)s may be one: remove one, or say that they are two.")
    return capfirst(words % {"one": _named(key, one), "other": _named(key, other)})


def _named(key: str, row: Any) -> str:
    if key == Section.COURSES:
        return _("course %(n)s") % {"n": row.number}
    if key == Section.IRAES:
        told = {
            "event": in_sentence(event_named(row)),
            "grade": grade_words(row),
            "onset": _day(row.onset),
        }
        return _("%(event)s %(grade)s (%(onset)s)") % told
    drug = row.called if row.drug else _("a steroid not named")
    if row.now_mg_per_day is None:
        told = {"drug": drug, "start": _day(row.start)}
        return _("%(drug)s (from: %(start)s)") % told
    return _("%(drug)s %(mg)s mg/day") % {"drug": drug, "mg": number(row.now_mg_per_day)}


def _day(told: Any) -> str:
    return _("day not known") if told is None else partial_date(told)
