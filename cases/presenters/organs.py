"""The organ review as it is shown: had, asked and none, or not asked, by whom and when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.vocabulary import Organ, entity_label, organ_label
from ui import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    """The organ review under the list of irAEs."""

    words: str
    not_asked: str
    complete: bool
    url: str
    all_url: str
    version: int


def organ_lines(case: Case, people: Mapping[int, str]) -> list[OrganLine]:
    """Return every organ; `people` are the names of who asked, by their ids."""
    had: dict[str, list[str]] = defaultdict(list)
    for irae in case.patient.iraes.all():
        had[irae.organ].append(entity_label(irae.entity))
    reviews = {review.organ: review for review in case.patient.organ_reviews.all()}
    return [_line(organ, had[organ], reviews.get(organ), people) for organ in Organ]


def _line(
    organ: Organ, had: list[str], review: OrganReview | None, people: Mapping[int, str]
) -> OrganLine:
    asked = ""
    if review is not None:
        asked = _("%(who)s, %(date)s") % {
            "who": people.get(review.asked_by_id, ""),
            "date": formatting.date(review.asked_on),
        }
    if had:
        state, colour = _("had"), "amber"
    elif review is not None:
        state, colour = _("asked and none"), "green"
    else:
        state, colour = _("not asked"), "grey"
    return OrganLine(organ.value, str(organ.label), ", ".join(had), asked, state, colour)


def organs_not_asked(case: Case) -> list[str]:
    """Return the names of the organs that nobody has asked about."""
    asked = {review.organ for review in case.patient.organ_reviews.all()}
    return [organ_label(organ) for organ in Organ.values if organ not in asked]


def review_of(case: Case, *, version: int, may_edit: bool) -> Review:
    """Return the organ review in one line."""
    reviews = {review.organ: review for review in case.patient.organ_reviews.all()}
    missing = organs_not_asked(case)
    url = reverse("cases:organs", args=[case.public_id]) if may_edit else ""
    return Review(
        words=_words(len(reviews), reviews),
        not_asked=", ".join(missing),
        complete=not missing,
        url=url,
        all_url=url if missing else "",
        version=version,
    )


def _words(asked: int, reviews: Mapping[str, OrganReview]) -> str:
    if not asked:
        return _("No organ was asked about: “none” is not concluded for any.")
    last = formatting.date(max(review.asked_on for review in reviews.values()))
    if asked == len(Organ):
        return _("Asked about all organs, last on %(date)s: none beyond these.") % {"date": last}
    return _("Asked about %(n)s of %(all)s organs, last on %(date)s.") % {
        "n": asked,
        "all": len(Organ),
        "date": last,
    }
