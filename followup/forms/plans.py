"""Forms of a plan's life. They clean to values and never save."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.unlisted import asks_more, hold_unlisted, name_field, organ_field, organ_of
from cases.listed import plain_name
from cases.vocabulary import (
    CTCAE_VERSIONS,
    Organ,
    entities,
    entity_label,
    family_of,
    grades_of,
    is_unspecified,
    offered_entities,
)
from followup.forms.intervals import IntervalForm
from followup.vocabulary import (
    BY_DECISION,
    END_BY_DECISION,
    FAR_OFF,
    CloseReason,
    DoseState,
    EndReason,
    HoldReason,
    UnenteredDose,
)
from ui.forms import DayInput, Form, PartialDateFormField, Segmented, VersionField

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cases.models import ICICourse, IrAE
    from ui.partial_dates import PartialDate


# Before the place of a condition in words in the name of its field.
SAID = "said-"


class AskingBoard(Form):
    """A form that enters a dose; `ask_board` adds the box that says that no decision to give it stands."""

    undecided = forms.BooleanField(
        label=_("I know that no decision of the board to give this dose stands; it was given"),
        required=False,
    )

    def __init__(self, *args: Any, ask_board: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ask_board:
            del self.fields["undecided"]


class FirstDoseForm(AskingBoard, IntervalForm):
    """The day of the first dose and the days between doses, entered or corrected.

    `in_words` are conditions that stand in words alone, by place: each asks whether it was met. `ask` adds the
    box that says that a condition of the decision is known not to be met.
    """

    version = VersionField()
    on = forms.DateField(label=_("Day of the first dose"), widget=DayInput())
    acknowledged = forms.BooleanField(
        label=_(
            "I know that a condition is not met, has run out or is not known to be met; the dose was given"
        ),
        required=False,
    )
    field_order = ("version", "on", "dose_interval", "dose_interval_other")

    def __init__(
        self,
        *args: Any,
        today: date,
        ask: bool = False,
        in_words: Mapping[int, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        acknowledged = self.fields.pop("acknowledged")
        self.places, self.today = list(in_words or ()), today
        for place, text in (in_words or {}).items():
            self.fields[f"{SAID}{place}"] = forms.ChoiceField(
                label=text,
                help_text=_("Was this so when the dose was given?"),
                choices=[("yes", _("Yes")), ("no", _("No, or not known"))],
                widget=Segmented,
                error_messages={"required": _("Say whether this was so")},
            )
        if ask:
            self.fields["acknowledged"] = acknowledged

    def hide_questions(self) -> None:
        """Leave out what is asked of a corrected day alone by which a condition has run out."""
        name = "acknowledged"
        asked = name in self.errors or (name in self.fields and self[name].value())
        if self.initial.get("corrects") and not asked:
            self.fields.pop(name, None)

    def clean_on(self) -> date:
        """Refuse a day to come."""
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(_("The first dose cannot be entered before it is given"))
        return on

    def clean(self) -> dict[str, Any]:
        """Ask for the days between doses."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["dose_interval_days"] = self.clean_interval(required=True)
        return cleaned

    def entered(self) -> dict[str, Any]:
        """Return the cleaned values as the service takes them."""
        names = ("version", "on", "dose_interval_days", "acknowledged", "undecided")
        entered = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        said = {place: self.cleaned_data[f"{SAID}{place}"] == "yes" for place in self.places}
        return {**entered, "said": said}


class TakeBackFirstForm(Form):
    """That the first dose was entered by mistake: nothing else is asked."""

    version = VersionField()


class PlannedFirstForm(Form):
    """For which day the first dose is planned."""

    version = VersionField()
    on = forms.DateField(label=_("Day planned for the first dose"), widget=DayInput())
    confirmed = forms.BooleanField(label=_("The day is right"), required=False)

    def hide_questions(self) -> None:
        """Leave out the question about a day that is far off, which is not asked of every day."""
        if not self.has_error("on", "far_off") and not self["confirmed"].value():
            del self.fields["confirmed"]


