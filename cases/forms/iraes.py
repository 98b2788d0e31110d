"""The form of an irAE: the frequent fields first, the rest under "More about this event"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.alike import question_agents
from cases.forms.checks import lies_ahead, refuse_counted_future
from cases.forms.doubts import hold_fatal
from cases.forms.events import event_choice
from cases.forms.fields import (
    Stated,
    StatedChoiceField,
    StatedDateField,
    StatedFlagField,
    StatedManyField,
    columns,
    current,
    current_late,
)
from cases.forms.grading import hold_grades
from cases.forms.onsets import (
    course_choices,
    course_chosen,
    course_columns,
    early_words,
    question_course,
    question_other_course,
    refuse_missing_cycles,
)
from cases.forms.owner import DayField
from cases.forms.resolving import hold_resolved, with_resolution
from cases.forms.sections import SectionForm
from cases.forms.unlisted import (
    asks_more,
    hold_unlisted,
    name_field,
    organ_field,
    organ_of,
    organ_shown,
)
from cases.models import Care, Likelihood, OtherCause
from cases.presenters.items import course_name
from cases.returning import is_circle, refusal
from cases.vocabulary import (
    CTCAE_VERSIONS,
    ENDOCRINE,
    UNSTATED,
    VERSIONS_OF_GRADES,
    Organ,
    Resolution,
    drug_label,
    entities,
    offered_entities,
)
from evidence.conditions import FactState
from ui.partial_dates import bounded, cycle_of, render_day

if TYPE_CHECKING:
    from cases.models import ICICourse, IrAE
    from ui.partial_dates import PartialDate

# Our own short words for a grade; the thresholds of a term stand in CTCAE itself.
GRADE_HINTS = [
    ("1", _("1, mild or seen in tests only")),
    ("2", _("2, moderate, limits daily life")),
    ("3", _("3, severe, limits self-care or hospital")),
    ("4", _("4, life-threatening")),
    ("5", _("5, fatal")),
]


def entity_choices(chosen: object = "") -> list[tuple[str, Any]]:
    """Return the irAEs under their organs, in the order of the organs, and the one that is chosen."""
    by_organ: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for entity in offered_entities(chosen):
        by_organ[entity.organ].append((entity.code, entity.name))
    groups = [(str(Organ(organ).label), rows) for organ, rows in by_organ.items()]
    return [
        ("", _("Choose")),
        *((code, f"{label} ({organ.lower()})") for organ, rows in groups for code, label in rows),
    ]


def versions_of(entity: str) -> list[tuple[str, str]]:
    """Return the CTCAE versions that have a term for the irAE; all of them for an unknown one."""
    found = entities().get(entity)
    return [(v, label) for v, label in CTCAE_VERSIONS if found is None or v in found.terms]


def version_choices(versions: list[tuple[str, str]]) -> list[tuple[str, Any]]:
    """Return what may be said of the version: which one, or that the report does not state it."""
    return [("", _("Not entered")), *versions, *(v for v in VERSIONS_OF_GRADES if v[0] == UNSTATED)]


class IrAEForm(SectionForm):
    """One irAE. The versions offered are those by which the chosen event can be graded."""

    entity = forms.ChoiceField(label=_("Event"))
    entity_text = name_field()
    organ = organ_field()
    ctcae_version = forms.ChoiceField(
        label=_("CTCAE version"), required=False, help_text=_("by which the grades were given")
    )
    worst_grade = StatedChoiceField(label=_("Worst grade"), choices=GRADE_HINTS, coerce=int)
    grade_now = StatedChoiceField(
        label=_("Grade now"), choices=[("0", _("0, resolved")), *GRADE_HINTS], coerce=int
    )
    now_on = DayField(label=_("Grade now said on"), required=False, help_text=_("empty: today"))
    onset = StatedDateField(
        label=_("Onset"), help_text=_("a date, “day 26 after ICI start” or “after cycle 7”")
    )
    early_onset = forms.BooleanField(
        label=_("The onset is right: it was before the first dose entered"), required=False
    )
    course = forms.ChoiceField(label=_("During or after"), required=False)
    resolution = StatedChoiceField(label=_("How it went on"), choices=Resolution.choices)
    resolved = StatedDateField(label=_("Resolved"))
    severity_word = forms.CharField(
        label=_("In the report's words"), required=False, max_length=60,
        help_text=_("such as “severe”: a word, not a grade"),
    )  # fmt: skip
    onset_grade = StatedChoiceField(label=_("Grade at onset"), choices=GRADE_HINTS, coerce=int)
    likelihood = StatedChoiceField(label=_("Caused by the ICI"), choices=Likelihood.choices)
    care = StatedChoiceField(label=_("Most intensive care"), choices=Care.choices)
    excluded = StatedManyField(
        label=_("Looked for and excluded"), choices=OtherCause.choices, none=_("None of them"),
        either=_("Choose causes, or none of them, or why it is not told"),
    )  # fmt: skip
    drugs = forms.MultipleChoiceField(
        label=_("Agents it followed"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("none chosen: all agents of the course"),
    )  # fmt: skip
    sequelae = StatedFlagField(label=_("Sequelae"))
    sequelae_text = forms.CharField(label=_("Which"), required=False, max_length=200)
    recurrence_of = forms.ChoiceField(label=_("Came back after"), required=False)

    STATED = (
        "worst_grade", "grade_now", "onset", "resolution", "resolved",
        "onset_grade", "likelihood", "care", "sequelae",
    )  # fmt: skip
    MORE = (
        "severity_word", "onset_grade", "likelihood", "care", "excluded", "drugs",
        "sequelae", "sequelae_text", "recurrence_of",
    )  # fmt: skip
    onset_is_odd = False

    def __init__(
        self,
        *args: Any,
        courses: Iterable[ICICourse] = (),
        others: Iterable[IrAE] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.courses = {str(c.public_id): c for c in courses}
        self.others = {str(e.public_id): e for e in others}
        self._choose("entity", entity_choices(self["entity"].value()))
        versions = versions_of(str(self["entity"].value() or ""))
        self._choose("ctcae_version", version_choices(versions))
        named = [(k, f"{c.number}: {course_name(c)}") for k, c in self.courses.items()]
        self._choose("course", course_choices(named))
        before = [(k, event_choice(e)) for k, e in self.others.items()]
        self._choose("recurrence_of", [("", _("Not said")), *before])
        given = dict.fromkeys(code for c in self.courses.values() for code in c.drugs)
        self._choose("drugs", [(code, drug_label(code)) for code in given])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, row: IrAE) -> dict[str, Any]:
        """Return what the record holds."""
        return {
            **{name: current(row, name) for name in cls.STATED},
            "now_on": render_day(row.now_on) if row.now_on else "",
            "entity": row.entity,
            "ctcae_version": row.ctcae_version,
            "course": course_chosen(row),
            "recurrence_of": str(row.recurrence_of.public_id) if row.recurrence_of else "",
            "severity_word": row.severity_word,
            "entity_text": row.entity_text,
            "organ": organ_shown(row),
            "excluded": current_late(row, "excluded"),
            "drugs": row.drugs,
            "sequelae_text": row.sequelae_text,
        }

    @property
    def asks_about_onset(self) -> bool:
        """Whether the onset was questioned, or was right when it was."""
        return bool(self.errors and self.onset_is_odd) or bool(self["early_onset"].value())

    @property
    def asks_more(self) -> bool:
        """Whether the event is one that has to be named, with its organ."""
        return asks_more(self)

    @property
    def more_is_open(self) -> bool:
        """Whether something stands, or is wrong, among the fields that are folded away."""
        values = (self[name].value() for name in self.MORE)
        entered = any(value not in ("", None, []) for value in values)
        return entered or any(name in self.errors for name in self.MORE)

    def clean(self) -> dict[str, Any]:
        """Hold grades and dates against each other, as the database will."""
        data = super().clean() or self.cleaned_data
        hold_grades(self, data)
        hold_fatal(self, data)
        hold_unlisted(self, data)
        refuse_counted_future(self, ("onset", "resolved"), self._anchors(data))
        self._clean_day_of_now(data)
        courses, chosen = self.courses.values(), self.courses.get(data.get("course") or "")
        refuse_missing_cycles(self, data, ("onset", "resolved"), self._counted(data), courses)
        if self._resolved_before_onset(data):
            self.add_error("resolved", _("Resolved: the date is before the onset"))
        hold_resolved(self, data)
        self._question_onset(data)
        question_agents(self, data.get("drugs") or (), chosen)
        question_course(self, data, ("onset", "resolved"), [*courses])
        question_other_course(self, data, "onset", chosen)
        self._refuse_return(data)
        resolution = data.get("resolution")
        replaced = resolution and resolution.value == Resolution.ON_REPLACEMENT
        if replaced and data.get("entity") and organ_of(data) not in ENDOCRINE:
            message = _("How it went on: only endocrine events are controlled on replacement")
            self.add_error("resolution", message)
        sequelae = data.get("sequelae")
        if data.get("sequelae_text") and sequelae and sequelae.value is not True:
            self.add_error("sequelae", _("Sequelae: say yes beside what they are"))
        return data

    def _clean_day_of_now(self, data: dict[str, Any]) -> None:
        """Refuse a day that is still to come, or on which nothing was said."""
        day = data.get("now_on")
        if day and lies_ahead(Stated(day, FactState.KNOWN.value)):
            self.add_error("now_on", _("Grade now said on: the date is in the future"))
        told = [data.get("grade_now"), data.get("resolution")]
        if day and not any(fact and fact.state == FactState.KNOWN for fact in told):
            message = _("Grade now said on: enter the grade now, or how it went on")
            self.add_error("now_on", message)
        onset = data["onset"].value if data.get("onset") else None
        began = bounded(onset, self._anchors(data)).earliest if onset is not None else None
        if day and began and day < began:
            self.add_error("now_on", _("Grade now said on: the date is before the onset"))

    def _refuse_return(self, data: dict[str, Any]) -> None:
        """Refuse that it came back after an event that came later, or that came back after this one."""
        chosen = self.others.get(data.get("recurrence_of") or "")
        if chosen is None:
            return
        after = {event.pk: event.recurrence_of_id for event in self.others.values()}
        this = 0

        def before(pk: int) -> int | None:
            # All events of the patient but this one are among the others.
            earlier = after[pk]
            return earlier if earlier is None or earlier in after else this

        circle = is_circle(this, chosen.pk, before)
        onset = data["onset"].value if data.get("onset") else None
        words = refusal(circle, onset, chosen.onset)
        if words:
            self.add_error("recurrence_of", words)

    def _counted(self, data: dict[str, Any]) -> Any:
        """Return the course that days and cycles count from: the chosen one, or the only one."""
        chosen = self.courses.get(data.get("course") or "")
        if chosen is None and len(self.courses) == 1:
            (chosen,) = self.courses.values()
        return chosen

    def _resolved_before_onset(self, data: dict[str, Any]) -> bool:
        """Whether it certainly resolved before it began; days from an event count from that event's bounds."""
        onset, resolved = (
            data[name].value if data.get(name) else None for name in ("onset", "resolved")
        )
        if onset is None or resolved is None:
            return False
        if resolved.anchor == "irAE onset":
            return (resolved.offset_days or 0) < 0
        if resolved.anchor and resolved.anchor == onset.anchor:
            days = (resolved.offset_days, onset.offset_days)
            # "After cycle 7" names no day: it cannot be held against one.
            return None not in days and (days[0] or 0) < (days[1] or 0)
        cycles = cycle_of(resolved.anchor), cycle_of(onset.anchor)
        if cycles[0] and cycles[1] and resolved.offset_days is onset.offset_days is None:
            return cycles[0].course == cycles[1].course and cycles[0].number < cycles[1].number
        starts = self._anchors(data)
        return bounded(resolved, starts).certainly_before(bounded(onset, starts))

    def _anchors(self, data: dict[str, Any]) -> dict[str, PartialDate | None]:
        """Return the events that days count from: first and last dose of the course, and the onset itself."""
        counted, onset = self._counted(data), data["onset"].value if data.get("onset") else None
        start, stop = (counted.start, counted.stop) if counted else (None, None)
        found = {"ICI start": start, "ICI stop": stop, "last dose": stop}
        return {**found, "irAE onset": bounded(onset, found) if onset is not None else None}

    def _question_onset(self, data: dict[str, Any]) -> None:
        """Ask back about an irAE before the first dose: it is a slip, or a course is missing."""
        onset = data["onset"].value if data.get("onset") else None
        if onset is None or data.get("early_onset"):
            return
        chosen = self.courses.get(data.get("course") or "")
        courses = [*self.courses.values()] if chosen is None else [chosen]
        words = early_words(onset, [c.start for c in courses])
        if words:
            self.onset_is_odd = True
            self.add_error("onset", words)

    def values(self) -> dict[str, Any]:
        """Return the columns of the irAE."""
        data = self.cleaned_data
        course = self.courses.get(data["course"])
        # The agents of the course need not be typed again: they are what an empty list means.
        drugs = [] if course and set(data["drugs"]) == set(course.drugs) else data["drugs"]
        values = {
            **columns(data, self.STATED),
            "entity": data["entity"],
            "organ": organ_of(data),
            "ctcae_version": data["ctcae_version"],
            **course_columns(self, self.courses),
            "recurrence_of": self.others.get(data["recurrence_of"]),
            "severity_word": data["severity_word"],
            "entity_text": data["entity_text"],
            **data["excluded"].columns("excluded"),
            "drugs": drugs,
            "sequelae_text": data["sequelae_text"],
        }
        day = data["now_on"]
        if day is not None and render_day(day) != self.initial.get("now_on"):
            values["now_on"] = day
        if data["severity_word"] and data["worst_grade"].state == FactState.MISSING:
            values["worst_grade_state"] = FactState.UNKNOWN.value
        return with_resolution(values)
