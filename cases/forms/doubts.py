"""What can hardly be true is questioned once, beside its field, and kept where somebody says that it is right.

What cannot be true at all, a day before the birth, is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.derivations import prednisone_equivalent
from cases.forms.fields import StatedDateField
from cases.models import Sex, SteroidDrug
from ui.figures import thousands_words
from ui.forms import PartialDateFormField
from ui.partial_dates import cycle_of, render_day

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import date

    from cases.models import Case
    from ui.partial_dates import PartialDate

# Days of what has happened, beside every `StatedDateField`.
DAYS_OF_THE_PAST = frozenset(
    {"now_on", "asked_on", "taken_on", "as_of", "imaged", "surgery_said_on"}
)
_TWO_READINGS = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.]\d{4}\b")
FATAL = 5
# Doses above these are given, but seldom: mg prednisone-equivalent a day, mg of a pulse, Gy.
HIGH_EQUIVALENT, HIGHEST_PULSE = Decimal(250), Decimal(1000)
HIGH_TOTAL_GY, HIGH_FRACTION_GY, LOW_FRACTION_GY = Decimal(80), Decimal(34), Decimal(1)


@dataclass(frozen=True)
class Life:
    """Birth and death of a patient, as far as they are known, and whether the record calls them a man."""

    born: date | None = None
    died: PartialDate | None = None
    has_died: bool = False
    is_male: bool = False


def life_of(case: Case) -> Life:
    """Return what is known of the life of the patient of `case`."""
    row = case.patient.identity
    return Life(row.birth_date, row.died, row.has_died, case.patient.sex == Sex.MALE)


class Doubted(forms.Form):
    """A form that asks back; `right` repeats what was questioned, so that it stands for nothing that is typed later."""

    right = forms.CharField(required=False, max_length=40)

    life: Life | None = None
    # Whether what is questioned is noted alone: it is answered for a whole file, and its dates were read before.
    noted = False
    asked_back: tuple[tuple[str, str], ...] = ()
    # Which fields of a form that is `noted` are asked about with its file.
    asked_with_file: frozenset[str] = frozenset()
    # The numbers of the courses that a date may be counted from; None where nobody can tell.
    courses_known: Callable[[], Collection[int]] | None = None

    def full_clean(self) -> None:
        """Check what was typed, and ask anew."""
        self.asked_back = ()
        super().full_clean()

    def ask_back(self, name: str, words: Any) -> None:
        """Ask whether a field is right; one that is wrong is not asked about."""
        if self.life is not None and name not in self.errors:
            self.asked_back += ((name, str(words)),)

    @property
    def sign(self) -> str:
        """What has to be repeated to keep all that is questioned."""
        told = "\n".join(f"{name}: {words} {self[name].value()}" for name, words in self.asked_back)
        return blake2b(told.encode(), digest_size=8).hexdigest()

    @property
    def is_right(self) -> bool:
        """Whether somebody said that all of it is right."""
        return bool(self.cleaned_data.get("right") == self.sign)

    def is_answered(self, name: str) -> bool:
        """Whether a field was asked about and said to be right: here, or with the file."""
        asked = any(name == one for one, _words in self.asked_back)
        return asked and (name in self.asked_with_file if self.noted else self.is_right)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        _hold_against_life(self)
        _hold_against_courses(self)
        _question_thousands(self)
        if self.noted:
            return
        _question_readings(self)
        if self.asked_back and not self.is_right:
            for name, words in self.asked_back:
                self.add_error(name, words)


def _hold_against_life(form: Doubted) -> None:
    """Refuse what was before the birth, and question what was after the death."""
    life = form.life
    if life is None:
        return
    for name, field in form.fields.items():
        if not isinstance(field, StatedDateField) and name not in DAYS_OF_THE_PAST:
            continue
        found = form.cleaned_data.get(name)
        day = getattr(found, "value", found)
        first, last = (getattr(day, end, day) for end in ("earliest", "latest"))
        if life.born and last and last < life.born:
            before = _("%(label)s: the date is before the birth, %(day)s")
            form.add_error(name, before % {"label": field.label, "day": render_day(life.born)})
        elif life.died and is_after(first, life.died):
            form.ask_back(name, after_words(field.label, life.died))


def _hold_against_courses(form: Doubted) -> None:
    """Refuse a date that is counted from a course that is not there."""
    if form.courses_known is None:
        return
    for name, field in form.fields.items():
        found = form.cleaned_data.get(name)
        cycle = cycle_of(getattr(getattr(found, "value", found), "anchor", ""))
        if cycle and cycle.course is not None and cycle.course not in form.courses_known():
            words = _("%(label)s: there is no course %(n)s")
            form.add_error(name, words % {"label": field.label, "n": cycle.course})


def after_words(label: Any, died: PartialDate) -> str:
    """Return the question about a date that is after the death."""
    words = _("%(label)s: the date is after the death, %(day)s. Is it right?")
    return str(words % {"label": label, "day": died})


def is_after(day: date | None, died: PartialDate | None) -> bool:
    """Whether a day is certainly after the death."""
    return bool(day and died and died.latest and day > died.latest)


def _question_readings(form: Doubted) -> None:
    """Say how a date was read that can be read with the day or the month first."""
    for name, field in form.fields.items():
        if not isinstance(field, PartialDateFormField):
            continue
        typed = str(form[name].value() or "")
        pairs = (pair.groups() for pair in _TWO_READINGS.finditer(typed))
        if any(one != other and max(int(one), int(other)) <= 12 for one, other in pairs):
            found = form.cleaned_data.get(name)
            day = getattr(found, "value", found)
            words = _("%(label)s: read as %(day)s, with the day first. Is it right?")
            shown = day if hasattr(day, "earliest") or day is None else render_day(day)
            form.ask_back(name, words % {"label": field.label, "day": shown})


def _question_thousands(form: Doubted) -> None:
    """Say how a number was read whose point may part thousands: 1.000 mg is one milligram, or a pulse."""
    for name, field in form.fields.items():
        typed = str(form[name].value() or "")
        # What stands there from before was asked about when it was typed.
        if getattr(field, "asks_thousands", False) and typed != form.initial.get(name):
            # A field may know which number of a text is in doubt; else the text is one number.
            digits = field.parted(typed) if hasattr(field, "parted") else typed
            words = thousands_words(digits, getattr(field, "suffix", ""))
            if words:
                form.ask_back(name, words)


def hold_fatal(form: Doubted, data: Mapping[str, Any]) -> None:
    """Refuse a grade now below a fatal one, and ask for the death where none is entered."""
    worst, now = (getattr(data.get(name), "value", None) for name in ("worst_grade", "grade_now"))
    if worst == FATAL and now is not None and now != FATAL:
        form.add_error("grade_now", _("Grade now: the worst grade is 5, fatal"))
    if worst == FATAL and not (form.life and form.life.has_died):
        words = _("Worst grade: 5 is fatal, and no death is entered under Patient. Is it right?")
        form.ask_back("worst_grade", words)


def question_before_onset(
    form: Doubted, name: str, found: PartialDate | None, onset: PartialDate | None
) -> None:
    """Question a finding that was certainly made before its event began."""
    last, first = getattr(found, "latest", None), getattr(onset, "earliest", None)
    if last is None or first is None or last >= first:
        return
    words = _("%(label)s: the date is before the onset, %(day)s. Is it right?")
    form.ask_back(name, words % {"label": form.fields[name].label, "day": onset})


def plain(number: Decimal) -> str:
    """Return a number without needless zeros."""
    return f"{Decimal(number).normalize():f}"


def question_radiotherapy(form: Doubted, data: Mapping[str, Any]) -> None:
    """Question a total dose, and a dose per fraction, that are seldom given."""
    dose, fractions = (getattr(data.get(name), "value", None) for name in ("dose_gy", "fractions"))
    if dose is None:
        return
    each = Decimal(dose) / fractions if fractions else None
    if each is not None and not LOW_FRACTION_GY <= each <= HIGH_FRACTION_GY:
        words = _("Dose: %(dose)s Gy in %(n)s is %(each)s Gy per fraction. Is it right?")
        told = {"dose": plain(dose), "n": fractions, "each": plain(round(each, 1))}
        form.ask_back("dose_gy", words % told)
    elif dose > HIGH_TOTAL_GY:
        form.ask_back(
            "dose_gy", _("Dose: %(dose)s Gy in all. Is it right?") % {"dose": plain(dose)}
        )


def question_dose(form: Doubted, name: str, drug: str | None, mg: Decimal | None) -> None:
    """Question a daily dose above what is given of the drug by day, other than a pulse of methylprednisolone."""
    if not drug or mg is None:
        return
    equal = prednisone_equivalent(drug, mg)
    pulse = drug == SteroidDrug.METHYLPREDNISOLONE and mg <= HIGHEST_PULSE
    if equal is None or equal <= HIGH_EQUIVALENT or pulse:
        return
    words = _("%(mg)s mg of %(drug)s a day: is it right?")
    form.ask_back(name, words % {"mg": plain(mg), "drug": SteroidDrug(drug).label})
