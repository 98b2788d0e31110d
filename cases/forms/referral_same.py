"""Of a patient who is here: whether a course or an irAE is one of the record. Asked where that cannot be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.alike import question_pregnancy
from cases.forms.doubts import Life
from cases.forms.events import event_choice
from cases.forms.lived import hold_record
from cases.forms.referral_progression import PROGRESSION
from cases.models import ICICourse, Sex
from cases.presenters.items import course_name
from cases.services.referral_same import DIFFERENT, Same, same_course, same_event
from ui.forms import ChoiceCards

if TYPE_CHECKING:
    from cases.models import IrAE, Patient

OF_A_COURSE = {
    "stop_reason", "contributing_reasons", "progression_timing", "drug_1", "drug_2", "start",
    "stop", "cycles", "best_response", "setting", *PROGRESSION,
}  # fmt: skip
OF_AN_EVENT = {
    "entity", "entity_text", "organ", "severity_word", "ctcae_version", "worst_grade",
    "onset_grade", "grade_now", "onset",
}  # fmt: skip


class AnswerField(forms.ChoiceField):
    """An answer among rows that are known only once the rest is read; what is no answer is asked again."""

    def valid_value(self, value: str) -> bool:
        """Take what was sent: it is held against the rows later."""
        return True


class SameFields(forms.Form):
    """The two questions; each has choices, and is shown, only where it has to be asked."""

    same_course = AnswerField(
        label=_("Is it the same course?"), required=False, widget=ChoiceCards(columns=2)
    )
    same_event = AnswerField(
        label=_("Is it the same event?"), required=False, widget=ChoiceCards(columns=2)
    )

    patient: Patient | None = None
    given: tuple[ICICourse, ...] = ()
    happened: tuple[IrAE, ...] = ()
    # The course of the record that is told of; None where it is another one.
    meant: ICICourse | None = None
    life: Life | None

    def read_record(self, patient: Patient | None) -> None:
        """Take the patient whom it is about, where that is somebody who is here."""
        self.patient = patient
        if patient is None:
            return
        self.given = tuple(patient.courses.order_by("-number"))
        self.happened = tuple(patient.iraes.select_related("course").order_by("-id"))

    def hold_life(self, data: dict[str, Any]) -> None:
        """Hold a birth against the record, which it completes, and every day against birth and death."""
        born = data.get("birth_date")
        self.life = Life(born)
        if self.patient is None:
            return
        there = self.patient.identity
        male = Sex.MALE in (self.patient.sex, data.get("sex"))
        self.life = Life(there.birth_date or born, there.died, there.has_died, male)
        if self.patient.sex == Sex.UNKNOWN:
            pregnant = self.patient.background.pregnancy is True
            question_pregnancy(self, "sex", male=male, pregnant=pregnant)  # type: ignore[arg-type]
        if born is None or there.birth_date is not None:
            return
        hold_record(self, self.patient, born, None)  # type: ignore[arg-type]
        if there.died and there.died.latest and there.died.latest < born:
            words = _("Date of birth: the date is after the death, %(day)s")
            self.add_error("birth_date", words % {"day": there.died})

    def ask_what_is_same(self, course: dict[str, Any], event: dict[str, Any] | None) -> None:
        """Ask what the record cannot tell; `course` and `event` are the values for the service."""
        found = same_course(self.given, course)
        self._ask("same_course", found, _course_choice, _("Another course"))
        if "same_course" in self.errors:
            return
        self.meant = found.chosen(self.cleaned_data["same_course"])
        if event is None:
            return
        # A course that is new is none of those that an event of the record may have followed.
        meant = self.meant or ICICourse()
        events = same_event(self.happened, {**event, "course": meant})
        self._ask("same_event", events, event_choice, _("Another event"))

    def _ask(self, name: str, found: Same, named: Any, another: Any) -> None:
        if not found.asked:
            return
        rows = [
            (str(row.public_id), _("The same: %(name)s") % {"name": named(row)})
            for row in found.asked
        ]
        self.fields[name].choices = [*rows, (DIFFERENT, another)]  # type: ignore[attr-defined]
        if found.is_open(self.cleaned_data[name]):
            words = {
                "same_course": _("Say whether it is the same course as in the record"),
                "same_event": _("Say whether it is the same event as in the record"),
            }
            self.add_error(name, words[name])

    @property
    def asks_course(self) -> bool:
        """Whether it has to be said which course it is."""
        return bool(self.fields["same_course"].choices)  # type: ignore[attr-defined]

    @property
    def asks_event(self) -> bool:
        """Whether it has to be said which event it is."""
        return bool(self.fields["same_event"].choices)  # type: ignore[attr-defined]


def _course_choice(row: ICICourse) -> str:
    """Return a course with its number, drugs and first dose."""
    words = _("course %(n)s, %(drugs)s")
    if row.start:
        words = _("course %(n)s, %(drugs)s, from %(day)s")
    return str(words % {"n": row.number, "drugs": course_name(row), "day": row.start})
