"""The form of the question: what is asked and proposed, and what it is weighed against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.forms.drugs import DrugsForm
from cases.forms.fields import (
    StatedChoiceField,
    StatedManyField,
    columns,
    current,
    current_late,
)
from cases.forms.owner import DayField
from cases.forms.proposing import question_proposal
from cases.models import Alternative, DiseaseStatus, Prophylaxis
from cases.presenters.items import course_name
from cases.reading import asked_again_row, asked_row
from cases.services.lifecycle import Question
from cases.vocabulary import Regimen, names_ici
from evidence.conditions import FactState
from evidence.errata_guard import refusal
from ui.forms import Textarea
from ui.partial_dates import PartialDate, parse_partial_date, render_day

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from cases.models import Case, ICICourse


PLAIN = ("alternatives_text", "prophylaxis_text", "proposed_text", "needed_by")


class Against(forms.Form):
    """What a rechallenge is weighed against, what is proposed beside it, and until when it is needed."""

    disease_status = StatedChoiceField(
        label=_("The disease today, off the ICI"), choices=DiseaseStatus.choices
    )
    proposed_text = forms.CharField(
        label=_("Trial agent by name"), required=False, max_length=80,
        help_text=_("where the list of drugs does not have it"),
    )  # fmt: skip
    alternatives = StatedManyField(
        label=_("Alternatives still open"),
        choices=Alternative.choices,
        either=_("Choose alternatives, or that none is open, or why it is not told"),
    )
    alternatives_text = forms.CharField(
        label=_("Alternatives in words"), required=False, max_length=400
    )
    prophylaxis = StatedChoiceField(label=_("Prophylaxis"), choices=Prophylaxis.choices)
    prophylaxis_text = forms.CharField(label=_("Dose or agent"), required=False, max_length=80)
    needed_by = DayField(label=_("Answer needed by"), required=False)

    needed_before: date | None = None

    def clean_prophylaxis_text(self) -> str:
        """Refuse an ICI as prophylaxis: it is proposed, and keeps no irAE from coming back (erratum E06)."""
        text: str = self.cleaned_data["prophylaxis_text"]
        if names_ici(text):
            raise forms.ValidationError(refusal("E06"))
        return text

    def clean(self) -> dict[str, Any]:
        """Refuse an agent, or an alternative, beside "none": which of the two is meant, nobody can tell."""
        data = super().clean() or self.cleaned_data
        said = data.get("prophylaxis")
        if said and said.value == Prophylaxis.NONE and data.get("prophylaxis_text"):
            words = _("Prophylaxis: an agent is named, so choose it, or clear its name")
            self.add_error("prophylaxis", words)
        open_ = data.get("alternatives")
        if open_ and open_.value == [Alternative.NONE] and data.get("alternatives_text"):
            words = _("Alternatives still open: words stand beside “none”, so clear one of the two")
            self.add_error("alternatives", words)
        return data

    def clean_needed_by(self) -> date | None:
        """Refuse a day that is over, unless it stands in the record already."""
        day: date | None = self.cleaned_data["needed_by"]
        if day and day < timezone.localdate() and day != self.needed_before:
            raise forms.ValidationError(_("Enter a day that is still to come"))
        return day

    def against(self) -> dict[str, Any]:
        """Return the columns of the case."""
        data = self.cleaned_data
        return {
            **columns(data, ("disease_status", "prophylaxis", "alternatives")),
            **{name: data[name] for name in PLAIN},
        }


class QuestionForm(Against, DrugsForm):
    """What is asked and proposed, and what it is weighed against."""

    drug_prefix = "proposed_drug"
    first_label = _("Drug proposed")

    question = forms.CharField(
        label=_("What do you ask the board?"), widget=Textarea, max_length=2000
    )
    proposed_regimen = StatedChoiceField(label=_("Proposed"), choices=Regimen.choices)
    urgent = forms.BooleanField(label=_("Urgent, between meetings"), required=False)
    course = forms.ChoiceField(label=_("Which course is it about?"))

    def __init__(self, *args: Any, courses: Iterable[ICICourse] = (), **kwargs: Any) -> None:
        """Take the courses of the record: one is asked about, which is to be said where there are several."""
        super().__init__(*args, **kwargs)
        self.courses = {str(c.public_id): c for c in courses}
        if len(self.courses) > 1:
            named = [(key, f"{c.number}: {course_name(c)}") for key, c in self.courses.items()]
            self.fields["course"].choices = named  # type: ignore[attr-defined]
        else:
            del self.fields["course"]
        before = self.initial.get("needed_by")
        self.needed_before = getattr(before, "exact", None)

    @classmethod
    def initial_of(cls, case: Case) -> dict[str, Any]:
        """Return what the record holds."""
        return {
            **_about(asked_row(case)),
            **{
                name: current(case, name)
                for name in ("disease_status", "prophylaxis", "proposed_regimen")
            },
            **cls.initial_drugs(case.proposed_drugs, FactState.MISSING.value),
            "question": case.question,
            "urgent": case.urgent,
            "alternatives": current_late(case, "alternatives"),
            **{name: getattr(case, name) for name in PLAIN if name != "needed_by"},
            "needed_by": _day(case.needed_by),
        }

    def clean(self) -> dict[str, Any]:
        """Hold what is proposed against the drugs."""
        data = super().clean() or self.cleaned_data
        first = f"{self.drug_prefix}_1"
        if not any(name.startswith(self.drug_prefix) for name in self.errors):
            regimen = data["proposed_regimen"].value if data.get("proposed_regimen") else None
            codes, _state = self.chosen_drugs()
            question_proposal(self, first, regimen, codes, self._given_before(data))
        return data

    def _given_before(self, data: dict[str, Any]) -> list[str]:
        """Return the drugs of the course that is asked about, or of all of them."""
        chosen = self.courses.get(data.get("course") or "")
        rows = [chosen] if chosen else self.courses.values()
        return list(dict.fromkeys(code for row in rows for code in row.drugs))

    def values(self) -> dict[str, Any]:
        """Return the columns of the case."""
        data = self.cleaned_data
        codes, _state = self.chosen_drugs()
        about = {"course": self.courses[data["course"]]} if "course" in self.fields else {}
        return {
            **about,
            **columns(data, ("proposed_regimen",)),
            **self.against(),
            "question": data["question"],
            "urgent": data["urgent"],
            "proposed_drugs": codes,
        }


def _about(course: ICICourse | None) -> dict[str, Any]:
    return {"course": str(course.public_id)} if course is not None else {}


def _day(day: date | None) -> PartialDate | None:
    return parse_partial_date(render_day(day)) if day else None


class NextQuestionForm(QuestionForm):
    """Another question about a patient who is here already; `key` makes sending it twice harmless."""

    version = None  # type: ignore[assignment]
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if about := self.fields.get("course"):
            about.choices = [("", _("Choose")), *about.choices]  # type: ignore[attr-defined]

    @staticmethod
    def asked_of(case: Case) -> dict[str, Any]:
        """Return the course that `case` asks about; none where a later one was stopped: somebody has to say which."""
        return _about(asked_again_row(case))

    def question_value(self) -> Question:
        """Return the question as the service takes it."""
        return Question(**self.values())