class DoseForm(AskingBoard):
    """The next dose: given on a day, or skipped for a reason; the button pressed says which."""

    version = VersionField()
    on = forms.DateField(label=_("Given on"), widget=DayInput(), required=False)
    reason = forms.ChoiceField(
        label=_("Why it is skipped"),
        choices=[("", _("Choose a reason")), *HoldReason.choices],
        required=False,
    )
    confirmed = forms.BooleanField(label=_("The day is right"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # It stands on the plan's page beside other forms.
        super().__init__(*args, **{"auto_id": "dose-%s", **kwargs})

    def clean(self) -> dict[str, Any]:
        """Ask for what the button needs: a day, or a reason."""
        cleaned = super().clean() or self.cleaned_data
        if self.skipped and not cleaned.get("reason"):
            self.add_error("reason", _("Say why the dose is skipped"))
        if not self.skipped and "on" in cleaned and cleaned["on"] is None:
            self.add_error("on", _("Enter the day on which it was given"))
        return cleaned

    @property
    def asks_about_day(self) -> bool:
        """Whether the day was questioned, or was right when it was."""
        return self.has_error("on", FAR_OFF) or bool(self["confirmed"].value())

    @property
    def skipped(self) -> bool:
        """Whether "Skipped" was pressed."""
        return self.data.get("state") == DoseState.SKIPPED


class LastDoseForm(AskingBoard):
    """When the last dose was given, and why none comes after it."""

    version = VersionField()
    on = forms.DateField(label=_("Day of the last dose"), widget=DayInput())
    reason = forms.ChoiceField(
        label=_("Why no further dose is given"),
        choices=EndReason.choices,
        widget=forms.RadioSelect,
    )
    unentered = forms.ChoiceField(
        label=_("No dose is entered on that day"),
        choices=UnenteredDose.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    field_order = ("version", "on", "unentered", "undecided", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # By a signature alone; it may stay where a day is corrected.
        barred = END_BY_DECISION - {self.initial.get("reason")}
        self.fields["reason"].choices = [c for c in EndReason.choices if c[0] not in barred]  # type: ignore[attr-defined]

    def hide_questions(self) -> None:
        """Leave out the questions about a dose that is not entered, which are not asked of every last dose."""
        for name in ("unentered", "undecided"):
            if name in self.fields and name not in self.errors and not self[name].value():
                del self.fields[name]


class HoldForm(Form):
    """Why doses are paused."""

    version = VersionField()
    reason = forms.ChoiceField(
        label=_("Why the doses are held"), choices=HoldReason.choices, widget=forms.RadioSelect
    )


class ResumeForm(Form):
    """When doses go on."""

    version = VersionField()
    on = forms.DateField(
        label=_("Day of the next dose"),
        help_text=_("Checks at doses are dated from this day."),
        widget=DayInput(),
    )
    confirmed = forms.BooleanField(label=_("The day is right"), required=False)

    def hide_questions(self) -> None:
        """Leave out the question about a day that is not in question."""
        if not self.has_error("on", FAR_OFF) and not self["confirmed"].value():
            del self.fields["confirmed"]


class CloseForm(Form):
    """Why the watch ends."""

    version = VersionField()
    reason = forms.ChoiceField(
        label=_("Why the plan is closed"),
        choices=[c for c in CloseReason.choices if c[0] not in BY_DECISION],
        widget=forms.RadioSelect,
    )


def _entity_choices() -> list[tuple[str, Any]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for entity in offered_entities():
        groups.setdefault(entity.organ, []).append((entity.code, entity.name))
    return [
        ("", _("Choose an event")),
        *((str(Organ(o).label), found) for o, found in groups.items()),
    ]


class IraeForm(Form):
    """An irAE seen under monitoring."""

    version = VersionField()
    entity = forms.ChoiceField(label=_("Event"))
    entity_text = name_field()
    organ = organ_field()
    grade = forms.TypedChoiceField(
        label=_("Grade"),
        coerce=int,
        choices=[(n, str(n)) for n in range(1, 6)],
        widget=Segmented,
    )
    ctcae_version = forms.ChoiceField(
        label=_("Graded by"), choices=CTCAE_VERSIONS, initial="5.0", widget=Segmented
    )
    onset = PartialDateFormField(label=_("Onset"), required=False, allow_relative=False)
    early_onset = forms.BooleanField(label=_("The onset is right"), required=False)

    def __init__(
        self,
        *args: Any,
        today: date,
        courses: Iterable[ICICourse] = (),
        others: Iterable[IrAE] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.courses, self.others, self.today = list(courses), list(others), today
        if not self.is_bound:
            del self.fields["early_onset"]
        self.fields["entity"].choices = _entity_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a CTCAE version that has no term for the event, and a grade that the term does not have."""
        cleaned = super().clean() or self.cleaned_data
        entity, version = cleaned.get("entity"), cleaned.get("ctcae_version")
        low, high = grades_of(entity or "", version or "")
        if cleaned.get("grade") and not low <= cleaned["grade"] <= high:
            sentence = _("This event has grades %(low)s to %(high)s in CTCAE %(version)s")
            words = {"low": low, "high": high, "version": version}
            self.add_error("grade", sentence % words)
        if entity and version and version not in entities()[entity].terms:
            self.add_error("ctcae_version", _("This version of CTCAE has no term for the event"))
        hold_unlisted(self, cleaned)
        onset = cleaned.get("onset")
        if onset and onset.earliest and onset.earliest > self.today:
            self.add_error("onset", _("Onset: the date is in the future"))
        words = self._odd_onset(entity or "", cleaned.get("entity_text", ""), onset)
        if words and not cleaned.get("early_onset"):
            self.add_error("onset", words)
        elif not words:
            # Nothing is in doubt, so nothing is asked.
            self.fields.pop("early_onset", None)
        return cleaned

    @property
    def asks_more(self) -> bool:
        """Whether what it asks of an event outside the list is in sight."""
        return asks_more(self)

    def _odd_onset(self, entity: str, name: str, onset: PartialDate | None) -> Any:
        """Return why an onset is questioned; empty where nothing speaks against it."""
        if onset is None:
            return ""
        starts = [c.start for c in self.courses if c.start is not None]
        if starts and len(starts) == len(self.courses) and all(map(onset.certainly_before, starts)):
            return _(
                "Onset: before the first dose (%(day)s). Correct it, or say below that it is right"
            ) % {"day": min(starts, key=lambda s: s.earliest or date.max)}
        same = [o for o in self.others if family_of(o.entity) == family_of(entity)]
        if is_unspecified(entity):
            # Of those outside the list the name alone says what was there before.
            same = [o for o in same if plain_name(o.entity_text) == plain_name(name)]
        before = [o.onset for o in same if o.onset is not None]
        if before and all(map(onset.certainly_before, before)):
            return _(
                "Onset: before the first %(event)s (%(day)s), so it did not come back. Correct it, or say below"
                " that it is right"
            ) % {"event": name or entity_label(entity).lower(), "day": before[0]}
        return ""

    def recorded(self) -> dict[str, Any]:
        """Return the cleaned values as the service takes them."""
        told = {name: v for name, v in self.cleaned_data.items() if name != "early_onset"}
        return {**told, "organ": organ_of(told)}
