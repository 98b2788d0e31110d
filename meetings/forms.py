"""Forms of meetings. They clean to values and never save."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.models import ErasureReason
from cases.states import CaseState
from cases.vocabulary import offered_drugs
from evidence.conditions import ConditionError, parse
from evidence.conditions.vocabulary import FACTS
from followup.forms.intervals import IntervalForm, interval_initial
from meetings.choices import RECHALLENGE, AttendanceMode, Deviation, Outcome, deferral_choices
from meetings.services.decisions import Draft
from ui.forms import DayInput, Form, Segmented, Textarea, TextInput, VersionField

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import Board, User
    from cases.models import Case
    from meetings.models import Decision

RELIED_ON = "relied"
# Before the id of a statement in the name of its field.
RELY = "rely-"
# Outcomes by which a drug is given, or may still be.
GIVEN = frozenset({*RECHALLENGE, ""})
# What a deferral names, out of sight for any other outcome.
DEFERRAL = ("defer_fact", "defer_owner", "defer_on")


class TimeInput(forms.TimeInput):
    """The browser's own control for a time of day."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def minutes_field(label: Any, lowest: int, highest: int, **extra: Any) -> forms.IntegerField:
    """Return a field for minutes."""
    return forms.IntegerField(
        label=label,
        min_value=lowest,
        max_value=highest,
        widget=TextInput({"inputmode": "numeric"}, suffix=_("min"), width=3),
        **extra,
    )


