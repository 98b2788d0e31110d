"""Forms of monitoring. They clean to values and never save."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.vocabulary import CTCAE_VERSIONS, Organ, entities
from followup.vocabulary import CloseReason, HoldReason, NotDoneReason, Result
from ui.forms import DayInput, Form, PartialDateFormField, Segmented, TextInput, VersionField

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from followup.models import Check

NUMBER = re.compile(r"^[<>≤≥]?\s?\d{1,6}([.,]\d{1,3})?$")


def today() -> date:
    """Return today, for the initial value of a day."""
    return timezone.localdate()


class MeasureField(forms.CharField):
    """A measured value: a number, perhaps with a comparator; cleans to text as entered."""

    def __init__(self, *, label: str, unit: str) -> None:
        super().__init__(
            label=label,
            required=False,
            max_length=12,
            widget=TextInput({"inputmode": "decimal"}, suffix=unit, width=5),
        )

    def clean(self, value: Any) -> str:
        """Return the number as text with a decimal point, "" for none."""
        text: str = super().clean(value).strip()
        if text and not NUMBER.match(text):
            raise forms.ValidationError(_("Enter a number, such as 32 or <0.5"), code="number")
        return text.replace(",", ".")


class ResultForm(Form):
    """What came of a check; one box for each value that its step measures."""

    version = VersionField()
    result = forms.ChoiceField(
        label=_("Result"),
        choices=Result.choices,
        widget=Segmented,
        error_messages={"required": _("Choose normal, abnormal or not done")},
    )
    measured_on = forms.DateField(label=_("Measured on"), widget=DayInput(), required=False)
    reason = forms.ChoiceField(
        label=_("Why it was not done"),
        choices=[("", _("Choose a reason")), *NotDoneReason.choices],
        required=False,
    )

    def __init__(self, *args: Any, check: Check, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {
            "version": check.version,
            "measured_on": today(),
            **kwargs["initial"],
        }
        super().__init__(*args, **kwargs)
        self.measure_names = []
        for measure in check.measures:
            name = f"value-{measure['code']}"
            self.fields[name] = MeasureField(label=measure["label"], unit=measure["unit"])
            self.measure_names.append(name)

    def clean(self) -> dict[str, Any]:
        """Ask for a day with a result, and for a reason without one."""
        cleaned = super().clean() or self.cleaned_data
        result = cleaned.get("result")
        if result == Result.NOT_DONE and not cleaned.get("reason"):
            self.add_error("reason", _("Say why it was not done"))
        if result in {Result.NORMAL, Result.ABNORMAL} and "measured_on" in cleaned:
            day = cleaned["measured_on"]
            if day is None:
                self.add_error("measured_on", _("Enter the day of the measurement"))
            elif day > today():
                self.add_error(
                    "measured_on", _("The day of the measurement cannot be in the future")
                )
        return cleaned

    def outcome(self) -> dict[str, Any]:
        """Return the cleaned values as the service takes them."""
        done = self.cleaned_data["result"] != Result.NOT_DONE
        values = {
            name.removeprefix("value-"): self.cleaned_data[name]
            for name in self.measure_names
            if self.cleaned_data[name]
        }
        return {
            "result": self.cleaned_data["result"],
            "measured_on": self.cleaned_data["measured_on"] if done else None,
            "reason": "" if done else self.cleaned_data["reason"],
            "values": values if done else {},
            "version": self.cleaned_data["version"],
        }


class VersionForm(Form):
    """A button's form: nothing but the version of the row that it stands beside."""

    version = VersionField()


class FirstDoseForm(Form):
    """The day of the first dose and the days between doses, entered or corrected.

    `ask` adds the box that says that a condition of the decision is known not to be met.
    """

    version = VersionField()
    on = forms.DateField(label=_("Day of the first dose"), widget=DayInput())
    dose_interval_days = forms.IntegerField(
        label=_("Days between doses"),
        help_text=_("14, 21, 28 or 42, for example. Checks at doses are dated by it."),
        min_value=1,
        max_value=365,
        required=False,
    )
    acknowledged = forms.BooleanField(
        label=_(
            "I know that a condition is not met, has run out or cannot be judged; the dose was given"
        ),
        required=False,
    )

    def __init__(self, *args: Any, ask: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ask:
            del self.fields["acknowledged"]

    def clean_on(self) -> date:
        """Refuse a day to come."""
        on: date = self.cleaned_data["on"]
        if on > today():
            raise forms.ValidationError(_("The first dose cannot be entered before it is given"))
        return on


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


class CloseForm(Form):
    """Why the watch ends."""

    version = VersionField()
    reason = forms.ChoiceField(
        label=_("Why the plan is closed"),
        choices=[c for c in CloseReason.choices if c[0] != CloseReason.SUPERSEDED],
        widget=forms.RadioSelect,
    )


class AssignForm(Form):
    """To whom a check is passed on."""

    version = VersionField()
    to = forms.ChoiceField(label=_("Give this check to"))

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.public_id): user for user in people}
        self.fields["to"].choices = [("", _("Choose a person"))] + [  # type: ignore[attr-defined]
            (key, user.name) for key, user in self.people.items()
        ]

    def clean_to(self) -> User:
        """Return the person chosen."""
        return self.people[self.cleaned_data["to"]]


def _entity_choices() -> list[tuple[str, Any]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for entity in entities().values():
        groups.setdefault(entity.organ, []).append((entity.code, entity.label))
    return [
        ("", _("Choose an event")),
        *((str(Organ(o).label), found) for o, found in groups.items()),
    ]


class IraeForm(Form):
    """An irAE seen under monitoring."""

    version = VersionField()
    entity = forms.ChoiceField(label=_("Event"))
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entity"].choices = _entity_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a CTCAE version that has no term for the event."""
        cleaned = super().clean() or self.cleaned_data
        entity, version = cleaned.get("entity"), cleaned.get("ctcae_version")
        if entity and version and version not in entities()[entity].terms:
            self.add_error("ctcae_version", _("This version of CTCAE has no term for the event"))
        return cleaned
