"""Who finds out what a referral leaves at "not yet": one person and one day for all, changed on the case later."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.forms.owing import DAYS_GIVEN, state_of
from cases.forms.owner import DayField, people_of
from cases.models import Section
from cases.presenters.tumour import DRIVERS, METASTASES
from cases.services.referral_owing import Finder, Owed
from evidence.conditions import FactState
from ui.partial_dates import render_day

if TYPE_CHECKING:
    from accounts.models import Board, User

BACKGROUND = "background"
# Field of the referral -> the form of the record that asks the same, and its field there.
ASKED_AS: dict[str, tuple[str, str]] = {
    **{
        name: (Section.COURSES, name)
        for name in (
            "start", "stop", "best_response", "setting", "progression_timing", "progressed", "new_lesions",
            "growing_lesions", "primary_state", "progressing_organs", "all_treatable_locally",
        )
    },
    **{name: (Section.IRAES, name) for name in ("worst_grade", "grade_now", "onset_grade", "onset")},
    **{
        name: (Section.QUESTION, name)
        for name in ("proposed_regimen", "disease_status", "prophylaxis", "alternatives")
    },
    **{name: (Section.TUMOUR, name) for name in ("histology", "stage_group")},
    **{
        name: (BACKGROUND, name)
        for name in (
            "autoimmune_disease", "interstitial_lung_disease", "hepatitis_b", "hepatitis_c", "transplant",
        )
    },
    "liver": (METASTASES, "liver"),
    "brain": (METASTASES, "brain"),
    "drivers": (DRIVERS, "EGFR"),
    "ecog_on": (Section.FITNESS, "assessed"),
    "steroid_peak": (Section.STEROIDS, "peak_mg_per_day"),
    "steroid_purpose": (Section.STEROIDS, "purpose"),
}  # fmt: skip
# What is "not yet" without a row of the record that says so: the fact itself is owed, if by nobody yet.
FACTS = {
    "ecog": "ecog",
    "pdl1": "pdl1_tps_initial",
    "pdl1_recent": "pdl1_tps_recent",
    "steroid": "steroid_now",
}


class OwingFields(forms.Form):
    """The three fields; a day counts only where somebody is chosen."""

    owed_by = forms.ChoiceField(label=_("Who finds out what is “not yet”"), required=False)
    owed_on = DayField(label=_("By"), required=False, help_text="")
    owed_all = forms.BooleanField(label=_("And all else this question needs"), required=False)

    people: dict[str, tuple[User, str]]

    def offer_people(self, board: Board) -> None:
        """Let one of those who may be given a fact of `board` be chosen; a week is offered as the day."""
        self.people = people_of(board)
        named = [(key, words) for key, (_user, words) in self.people.items()]
        self.fields["owed_by"].choices = [("", _("Nobody yet")), *named]  # type: ignore[attr-defined]
        week = timezone.localdate() + timedelta(days=DAYS_GIVEN)
        self.initial.setdefault("owed_on", render_day(week))

    def hold_finder(self, data: dict[str, Any]) -> None:
        """Hold the day against today; where nobody is chosen nothing is wrong with it."""
        if not data.get("owed_by"):
            self.errors.pop("owed_on", None)
            data["owed_on"] = None
            if data.get("owed_all"):
                self.add_error("owed_by", _("Choose who finds out what is not entered"))
            return
        due = data.get("owed_on")
        if due is not None and due < timezone.localdate():
            self.add_error("owed_on", _("Enter a day that is still to come"))

    def finder(self) -> Finder | None:
        """Return who finds out what; None where nobody was chosen."""
        data = self.cleaned_data
        if not data["owed_by"]:
            return None
        return Finder(
            owner=self.people[data["owed_by"]][0],
            due_on=data["owed_on"],
            asked=tuple(place for name, place in ASKED_AS.items() if self._is_not_yet(name)),
            everything=data["owed_all"],
        )

    def owed(self) -> tuple[Owed, ...]:
        """Return the facts that are owed since they are "not yet", with who finds them out, if somebody does."""
        found = self.finder()
        owner, due_on = (found.owner, found.due_on) if found else (None, None)
        open_ = [n for n in FACTS if self.cleaned_data[f"{n}_state"] == FactState.NOT_YET]
        return tuple(Owed(FACTS[name], owner, due_on) for name in open_)

    def _is_not_yet(self, name: str) -> bool:
        data = self.cleaned_data
        said = state_of(data.get(name)) or data.get(name)
        undecided = name == "proposed_regimen" and said == "undecided"
        return bool(undecided or said == FactState.NOT_YET)