class MeetingForm(Form):
    """Plan a meeting."""

    board = forms.ChoiceField(label=_("Board"))
    day = forms.DateField(label=_("Day"), widget=DayInput())
    start = forms.TimeField(
        label=_("Start"), widget=TimeInput(), help_text=_("Wall time where the board meets")
    )
    minutes = minutes_field(_("Length"), 5, 600, initial=60)
    place = forms.CharField(
        label=_("Place"),
        max_length=150,
        required=False,
        widget=TextInput(width=30),
        help_text=_("Room, and how to join by video"),
    )

    def __init__(self, *args: Any, boards: Iterable[Board], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.boards = {str(board.public_id): board for board in boards}
        self.fields["board"].choices = [(key, b.name) for key, b in self.boards.items()]  # type: ignore[attr-defined]
        if len(self.boards) == 1:
            self.fields["board"].widget = forms.HiddenInput()
            self.fields["board"].initial = next(iter(self.boards))

    def clean_board(self) -> Board:
        """Return the board chosen."""
        return self.boards[self.cleaned_data["board"]]


class AttendanceForm(Form):
    """How somebody comes; `user` is empty for oneself."""

    mode = forms.ChoiceField(choices=AttendanceMode.choices, label=_("Will you be there?"))
    deputy = forms.CharField(max_length=150, required=False, label=_("Name of the deputy"))
    user = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Ask for the deputy's name where one is sent."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("mode") == AttendanceMode.DEPUTY and not data.get("deputy"):
            self.add_error("deputy", _("Name the deputy who comes instead"))
        return data


class CaseField(forms.TypedChoiceField):
    """One of the cases offered, or any other by its id: who may list it is for the service to say."""

    def valid_value(self, value: Any) -> bool:
        """Say whether it is an id."""
        try:
            return bool(UUID(str(value)))
        except ValueError:
            return False


class AddCaseForm(Form):
    """Put a case on an agenda. None is chosen beforehand, so that none is listed by mistake."""

    case = CaseField(
        label=_("Add a case"),
        coerce=UUID,
        error_messages={"required": _("Choose a case"), "invalid_choice": _("Choose a case")},
    )
    minutes = minutes_field(_("Minutes"), 1, 120, initial=5, required=False)

    def __init__(self, *args: Any, candidates: Iterable[Case] = (), **kwargs: Any) -> None:
        super().__init__(*args, auto_id="add-%s", **kwargs)
        offered = [(str(case.public_id), _candidate(case)) for case in candidates]
        self.fields["case"].choices = [("", _("Choose a case")), *offered]  # type: ignore[attr-defined]


def _candidate(case: Case) -> str:
    state = str(case.get_state_display()).lower()
    parts = [case.patient.identity.display_name, case.reference, state]
    return ", ".join([*parts, gettext("urgent")] if case.urgent else parts)


class MoveForm(Form):
    """Where a card of the triage board goes: a state, or a meeting."""

    to = forms.CharField(max_length=60)

    def clean_to(self) -> str | UUID:
        """Return a state's code, or the id of a meeting."""
        to = self.cleaned_data["to"]
        if to in CaseState.values:
            return str(to)
        try:
            return UUID(to.removeprefix("meeting:"))
        except ValueError as error:
            raise forms.ValidationError(_("Choose where the case goes")) from error


class DecisionForm(IntervalForm):
    """The whole record form of a decision. Statements are fields of their own, `rely-<version id>`."""

    version = VersionField()
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[("", "-"), *Outcome.choices],
        widget=Segmented(),
        required=False,
    )
    drug = forms.ChoiceField(label=_("Drug"), required=False)
    second_drug = forms.ChoiceField(label=_("With"), required=False)
    rationale = forms.CharField(
        label=_("Rationale"), widget=Textarea({"rows": 4}), required=False, max_length=5000
    )
    patient_preference = forms.CharField(
        label=_("What the patient wants"),
        widget=Textarea({"rows": 2}),
        required=False,
        max_length=2000,
    )
    defer_fact = forms.ChoiceField(label=_("Waits for"), required=False)
    defer_owner = forms.ChoiceField(label=_("Who sees to it"), required=False)
    defer_on = forms.DateField(label=_("By"), widget=DayInput(), required=False)
    field_order = (
        "version",
        "outcome",
        "drug",
        "second_drug",
        "dose_interval",
        "dose_interval_other",
    )

    def __init__(
        self,
        *args: Any,
        members: Iterable[User],
        statements: Iterable[tuple[UUID, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(user.public_id): user for user in members}
        nothing = [("", "")]
        for name in ("drug", "second_drug"):
            offered = (d for d in offered_drugs(self[name].value()) if not d.unnamed)
            self._choose(name, [*nothing, *((d.code, d.name) for d in offered)])
        self._choose("defer_fact", [*nothing, *deferral_choices()])
        self._choose("defer_owner", nothing + [(k, u.name) for k, u in self.members.items()])
        deviations = [
            (code, _("Deviates: %(reason)s") % {"reason": label})
            for code, label in Deviation.choices
        ]
        for public_id, title in statements:
            self.fields[f"{RELY}{public_id}"] = forms.ChoiceField(
                label=title,
                choices=[("", _("Not used")), (RELIED_ON, _("Relied on")), *deviations],
                required=False,
            )

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def statement_fields(self) -> list[forms.BoundField]:
        """The fields of the statements, in the order of the guidance."""
        return [self[name] for name in self.fields if name.startswith(RELY)]

    def clean(self) -> dict[str, Any]:
        """Ask for what an outcome needs as soon as it is chosen; a draft may lack anything else.

        What is out of sight is no fault: the interval where the outcome gives no drug, what a deferral waits
        for where nothing is deferred.
        """
        data: dict[str, Any] = super().clean() or {}
        outcome = data.get("outcome")
        if data.get("second_drug") and data["second_drug"] == data.get("drug"):
            self.add_error("second_drug", _("Choose another drug than the first, or none"))
        if data.get("outcome") in RECHALLENGE and "drug" in data and not data["drug"]:
            self.add_error("drug", _("Choose the drug that is to be given"))
        asked = outcome in RECHALLENGE
        days = self.clean_interval(required=asked, seen=asked)
        data["dose_interval_days"] = days if outcome in GIVEN else None
        if outcome != Outcome.DEFER:
            for name in DEFERRAL:
                self.errors.pop(name, None)
                data[name] = None if name == "defer_on" else data.get(name, "")
        else:
            for name, words in (
                ("defer_fact", _("Choose what the decision waits for")),
                ("defer_owner", _("Choose who sees to it")),
                ("defer_on", _("Enter the day by which it is there")),
            ):
                if name not in self.errors and not data.get(name):
                    self.add_error(name, words)
        return data

    def draft(self) -> Draft:
        """Return what was entered; fields that the outcome does not use are left out.

        While no outcome is chosen nothing contradicts the drugs: they are kept.
        """
        data = self.cleaned_data
        defer = data["outcome"] == Outcome.DEFER
        chosen = [data["drug"], data["second_drug"]] if data["outcome"] in GIVEN else []
        return Draft(
            outcome=data["outcome"],
            drugs=[code for code in chosen if code],
            dose_interval_days=data["dose_interval_days"],
            rationale=data["rationale"],
            patient_preference=data["patient_preference"],
            defer_fact=data["defer_fact"] if defer else "",
            defer_owner=self.members.get(data["defer_owner"]) if defer else None,
            defer_on=data["defer_on"] if defer else None,
            statements={
                UUID(name.removeprefix(RELY)): "" if value == RELIED_ON else value
                for name, value in data.items()
                if name.startswith(RELY) and value
            },
        )


def decision_initial(decision: Decision | None, proposed: list[str]) -> dict[str, Any]:
    """Return the initial values of the record form: the draft as saved, or what was proposed."""
    if decision is None:
        first, second = [*proposed, "", ""][:2]
        return {"version": 0, "drug": first, "second_drug": second}
    first, second = [*decision.drugs, "", ""][:2]
    return {
        "version": decision.version,
        "outcome": decision.outcome,
        "drug": first,
        "second_drug": second,
        **interval_initial(decision.dose_interval_days),
        "rationale": decision.rationale,
        "patient_preference": decision.patient_preference,
        "defer_fact": decision.defer_fact,
        "defer_owner": str(decision.defer_owner.public_id) if decision.defer_owner else "",
        "defer_on": decision.defer_on,
        **{
            f"{RELY}{row.statement_version.public_id}": row.deviation_reason or RELIED_ON
            for row in decision.statements.all()
        },
    }


NUMBER_FACTS = (
    "steroid_now",
    "irae_grade_now",
    "ecog",
    "irae_worst_grade",
    "pneumonitis_worst_grade",
    "ici_free_days",
)
COMPARISONS = [("<=", _("at most")), (">=", _("at least"))]


class ConditionForm(Form):
    """A condition in words, and where possible as a figure that the record can be held against."""

    text = forms.CharField(label=_("Condition"), max_length=300, widget=TextInput())
    fact = forms.ChoiceField(label=_("Checked by"), required=False)
    op = forms.ChoiceField(label=_("Is"), choices=COMPARISONS, required=False)
    value = forms.DecimalField(
        label=_("Figure"), required=False, widget=TextInput({"inputmode": "decimal"}, width=4)
    )
    expires_on = forms.DateField(label=_("Expires on"), widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        facts = [(key, _(FACTS[key].label)) for key in NUMBER_FACTS]
        self.fields["fact"].choices = [("", _("A person")), *facts]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for a figure within the fact's limits where a fact was chosen."""
        data: dict[str, Any] = super().clean() or {}
        spec = FACTS.get(data.get("fact") or "")
        if spec is None or "value" in self.errors:
            return data
        value = data.get("value")
        if value is None:
            self.add_error("value", _("Enter the figure"))
        elif not (spec.lowest or 0) <= value <= (spec.highest or Decimal("Infinity")):
            words = _("Enter a figure from %(low)s to %(high)s")
            self.add_error("value", words % {"low": spec.lowest, "high": spec.highest})
        else:
            try:
                parse(self.condition())
            except ConditionError as error:
                self.add_error("value", error.words(gettext))
        return data

    def condition(self) -> dict[str, Any] | None:
        """Return the condition in the JSON syntax, or None when a person checks it."""
        data = self.cleaned_data
        if not data["fact"]:
            return None
        value = data["value"]
        exact = int(value) if value == value.to_integral_value() else float(value)
        return {"fact": data["fact"], "op": data["op"] or "<=", "value": exact}


class DissentForm(Form):
    """Who does not agree, and why."""

    user = forms.ChoiceField(label=_("Who"))
    reason = forms.CharField(label=_("Why"), max_length=2000, widget=Textarea({"rows": 2}))

    def __init__(self, *args: Any, members: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(user.public_id): user for user in members}
        choices = [(key, user.name) for key, user in self.members.items()]
        self.fields["user"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["user"].widget = forms.HiddenInput()
            self.fields["user"].initial = choices[0][0]

    def clean_user(self) -> User:
        """Return the member."""
        return self.members[self.cleaned_data["user"]]


class EraseForm(Form):
    """Erase a patient: why, and the case's reference typed, so that it is meant."""

    reason = forms.ChoiceField(
        label=_("Why is the patient erased?"),
        choices=ErasureReason.choices,
        widget=forms.RadioSelect,
    )
    reference = forms.CharField(
        max_length=20, widget=TextInput({"autocomplete": "off", "spellcheck": "false"}, width=10)
    )

    def __init__(self, *args: Any, reference: str, **kwargs: Any) -> None:
        self.expected = reference
        super().__init__(*args, **kwargs)
        # The error repeats the label, so that both read well in the summary.
        self.wanted = _("Type %(reference)s to go on") % {"reference": reference}
        self.fields["reference"].label = self.wanted
        self.fields["reference"].error_messages["required"] = self.wanted

    def clean_reference(self) -> str:
        """Return the reference; anything else is an error."""
        typed: str = self.cleaned_data["reference"].strip()
        if typed.upper() != self.expected.upper():
            words = _("This is not the reference of this case. %(wanted)s")
            raise forms.ValidationError(words % {"wanted": self.wanted})
        return typed
