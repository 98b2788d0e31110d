"""Forms of a plan's life. They clean to values and never save."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.vocabulary import CTCAE_VERSIONS, Organ, entities
from followup.forms.intervals import IntervalForm
from followup.vocabulary import CloseReason, HoldReason
from ui.forms import DayInput, Form, PartialDateFormField, Segmented, VersionField

if TYPE_CHECKING:
    from datetime import date


class FirstDoseForm(IntervalForm):
    """The day of the first dose and the days between doses, entered or corrected.

    `ask` adds the box that says that a condition of the decision is known not to be met.
    """

    version = VersionField()
    on = forms.DateField(label=_("Day of the first dose"), widget=DayInput())
    acknowledged = forms.BooleanField(
        label=_(
            "I know that a condition is not met, has run out or cannot be judged; the dose was given"
        ),
        required=False,
    )
    field_order = ("version", "on", "dose_interval", "dose_interval_other", "acknowledged")

    def __init__(self, *args: Any, ask: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ask:
            del self.fields["acknowledged"]

    def clean_on(self) -> date:
        """Refuse a day to come."""
        on: date = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError(_("The first dose cannot be entered before it is given"))
        return on

    def clean(self) -> dict[str, Any]:
        """Ask for the days between doses."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["dose_interval_days"] = self.clean_interval(required=True)
        return cleaned

    def entered(self) -> dict[str, Any]:
        """Return the cleaned values as the service takes them."""
        names = ("version", "on", "dose_interval_days", "acknowledged")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


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
