"""Forms of steroids, dose over time, and of second-line immunosuppressants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cases.derivations import prednisone_equivalent
from cases.derivations.steroids import TAPERED_DAYS, TAPERED_MG
from cases.eventnames import event_named
from cases.forms.checks import lies_ahead
from cases.forms.doubts import question_dose
from cases.forms.fields import (
    NOTHING,
    Stated,
    StatedChoiceField,
    StatedDateField,
    StatedFlagField,
    StatedNumberField,
    columns,
    current,
    starts_after,
)
from cases.forms.owner import DayField
from cases.forms.sections import SectionForm
from cases.forms.steroid_checks import (
    hold_peak,
    hold_steroid_name,
    number_of,
    question_replacement,
)
from cases.models import ImmunosuppressantDrug, Indication, SteroidDrug
from cases.reading import dose_said_on
from cases.vocabulary import ENDOCRINE
from evidence.conditions import FactState
from ui.figures import doubt_words, thousands_of
from ui.forms import TextInput
from ui.partial_dates import render_day

if TYPE_CHECKING:
    from datetime import date

    from cases.models import Immunosuppressant, IrAE, SteroidCourse
    from ui.partial_dates import PartialDate

HIGHEST_MG = 2000
FEWEST_ROWS, MOST_ROWS = 3, 60
# A dose for an irAE, or a replacement after it, says which irAE: "irae:<id>".
FOR_AN_IRAE = (Indication.IRAE, Indication.ADRENAL_REPLACEMENT)


class DoseField(forms.DecimalField):
    """mg a day; a comma is read as a point."""

    asks_thousands, suffix = True, _("mg/day")

    def __init__(self, **kwargs: Any) -> None:
        widget = TextInput({"inputmode": "decimal"}, suffix=self.suffix)
        super().__init__(
            required=False,
            min_value=0,
            max_value=HIGHEST_MG,
            decimal_places=2,
            widget=widget,
            error_messages={
                "max_decimal_places": _("Enter at most %(max)s figures after the point")
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        """Read what was typed. Raises ValidationError where it can be read in two ways."""
        if not isinstance(value, str):
            return super().to_python(value)
        doubt = doubt_words(value)
        if doubt:
            raise forms.ValidationError(doubt, code="ambiguous")
        found = super().to_python(value.replace(",", "."))
        # Needless noughts are no figures: what "1.000" stands for is asked where the form is looked at as a whole.
        return found if found is None or not thousands_of(value) else _shortened(found)


def _shortened(number: Decimal) -> Decimal:
    kept = number.quantize(Decimal("0.01"))
    return kept if kept == number else number


def steroid_name_field() -> forms.CharField:
    """Return the field for the name of a steroid that the list does not have."""
    return forms.CharField(label=_("Which steroid, if another"), required=False, max_length=60)


class PurposeForm(SectionForm):
    """A form that says in one select what a drug was given for, and for which irAE."""

    purpose = StatedChoiceField(label=_("Given for"), choices=())

    def __init__(self, *args: Any, iraes: Iterable[IrAE] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.iraes = {str(e.public_id): e for e in iraes}
        field = self.fields["purpose"]
        states = field.choices[1:]  # type: ignore[attr-defined]
        field.choices = [("", _("Not entered")), *self._purposes(), *states]  # type: ignore[attr-defined]

    def _purposes(self) -> Iterator[tuple[str, Any]]:
        for key, irae in self.iraes.items():
            yield f"irae:{key}", event_named(irae)
        for code, label in Indication.choices:
            yield code, _("an irAE, not said which") if code == Indication.IRAE else label
            if code == Indication.ADRENAL_REPLACEMENT:
                for key, irae in self.iraes.items():
                    if irae.organ in ENDOCRINE:
                        name = event_named(irae)
                        yield (
                            f"{code}:{key}",
                            _("Adrenal replacement after %(event)s") % {"event": name},
                        )

    @staticmethod
    def purpose_of(row: Any) -> Stated:
        """Return what the record holds, as the option that stands for it."""
        if row.indication in FOR_AN_IRAE and row.irae_id:
            return Stated(f"{row.indication}:{row.irae.public_id}", FactState.KNOWN.value)
        return current(row, "indication")

    def purpose_values(self) -> dict[str, Any]:
        """Return the columns of indication and irAE."""
        chosen = self.cleaned_data["purpose"]
        code, _colon, key = str(chosen.value or "").partition(":")
        return {
            "indication": code or None,
            "indication_state": chosen.state,
            "irae": self.iraes.get(key),
        }


class SteroidForm(PurposeForm):
    """One course of a systemic steroid, in mg a day of the drug given: in steps, or peak and now alone."""

    drug = StatedChoiceField(
        label=_("Steroid"),
        choices=[(c, capfirst(label)) for c, label in SteroidDrug.choices],
    )
    name = steroid_name_field()
    peak_mg_per_day = StatedNumberField(
        label=_("Peak"), highest=HIGHEST_MG, places=2, suffix=_("mg/day"), asks_thousands=True
    )
    now_mg_per_day = StatedNumberField(
        label=_("Now"), highest=HIGHEST_MG, places=2, suffix=_("mg/day"), asks_thousands=True
    )
    now_on = DayField(
        label=_("Dose of now said on"),
        required=False,
        help_text=_("empty: today; with doses over time, the day of the last of them"),
    )
    start = StatedDateField(label=_("From"))
    stop = StatedDateField(label=_("To"))
    not_tapered = StatedFlagField(
        label=_("Could not be tapered"),
        help_text=_("to 10 mg/day as prednisone in 12 weeks"),
    )

    STATED = ("drug", "peak_mg_per_day", "now_mg_per_day", "start", "stop", "not_tapered")

    field_order = ("version", "drug", "name", "purpose")
    # Steps of two people, joined cell by cell, would be a taper that nobody entered.
    together = ("dose_",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, self._rows() + 1):
            self.fields[f"dose_from_{n}"] = StatedDateField(
                label=_("From, step %(n)s") % {"n": n}, help_text="", allow_relative=False
            )
            self.fields[f"dose_mg_{n}"] = DoseField(label=_("mg a day, step %(n)s") % {"n": n})

    def _rows(self) -> int:
        """Return how many steps the table has: those with something in them, room for two more, and what was sent."""
        source: Any = self.data if self.is_bound else self.initial
        drawn = [n for n in range(1, MOST_ROWS + 1) if f"dose_from_{n}" in source]
        filled = [
            n
            for n in range(1, MOST_ROWS + 1)
            if source.get(f"dose_from_{n}") or source.get(f"dose_mg_{n}") not in (None, "")
        ]
        return min(max([FEWEST_ROWS, *drawn, *(n + 2 for n in filled)]), MOST_ROWS)

    @property
    def steps(self) -> list[tuple[Any, Any]]:
        """The two fields of each step, for the template."""
        numbers = range(1, self._rows() + 1)
        return [(self[f"dose_from_{n}"], self[f"dose_mg_{n}"]) for n in numbers]

    @classmethod
    def initial_of(cls, row: SteroidCourse) -> dict[str, Any]:
        """Return what the record holds; peak and now are not shown as typed where the steps say them."""
        found = {
            **{name: current(row, name) for name in cls.STATED},
            "name": row.name,
            "purpose": cls.purpose_of(row),
            "now_on": render_day(day) if (day := dose_said_on(row)) else "",
        }
        for n, step in enumerate(row.doses.all(), start=1):
            found[f"dose_from_{n}"] = current(step, "since")
            found[f"dose_mg_{n}"] = f"{step.mg_per_day.normalize():f}"
            found["peak_mg_per_day"] = found["now_mg_per_day"] = NOTHING
        return found

    def clean(self) -> dict[str, Any]:
        """Hold dates and doses against each other."""
        data = super().clean() or self.cleaned_data
        if data.get("now_on") and lies_ahead(Stated(data["now_on"], FactState.KNOWN.value)):
            self.add_error("now_on", _("Dose of now said on: the date is in the future"))
        if starts_after(data.get("start"), data.get("stop")):
            self.add_error("stop", _("To: the date is before the start"))
        doses = self._clean_steps(data)
        self._hold_against_steps(data, doses)
        hold_peak(self, "peak_mg_per_day", data.get("now_mg_per_day"))
        now = doses[-1][1] if doses else number_of(data.get("now_mg_per_day"))
        if now is None and self._day_typed(data) and "now_mg_per_day" not in self.errors:
            self.add_error("now_on", _("Dose of now said on: enter the dose now"))
        stop = data["stop"].value if data.get("stop") else None
        said = self._day_typed(data) if doses else data.get("now_on")
        if doses and said and _begun_after(doses[-1][0], said):
            self.add_error("now_on", _("Dose of now said on: the last dose below began later"))
        if now and stop is not None and _ended_before(said, stop):
            self.add_error("stop", _("To: it has ended, yet a dose is given now"))
        told = {getattr(data.get(name), "state", None) for name in ("now_mg_per_day", "stop")}
        if told == {FactState.NOT_APPLICABLE.value}:
            self.add_error(
                "now_mg_per_day", _("Now: enter the dose, or “unknown”: it is given still")
            )
        drug = data["drug"].value if data.get("drug") else None
        question_replacement(self, "purpose", drug, now)
        hold_steroid_name(self, "name", drug, data.get("name", ""))
        typed = {n: number_of(data.get(n)) for n in ("peak_mg_per_day", "now_mg_per_day")}
        steps = {n: data.get(n) for n in self.fields if n.startswith("dose_mg_")}
        for name, mg in {**typed, **steps}.items():
            question_dose(self, name, drug, mg)
        return data

    def _day_typed(self, data: dict[str, Any]) -> date | None:
        """Return the day for which the dose of now is said; None where it stands there from before, or none does."""
        day: date | None = data.get("now_on")
        return None if day is None or render_day(day) == self.initial.get("now_on") else day

    def _clean_steps(self, data: dict[str, Any]) -> list[tuple[PartialDate | None, Decimal]]:
        doses: list[tuple[PartialDate | None, Decimal]] = []
        for n in range(1, self._rows() + 1):
            since, mg = data.get(f"dose_from_{n}"), data.get(f"dose_mg_{n}")
            if since is None or f"dose_mg_{n}" in self.errors:
                continue
            if mg is None:
                if since.state != FactState.MISSING:
                    self.add_error(
                        f"dose_mg_{n}", _("Enter how many mg a day, 0 where it was stopped")
                    )
                continue
            if since.value is None:
                self.add_error(f"dose_from_{n}", _("Enter from when: a month or a year will do"))
                continue
            if doses and _before(since.value, doses[-1][0]):
                message = _("The doses stand in the order of time: this one may be before the last")
                self.add_error(f"dose_from_{n}", message)
            doses.append((since.value, mg))
        return doses

    def _hold_against_steps(self, data: dict[str, Any], doses: list[tuple[Any, Decimal]]) -> None:
        if not doses:
            return
        found = {"peak_mg_per_day": max(mg for _s, mg in doses), "now_mg_per_day": doses[-1][1]}
        for name, value in found.items():
            typed = number_of(data.get(name))
            if typed is not None and typed != value:
                words = _("%(label)s: the doses below say %(mg)s mg/day; leave this empty")
                label = self.fields[name].label
                self.add_error(name, words % {"label": label, "mg": f"{value.normalize():f}"})
        answer = data.get("not_tapered")
        if answer and answer.value is False and _still_high(data, doses):
            words = _("By the doses below it was above 10 mg/day as prednisone after 12 weeks")
            self.add_error("not_tapered", words)

    def values(self) -> dict[str, Any]:
        """Return the columns of the steroid course; the day of the dose only where it was typed."""
        data = self.cleaned_data
        values = {**columns(data, self.STATED), "name": data["name"], **self.purpose_values()}
        if (day := self._day_typed(data)) is not None:
            values["now_on"] = day
        return values

    def doses(self) -> list[tuple[PartialDate | None, Decimal]]:
        """Return the steps in the order of time."""
        data = self.cleaned_data
        numbers = range(1, self._rows() + 1)
        return [
            (data[f"dose_from_{n}"].value, data[f"dose_mg_{n}"])
            for n in numbers
            if data[f"dose_mg_{n}"] is not None
        ]


def _before(second: PartialDate, first: PartialDate | None) -> bool:
    """Whether `second` may lie before `first`, by either of its bounds."""
    if first is None:
        return False
    pairs = ((second.earliest, first.earliest), (second.latest, first.latest))
    return any(a is not None and b is not None and a < b for a, b in pairs)


def _begun_after(since: PartialDate | None, day: date) -> bool:
    return since is not None and since.earliest is not None and since.earliest > day


def _ended_before(said_on: Any, stop: PartialDate) -> bool:
    """Whether a dose said on the day `said_on` (None: today) was said after the course had ended."""
    return stop.latest is not None and stop.latest < (said_on or timezone.localdate())


def _still_high(data: dict[str, Any], doses: list[tuple[Any, Decimal]]) -> bool:
    """Whether the steps alone show more than 10 mg prednisone-equivalent after 12 weeks."""
    drug, first = data.get("drug"), doses[0][0]
    if not drug or not drug.value or first is None or first.latest is None:
        return False
    limit = first.latest + timedelta(days=TAPERED_DAYS)
    high = [(prednisone_equivalent(drug.value, mg) or Decimal(0)) > TAPERED_MG for _s, mg in doses]
    # A dose holds until the next one began, at the earliest.
    ends = [since.earliest for since, _mg in doses[1:]]
    begun = [since.earliest is not None and since.earliest > limit for since, _mg in doses]
    lasts = [end is not None and end > limit for end in ends] + [begun[-1]]
    return any(h and (b or last) for h, b, last in zip(high, begun, lasts, strict=True))


class ImmunosuppressantForm(PurposeForm):
    """One course of a second-line agent."""

    drug = forms.ChoiceField(
        label=_("Agent"),
        choices=[
            ("", _("Choose")),
            *((c, capfirst(label)) for c, label in ImmunosuppressantDrug.choices),
        ],
    )
    name = forms.CharField(label=_("Which agent, if another"), required=False, max_length=60)
    dose = forms.CharField(
        label=_("Dose"), required=False, max_length=80, help_text=_("such as 5 mg/kg, twice")
    )
    start = StatedDateField(label=_("From"))
    stop = StatedDateField(label=_("To"))
    still_given = StatedFlagField(label=_("Still given"))

    STATED = ("start", "stop", "still_given")

    field_order = ("version", "drug", "name", "purpose")

    @classmethod
    def initial_of(cls, row: Immunosuppressant) -> dict[str, Any]:
        """Return what the record holds."""
        return {
            **{name: current(row, name) for name in cls.STATED},
            "purpose": cls.purpose_of(row),
            **{name: getattr(row, name) for name in ("drug", "name", "dose")},
        }

    def clean(self) -> dict[str, Any]:
        """Hold the dates against each other and against whether it is still given."""
        data = super().clean() or self.cleaned_data
        if starts_after(data.get("start"), data.get("stop")):
            self.add_error("stop", _("To: the date is before the start"))
        stop, still = data.get("stop"), data.get("still_given")
        if stop and stop.value is not None and still and still.value is True:
            self.add_error("still_given", _("Still given: an end was entered"))
        if data.get("drug") == ImmunosuppressantDrug.OTHER and not data.get("name"):
            self.add_error("name", _("Which agent: enter its name"))
        return data

    def values(self) -> dict[str, Any]:
        """Return the columns of the immunosuppressant."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ("drug", "name", "dose")}
        return {**columns(data, self.STATED), **plain, **self.purpose_values()}
