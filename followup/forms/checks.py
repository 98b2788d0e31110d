"""Forms of one check. They clean to values and never save."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.zones import today_of
from followup.limits import needs_upper, rule_of
from followup.vocabulary import (
    AS_READ,
    EARLY,
    LACKING,
    TO_BE_MEASURED,
    UNUSUAL,
    NotDoneReason,
    Result,
    UnmeasuredReason,
)
from followup.yardsticks import NEVER_OFFERED
from ui import formatting
from ui.figures import doubt_words
from ui.forms import DayInput, Form, Segmented, TextInput, VersionField

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from followup.models import Check
    from followup.yardsticks import KnownLimit

# Code of a measure -> what is left out of it.
HINTS = {
    "prednisone": _(
        "all steroids together, without what only replaces the body's own cortisol; 0 where there is nothing else"
    )
}
NUMBER = re.compile(r"^[<>≤≥]?\s?\d{1,6}([.,]\d{1,3})?$")


class MeasureField(forms.CharField):
    """A measured value: a number, perhaps with a comparator; cleans to text as entered."""

    def __init__(self, *, label: str, unit: str, hint: Any = "") -> None:
        self.unit = unit
        super().__init__(
            label=label,
            help_text=hint,
            required=False,
            max_length=12,
            widget=TextInput({"inputmode": "decimal"}, suffix=unit, width=5),
        )

    def clean(self, value: Any) -> str:
        """Return the number as text with a decimal point, "" for none."""
        text: str = super().clean(value).strip()
        if text and not NUMBER.match(text):
            raise forms.ValidationError(_("Enter a number, such as 32 or <0.5"), code="number")
        doubt = doubt_words(text.lstrip("<>≤≥ "), self.unit)
        if doubt:
            raise forms.ValidationError(doubt, code="ambiguous")
        return text.replace(",", ".")


class UpperLimitField(MeasureField):
    """The upper limit of the laboratory that measured a value: a number above nought, never a bound."""

    def clean(self, value: Any) -> str:
        """Return the number as text with a decimal point, "" for none."""
        text = super().clean(value)
        if text and (text[0] in "<>≤≥" or not Decimal(text)):
            raise forms.ValidationError(_("Enter the limit as a number, such as 40"), code="number")
        return text


def _limit_hint(code: str, offered: KnownLimit | None) -> Any:
    """Return of which day the limit is that is filled in, or why none is."""
    if code in NEVER_OFFERED:
        return _("as printed with this value: limits of other assays, and of T and I, do not count")
    if offered is None or offered.on is None:
        return ""
    return _("%(limit)s is the limit of %(day)s; correct it where this report names another") % {
        "limit": offered.value,
        "day": formatting.date(offered.on),
    }


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
    kept = forms.BooleanField(
        label=_("The values are right, and the result counts as normal for this patient"),
        required=False,
    )
    early = forms.BooleanField(
        label=_("The day is right, and the measurement counts for this check"), required=False
    )
    as_read = forms.BooleanField(label=_("The figures are meant as they are read"), required=False)
    reason = forms.ChoiceField(
        label=_("Why it was not done"),
        choices=[("", _("Choose a reason")), *NotDoneReason.choices],
        required=False,
    )

    unmeasured = forms.ChoiceField(
        label=_("Why a value was not measured"),
        choices=[
            ("", _("Choose a reason")),
            *(
                (code, label)
                for code, label in UnmeasuredReason.choices
                if code not in TO_BE_MEASURED
            ),
        ],
        required=False,
        help_text=_(
            "This check is critical: each value is needed, or why there is none. What was not ordered, or whose"
            " sample was lost, is still to be measured: leave the check open, or choose not done."
        ),
    )

    def __init__(
        self,
        *args: Any,
        check: Check,
        offered: Mapping[str, KnownLimit] | None = None,
        **kwargs: Any,
    ) -> None:
        """Show the boxes of `check`; `offered`: upper limits that are filled in, by the code of the measure."""
        offered, self.today = offered or {}, today_of(check.plan.case.board)
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {
            "version": check.version,
            "measured_on": self.today,
            **{f"upper-{code}": limit.value for code, limit in offered.items()},
            **kwargs["initial"],
        }
        super().__init__(*args, **kwargs)
        self.measure_names: list[str] = []
        self.limit_names: list[str] = []
        for measure in check.measures:
            self._add_measure(**measure, offered=offered.get(measure["code"]))
        if not (check.step.critical and check.measures):
            del self.fields["unmeasured"]

    def _add_measure(self, code: str, label: str, unit: str, offered: KnownLimit | None) -> None:
        """Add the box of a value, and of the laboratory's limit where the value is held against it."""
        name = f"value-{code}"
        hint = HINTS.get(code) or ("" if rule_of(code) else _("No limit is kept: you judge it"))
        self.fields[name] = MeasureField(label=label, unit=unit, hint=hint)
        self.measure_names.append(name)
        if needs_upper(code):
            self.fields[f"upper-{code}"] = UpperLimitField(
                label=_("%(label)s: laboratory’s upper limit") % {"label": label},
                unit=unit,
                hint=_limit_hint(code, offered),
            )
            self.limit_names.append(f"upper-{code}")

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
            elif day > self.today:
                self.add_error(
                    "measured_on", _("The day of the measurement cannot be in the future")
                )
        return cleaned

    @property
    def asks_about_values(self) -> bool:
        """Whether a value or a limit was questioned, or was right when it was."""
        asked = (
            n
            for n in self.measure_names
            if n in self.errors and not any(self.has_error(n, code) for code in (LACKING, AS_READ))
        )
        limits = (n for n in self.limit_names if self.has_error(n, UNUSUAL))
        return any(asked) or any(limits) or bool(self["kept"].value())

    @property
    def asks_about_reading(self) -> bool:
        """Whether it was asked how a figure is meant, or was right when it was."""
        names = (*self.measure_names, *self.limit_names)
        asked = any(self.has_error(name, AS_READ) for name in names)
        return asked or bool(self["as_read"].value())

    @property
    def asks_about_day(self) -> bool:
        """Whether the day was questioned, or was right when it was."""
        return self.has_error("measured_on", EARLY) or bool(self["early"].value())

    def _entered(self, names: list[str]) -> dict[str, str]:
        """Return by code of the measure what was entered in some boxes."""
        return {
            name.partition("-")[2]: self.cleaned_data[name]
            for name in names
            if self.cleaned_data[name]
        }

    def outcome(self) -> dict[str, Any]:
        """Return the cleaned values as the service takes them."""
        done = self.cleaned_data["result"] != Result.NOT_DONE
        values = self._entered(self.measure_names)
        limits = self._entered(self.limit_names)
        return {
            "result": self.cleaned_data["result"],
            "measured_on": self.cleaned_data["measured_on"] if done else None,
            "reason": "" if done else self.cleaned_data["reason"],
            "values": values if done else {},
            "upper_limits": {c: n for c, n in limits.items() if c in values} if done else {},
            "unmeasured": self.cleaned_data.get("unmeasured", "") if done else "",
            "kept": self.cleaned_data["kept"],
            "early": self.cleaned_data["early"],
            "as_read": self.cleaned_data["as_read"],
            "version": self.cleaned_data["version"],
        }


class CorrectionForm(ResultForm):
    """A normal result put right. What was not done at all is taken back instead."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["result"].choices = [  # type: ignore[attr-defined]
            choice for choice in Result.choices if choice[0] != Result.NOT_DONE
        ]
        if "unmeasured" in self.fields:
            self.fields["unmeasured"].help_text = _(
                "This check is critical: each value is needed, or why there is none. Where one is still to be measured,"
                " take the result back instead."
            )


class VersionForm(Form):
    """A button's form: nothing but the version of the row that it stands beside."""

    version = VersionField()


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
