"""What of one record is told twice, or of the wrong course, is questioned: in the sections, the referral and a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.forms.checks import anchors_of
from cases.forms.proposing import hides
from cases.vocabulary import drug_label
from evidence.conditions import FactState
from ui.partial_dates import bounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cases.forms.doubts import Doubted
    from cases.models import ICICourse
    from ui.partial_dates import PartialDate


@dataclass(frozen=True)
class Given:
    """When a course was given for certain: begun by the one day, not over before the other; and its first dose."""

    since: date | None
    until: date | None
    first: tuple[date | None, date | None]

    def along(self, other: Given) -> bool:
        """Whether both were certainly given on one day, or have one first dose as far as it is told."""
        if None not in self.first and self.first == other.first:
            return True
        days = (self.since, other.until, other.since, self.until)
        if None in days:
            return False
        return self.since <= other.until and other.since <= self.until  # type: ignore[operator]


def _given(start: PartialDate | None, stop: PartialDate | None, *, goes_on: bool) -> Given:
    first = start or stop
    since = first.latest if first else None
    until = (stop or start).earliest if first else None  # type: ignore[union-attr]
    if goes_on:
        until = timezone.localdate()
    return Given(since, until, (start.earliest, start.latest) if start else (None, None))


def _of(row: ICICourse) -> Given:
    goes_on = row.stop_state == FactState.NOT_APPLICABLE
    start, stop = row.start, row.stop
    return _given(start, stop and bounded(stop, {"ICI start": start}), goes_on=goes_on)


def _named(row: ICICourse) -> str:
    return " + ".join(drug_label(code) for code in row.drugs)


def question_twin(
    form: Doubted, codes: list[str], data: Mapping[str, Any], others: Iterable[ICICourse]
) -> None:
    """Question a course of the same agents as another one of the record, given at the same time."""
    anchors = anchors_of(data)
    goes_on = getattr(data.get("stop"), "state", None) == FactState.NOT_APPLICABLE
    this = _given(anchors["ICI start"], anchors["last dose"], goes_on=goes_on)
    for other in others:
        if codes and set(other.drugs) == set(codes) and this.along(_of(other)):
            words = _(
                "First dose: course %(n)s was of the same agents, %(drugs)s, at the same time. Is it right?"
            )
            form.ask_back("start", words % {"n": other.number, "drugs": _named(other)})
            return


def strange_agents(drugs: Iterable[str], course: list[str]) -> list[str]:
    """Return the names of agents that are certainly none of a course of which the agents are told."""
    return [drug_label(c) for c in drugs if course and c not in course and not hides(c, course)]


def question_agents(form: Doubted, drugs: Iterable[str], course: ICICourse | None) -> None:
    """Question the agents that an irAE followed where the course that it followed did not have them."""
    strange = strange_agents(drugs, course.drugs) if course is not None else []
    if course is not None and strange:
        words = _(
            "Agents it followed: %(drugs)s was not given in course %(n)s, %(course)s. Is it right?"
        )
        told = {"drugs": " + ".join(strange), "n": course.number, "course": _named(course)}
        form.ask_back("drugs", words % told)


def question_pregnancy(form: Doubted, name: str, *, male: bool, pregnant: bool) -> None:
    """Question a pregnancy of somebody who is recorded as male."""
    if male and pregnant:
        form.ask_back(name, _("Pregnancy: the patient is recorded as male. Is it right?"))
