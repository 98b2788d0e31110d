"""What a referral holds against each other: the checks of the sections' own forms, and those of its short questions."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases.forms.checks import anchors_of, refuse_counted_future
from cases.forms.doubts import Doubted, hold_fatal, question_dose
from cases.forms.fields import Stated, starts_after
from cases.forms.grading import hold_grades
from cases.forms.onsets import counts_from_another, early_words, refuse_missing_cycles
from cases.forms.progressing import (
    hold_lesions,
    hold_no_progression,
    hold_progressed,
    hold_reason,
)
from cases.forms.proposing import question_proposal
from cases.forms.referral_progression import PROGRESSION
from cases.forms.referral_values import ASKED_AND_NONE, NO_OTHER
from cases.forms.steroid_checks import hold_peak, hold_steroid_name, question_replacement
from cases.forms.unlisted import hold_unlisted
from cases.vocabulary import ProgressionTiming, StopReason
from evidence.conditions import FactState
from ui.forms import in_sentence
from ui.stated import said_of

if TYPE_CHECKING:
    from cases.models import ICICourse

YES = "yes"
# What is told of an event, and cannot be kept without one.
OF_THE_EVENT = (
    "worst_grade", "onset_grade", "grade_now", "onset", "severity_word", "entity_text", "organ", "ctcae_version",
)  # fmt: skip
# What is told of the steroid of now, and not kept where nobody knows whether one is given.
OF_THE_STEROID = ("steroid_drug", "steroid_name", "steroid_peak", "steroid_purpose", "steroid_only")
NOTHING_TOLD = {FactState.MISSING.value, FactState.NOT_APPLICABLE.value, ""}
NOT_ASKED = "not_asked"


class ReferralChecks(Doubted):
    """The checks of `ReferralForm`, block by block."""

    given: tuple[ICICourse, ...] = ()

    def hold_course(self, data: dict[str, Any]) -> None:
        """Hold dates, reasons and progression of the course against each other."""
        if starts_after(data.get("start"), data.get("stop")):
            self.add_error("stop", _("Last dose: the date is before the first dose"))
        refuse_counted_future(self, ("stop", "onset", "progressed"), anchors_of(data))
        hold_progressed(self, data)
        self._hold_against_going_on(data)
        self._hold_reasons(data)
        hold_reason(self, data.get("progression_timing"), data.get("stop_reason"))
        best = data.get("best_response")
        hold_no_progression(
            self,
            data.get("progression_timing"),
            {data.get("stop_reason"), *(data.get("contributing_reasons") or ())},
            best.value if best else None,
            told=any(getattr(data.get(name), "value", None) is not None for name in PROGRESSION),
        )
        hold_lesions(self, data)

    def hold_event(self, data: dict[str, Any]) -> None:
        """Hold grades and onset against each other, the term, and the courses; and that an event is named."""
        self._miss_the_event(data)
        if data.get("entity"):
            hold_grades(self, data)
        hold_fatal(self, data)
        hold_unlisted(self, data)
        told = self._told_course(data)
        self.courses_known = lambda: {told.number, *(course.number for course in self.given)}
        counted = told if told.cycles_high or len(self.given) != 1 else self.given[0]
        refuse_missing_cycles(self, data, ("onset",), counted, [*self.given, told])
        onset = data["onset"].value if data.get("onset") else None
        if onset is None:
            return
        # A first dose that is not told may be one that the record has.
        starts = [told.start] if told.start or not self.given else []
        words = early_words(onset, [*starts, *(course.start for course in self.given)])
        if words:
            self.ask_back("onset", words)

    def question_counted_from(self, data: dict[str, Any], meant: ICICourse | None) -> None:
        """Ask about an onset that counts from another course than the one told; `meant`: the record's, where it is."""
        onset = data["onset"].value if data.get("onset") else None
        number = meant.number if meant is not None else self._told_course(data).number
        if onset is None or not counts_from_another(onset, number):
            return
        words = _(
            "Onset: “%(day)s” counts from another course than the one told here, course %(n)s. "
            "Is it right?"
        )
        self.ask_back("onset", words % {"day": onset, "n": number})

    def _told_course(self, data: dict[str, Any]) -> SimpleNamespace:
        """Return the course as it is told, with the number that it has where it is another one."""
        start = data["start"].value if data.get("start") else None
        number = len(self.given) + 1
        return SimpleNamespace(number=number, start=start, cycles_high=data.get("cycles"))

    def hold_proposal(self, data: dict[str, Any]) -> None:
        """Hold what is proposed against the drugs of the course, or those of the record where none is told."""
        proposed = [data.get(f"proposed_drug_{n}") for n in (1, 2)]
        told = [data.get(f"drug_{n}") for n in (1, 2)]
        before = told if any(told) else [code for course in self.given for code in course.drugs]
        regimen = data.get("proposed_regimen")
        question_proposal(
            self,
            "proposed_drug_1",
            None if regimen == "undecided" else regimen,
            [str(code) for code in proposed if code],
            [str(code) for code in dict.fromkeys(before) if code],
        )

    def hold_steroid(self, data: dict[str, Any]) -> None:
        """Hold the dose now against its drug, its peak and what it is given for."""
        if data.get("steroid_state") in (FactState.NOT_YET, FactState.UNKNOWN):
            self._hold_untold_steroid(data)
            return
        dose, drug = data.get("steroid"), data.get("steroid_drug")
        if dose and not drug:
            self.add_error("steroid_drug", _("Choose the steroid that the dose is of"))
        hold_steroid_name(self, "steroid_name", drug, data.get("steroid_name", ""))
        hold_peak(self, "steroid_peak", Stated(dose, FactState.KNOWN.value))
        question_replacement(self, "steroid_purpose", drug, dose)
        peak = data.get("steroid_peak")
        for name, mg in (("steroid", dose), ("steroid_peak", peak.value if peak else None)):
            question_dose(self, name, drug, mg)

    def _hold_untold_steroid(self, data: dict[str, Any]) -> None:
        """Refuse what is told of a steroid beside the word that nobody knows it: it would not be kept."""
        words = _("%(label)s is “%(state)s”: clear this, or choose “Known” and enter the dose")
        for name in OF_THE_STEROID:
            found = data.get(name)
            # That its peak is not known either says no more.
            if found.value is not None if isinstance(found, Stated) else found:
                self.add_error(name, words % said_of(self, "steroid", data["steroid_state"]))

    def _hold_against_going_on(self, data: dict[str, Any]) -> None:
        """Say beside the field what cannot be of an ICI that has not been stopped."""
        if data.get("stop_reason") != FactState.NOT_APPLICABLE:
            return
        stop = data.get("stop")
        if stop and stop.state == FactState.KNOWN:
            self.add_error(
                "stop", _("Last dose: it cannot be known while the ICI has not been stopped")
            )
        if data.get("progression_timing") == ProgressionTiming.AFTER_STOP:
            words = _("Choose another: the ICI has not been stopped")
            self.add_error("progression_timing", words)

    def _hold_reasons(self, data: dict[str, Any]) -> None:
        """Say beside the field which reasons exclude each other, and that an irAE was told yet none was there."""
        others = data.get("contributing_reasons") or []
        reasons = {data.get("stop_reason"), *others}
        if NO_OTHER in others and len(others) > 1:
            words = _("Choose other reasons, or that there was none")
            self.add_error("contributing_reasons", words)
        going_on = data.get("stop_reason") == FactState.NOT_APPLICABLE
        if going_on and set(others) - {NO_OTHER}:
            words = _("Choose none: the ICI has not been stopped")
            self.add_error("contributing_reasons", words)
        if data.get("any_irae") == NOT_ASKED and data.get("all_organs"):
            words = _(
                "Any earlier irAE? “Not asked” contradicts the rest: all organs were asked about"
            )
            self.add_error("any_irae", words)
        if data.get("any_irae") == ASKED_AND_NONE and (
            data.get("entity") or StopReason.IRAE in reasons
        ):
            words = _("Any earlier irAE? “None” contradicts the rest: an irAE is entered")
            self.add_error("any_irae", words)

    def _miss_the_event(self, data: dict[str, Any]) -> None:
        """Say beside the event that it is missing where something was told of one: it could not be kept."""
        if data.get("entity") or "entity" in self.errors:
            return
        reasons = {data.get("stop_reason"), *(data.get("contributing_reasons") or ())}
        if data.get("any_irae") == YES and StopReason.IRAE not in reasons:
            self.add_error("entity", _("Choose the event, or say that nobody asked"))
            return
        told = [
            in_sentence(str(self.fields[name].label))
            for name in OF_THE_EVENT
            if (said := data.get(name)) and getattr(said, "state", said) not in NOTHING_TOLD
        ]
        if told:
            words = _("Choose the event, or clear what is entered of one: %(fields)s")
            self.add_error("entity", words % {"fields": ", ".join(told)})
