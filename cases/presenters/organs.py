"""The organ review as it is shown: had, asked and none, asked too early, or not asked, by whom and when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.reading import asked_of, organs_asked
from cases.vocabulary import Organ, asked_under, event_name, has_no_organ, organ_label
from ui import formatting

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from cases.models import Case, OrganReview


@dataclass(frozen=True)
class OrganLine:
    """One organ: what it had (from the list of irAEs), and whether somebody asked about it."""

    code: str
    label: str
    had: str
    asked: str
    state: str
    colour: str


@dataclass(frozen=True)
class Review:
    """The organ review under the list of irAEs; `early`: answers that something came after."""

    words: str
    not_asked: str
    early: str
    complete: bool
    url: str
    all_url: str
    version: int


def organ_lines(case: Case, people: Mapping[int, str]) -> list[OrganLine]:
    """Return every organ; `people` are the names of who asked, by their ids."""
    had: dict[str, list[str]] = defaultdict(list)
    unplaced = []
    for irae in case.patient.iraes.all():
        had[asked_under(irae.organ)].append(event_name(irae))
        if has_no_organ(irae.entity, irae.organ):
            unplaced.append(event_name(irae))
    reviews = {review.organ: review for review in case.patient.organ_reviews.all()}
    early = asked_of(case.patient).asked_too_early
    return [
        _line(organ, had[organ], unplaced, reviews.get(organ), people, early=organ in early)
        for organ in Organ
    ]


def _line(
    organ: Organ,
    had: list[str],
    unplaced: list[str],
    review: OrganReview | None,
    people: Mapping[int, str],
    *,
    early: bool,
) -> OrganLine:
    asked = ""
    if review is not None:
        asked = _("%(who)s, %(date)s") % {
            "who": people.get(review.asked_by_id, ""),
            "date": formatting.date(review.asked_on),
        }
    if had:
        state, colour = _("had"), "amber"
    elif early:
        state, colour = _("asked too early"), "amber"
    elif review is None:
        state, colour = _("not asked"), "grey"
    elif unplaced:
        state, colour = _("cannot tell"), "amber"
        had = [_("may be %(event)s") % {"event": name} for name in unplaced]
    else:
        state, colour = _("asked and none"), "green"
    return OrganLine(organ.value, str(organ.label), ", ".join(had), asked, state, colour)


def organs_not_asked(case: Case) -> list[str]:
    """Return the names of the organs about which no answer holds that somebody gave."""
    asked = organs_asked(case.patient)
    return [organ_label(organ) for organ in Organ.values if organ not in asked]


def review_of(case: Case, *, version: int, may_edit: bool) -> Review:
    """Return the organ review in one line, and which organs have to be asked about again."""
    record = asked_of(case.patient)
    never = [organ_label(o) for o in Organ.values if o not in record.organs_asked]
    while_given, before = record.asked_while_given, record.asked_before_onset
    early = [
        _early(_named(while_given), record.given_until, still=record.may_be_given_still),
        _overtaken(_named(before - while_given)),
    ]
    complete = not never and not record.asked_too_early
    url = reverse("cases:organs", args=[case.public_id]) if may_edit else ""
    return Review(
        words=_words(record.asked_on, holds=not record.asked_too_early),
        not_asked=", ".join(never),
        early=" ".join(words for words in early if words),
        complete=complete,
        url=url,
        all_url=url,
        version=version,
    )


def _named(organs: Collection[str]) -> str:
    """Return the names of organs in their order; empty for none."""
    if len(organs) == len(Organ):
        return _("all of them")
    return ", ".join(organ_label(organ) for organ in Organ.values if organ in organs)


def _overtaken(organs: str) -> str:
    """Return which answers an irAE began after; empty for none."""
    if not organs:
        return ""
    words = _(
        "Asked before an irAE began, so cannot tell what else came with it. Ask again: %(organs)s."
    )
    return words % {"organs": organs}


def _early(organs: str, until: date | None, *, still: bool) -> str:
    """Return which answers say nothing of what came after them; empty for none."""
    if not organs or until is None:
        return ""
    if still:
        words = _(
            "Asked while an ICI may still be given, so cannot tell what came since. Ask again, or enter when the last"
            " dose was or why it stopped: %(organs)s."
        )
        return words % {"organs": organs}
    words = _(
        "Not asked after %(date)s, the last day on which the ICI may have been given, so cannot tell. Ask again, or"
        " enter the last dose to the day: %(organs)s."
    )
    return words % {"date": formatting.date(until), "organs": organs}


def _words(asked_on: Mapping[str, date], *, holds: bool) -> str:
    """Return how many organs were asked about and when; "none" only where every answer `holds`."""
    if not asked_on:
        return _("No organ was asked about: “none” is not concluded for any.")
    first, last = (formatting.date(day) for day in (min(asked_on.values()), max(asked_on.values())))
    when = _("on %(date)s") % {"date": last}
    if first != last:
        when = _("between %(first)s and %(last)s") % {"first": first, "last": last}
    if len(asked_on) == len(Organ) and holds:
        return _("Asked about all organs %(when)s: none beyond these.") % {"when": when}
    return _("Asked about %(n)s of %(all)s organs %(when)s.") % {
        "n": len(asked_on),
        "all": len(Organ),
        "when": when,
    }
