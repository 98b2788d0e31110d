"""The form of an ICI course: short, with the questions about a progression where there was one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.alike import question_twin, strange_agents
from cases.forms.checks import anchors_of, refuse_counted_future
from cases.forms.drugs import DrugsForm
from cases.forms.events import event_choice
from cases.forms.fields import (
    AT_LEAST,
    AT_LEAST_SIGNS,
    SHOWN_WORDS,
    Stated,
    StatedChoiceField,
    StatedDateField,
    StatedFlagField,
    StatedManyField,
    after_sign,
    columns,
    current,
    current_late,
    refuse_either_word,
    starts_after,
    typed_state,
)
from cases.forms.measures import DurationField, StatedCountField
from cases.forms.progressing import (
    hold_lesions,
    hold_no_progression,
    hold_progressed,
    hold_reason,
)
from cases.models import Criteria, Extent, PrimaryState, RegimenKind, Setting
from cases.numbering import Begun, begun, begun_of
from cases.presenters.items import course_name
from cases.vocabulary import BestResponse, ProgressionTiming, StopReason
from evidence.conditions import FactState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.models import ICICourse, IrAE

PROGRESSION = (
    "progressed",
    "progression_confirmed",
    "progression_called",
    "new_lesions",
    "growing_lesions",
    "progressing_organs",
    "all_treatable_locally",
    "primary_state",
)


class CourseForm(DrugsForm):
    """One course of one or more checkpoint inhibitors."""

    names_unnamed = True
    regimen = forms.CharField(
        label=_("Given with"), required=False, max_length=200, help_text=_("such as carboplatin")
    )
    regimen_kind = StatedChoiceField(label=_("Regimen"), choices=RegimenKind.choices)
    setting = StatedChoiceField(label=_("Setting"), choices=Setting.choices)
    planned_days = DurationField(label=_("Planned for"))
    line = StatedCountField(label=_("Line"), lowest=1, highest=20)
    start = StatedDateField(label=_("First dose"))
    after = forms.TypedChoiceField(
        label=_("Before or after which course?"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("only where the dates do not tell"),
    )
    stop = StatedDateField(label=_("Last dose"))
    cycles = forms.CharField(
        label=_("Cycles"),
        required=False,
        max_length=20,
        help_text=_("14, “at least 39”, or “unknown”"),
    )
    best_response = StatedChoiceField(label=_("Best response"), choices=BestResponse.choices)
    response_criteria = forms.ChoiceField(
        label=_("Response by"), required=False, choices=[("", _("Not said")), *Criteria.choices]
    )
    stop_reason = StatedChoiceField(label=_("Main reason for stopping"), choices=StopReason.choices)
    stopped_for = forms.ChoiceField(label=_("Stopped for which irAE?"), required=False)
    contributing_reasons = StatedManyField(
        label=_("Other reasons that contributed"),
        choices=StopReason.choices,
        none=_("There was no other reason"),
        either=_("Choose other reasons, or that there was none, or why it is not told"),
    )
    progression_timing = StatedChoiceField(
        label=_("Has the cancer progressed?"), choices=ProgressionTiming.choices
    )
    progressed = StatedDateField(
        label=_("Progressed on"), help_text=_("a date, or “day 40 after last dose”")
    )
    progression_confirmed = StatedFlagField(label=_("Confirmed by a scan 4 weeks later or more"))
    progression_called = StatedChoiceField(
        label=_("The report calls it"), choices=Extent.choices, help_text=_("its word, no count")
    )
    new_lesions = StatedCountField(label=_("New lesions"), highest=99)
    growing_lesions = StatedCountField(
        label=_("Old lesions that grow"),
        highest=99,
        help_text=_("without the primary; a number, or “unknown”"),
    )
    progressing_organs = StatedCountField(label=_("Organs with progression"), highest=30)
    all_treatable_locally = StatedFlagField(label=_("All of it can be treated locally"))
    primary_state = StatedChoiceField(label=_("The primary then"), choices=PrimaryState.choices)

    STATED = (
        "regimen_kind",
        "setting",
        "planned_days",
        "start",
        "stop",
        "best_response",
        "stop_reason",
        "progression_timing",
        *PROGRESSION,
    )
    PLAIN = ("regimen", "response_criteria")

    def __init__(
        self,
        *args: Any,
        others: Iterable[ICICourse] = (),
        iraes: Iterable[IrAE] = (),
        own: ICICourse | None = None,
        **kwargs: Any,
    ) -> None:
        """Take the other courses of the record, its irAEs, and the course that is changed, if one is."""
        super().__init__(*args, **kwargs)
        self.others = self.beside = list(others)
        self.own = own
        self.iraes = {str(e.public_id): e for e in iraes}
        self._offer_places(own)
        if self.iraes:
            named = [(key, event_choice(e)) for key, e in self.iraes.items()]
            self._choose("stopped_for", [("", _("Not said")), *named])
        else:
            del self.fields["stopped_for"]

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _offer_places(self, own: ICICourse | None) -> None:
        """Offer the places beside the other courses; it stands in its own, where the dates do not tell it."""
        if not self.others:
            del self.fields["after"]
            return
        first, *_rest = self.others
        words = {"n": first.number, "drugs": course_name(first)}
        places: list[tuple[Any, Any]] = [
            ("", _("Its first dose tells")),
            (0, _("Before course %(n)s, %(drugs)s") % words),
        ]
        places += [
            (
                c.number,
                _("After course %(n)s, %(drugs)s") % {"n": c.number, "drugs": course_name(c)},
            )
            for c in self.others
        ]
        self._choose("after", places)
        if own is not None and not self._told_by(begun_of(own)):
            before = [c.number for c in self.others if c.number < own.number]
            self.initial.setdefault("after", max(before, default=0))

    def _told_by(self, when: Begun) -> bool:
        """Whether the dates say of each other course whether it began before or after."""
        return all(when.comparable(begun_of(c)) for c in self.others)

    @classmethod
    def initial_of(cls, row: ICICourse) -> dict[str, Any]:
        """Return what the record holds."""
        low, high = row.cycles_low, row.cycles_high
        cycles = str(SHOWN_WORDS.get(row.cycles_state, "")) if low is None else str(low)
        if low is not None and low != high:
            cycles = str(AT_LEAST) % {"n": low}
        return {
            **{name: current(row, name) for name in cls.STATED},
            **{name: getattr(row, name) for name in cls.PLAIN},
            **cls.initial_drugs(row.drugs, row.drugs_state),
            "line": current_late(row, "line"),
            "cycles": cycles,
            "contributing_reasons": current(row, "contributing_reasons"),
            "stopped_for": str(row.stopped_for.public_id) if row.stopped_for else "",
        }

    @property
    def tells_progression(self) -> bool:
        """Whether something is entered about a progression, which is then never out of sight."""
        state = FactState.NOT_APPLICABLE.value
        silent = (None, "", state, str(SHOWN_WORDS[state]))
        return any(self[name].value() not in silent or self[name].errors for name in PROGRESSION)

    @property
    def tells_regimen(self) -> bool:
        """Whether setting, regimen or plan are entered, or wrong."""
        names = ("regimen", "regimen_kind", "setting", "planned_days", "line")
        return any(self[name].value() not in (None, "") or self[name].errors for name in names)

    def clean_cycles(self) -> Stated:
        """Return the bounds of the number of cycles, or why there is none."""
        text = self.cleaned_data["cycles"].lower().strip()
        if state := typed_state(text):
            return Stated((None, None), state)
        refuse_either_word(text)
        after = after_sign(text, AT_LEAST_SIGNS, AT_LEAST)
        digits = text if after is None else after
        if not digits:
            return Stated((None, None), FactState.MISSING.value)
        if not digits.isdecimal() or not 0 < int(digits) < 1000:
            words = _("Enter a number of cycles, “at least” and a number, or “unknown”")
            raise forms.ValidationError(words)
        bounds = int(digits), int(digits) if after is None else None
        return Stated(bounds, FactState.KNOWN.value)

    def clean(self) -> dict[str, Any]:
        """Hold what was typed against each other."""
        data = super().clean() or self.cleaned_data
        self._clean_dates(data)
        self._clean_place(data)
        self._clean_event(data)
        self._hold_against_going_on(data)
        self._clean_drugs(data)
        self._clean_progression(data)
        return data

    def _clean_dates(self, data: dict[str, Any]) -> None:
        refuse_counted_future(self, ("stop", "progressed"), anchors_of(data))
        if starts_after(data.get("start"), data.get("stop")):
            self.add_error("stop", _("Last dose: the date is before the first dose"))
        hold_progressed(self, data)

    def _clean_place(self, data: dict[str, Any]) -> None:
        """Ask before or after which course it came where the dates do not tell, and refuse what they contradict."""
        if (
            "after" not in self.fields
            or "after" in self.errors
            or {"start", "stop"} & {*self.errors}
        ):
            return
        when = begun(_value(data, "start"), _value(data, "stop"))
        after: int | None = data.get("after")
        if after is None:
            if not self._told_by(when):
                words = _(
                    "Choose before or after which course it came: its first dose does not tell"
                )
                self.add_error("after", words)
            return
        earlier = [begun_of(c) for c in self.others if c.number <= after]
        later = [begun_of(c) for c in self.others if c.number > after]
        if any(when.before(c) for c in earlier) or any(c.before(when) for c in later):
            self.add_error(
                "after", _("Choose another place, or correct a date: the first doses say otherwise")
            )

    def _clean_event(self, data: dict[str, Any]) -> None:
        others = _value(data, "contributing_reasons") or ()
        reasons = {_value(data, "stop_reason"), *others}
        if data.get("stopped_for") and StopReason.IRAE not in reasons:
            words = _("Stopped for which irAE? No irAE is among the reasons for stopping")
            self.add_error("stopped_for", words)

    def _hold_against_going_on(self, data: dict[str, Any]) -> None:
        """Say beside the field what cannot be of an ICI that is given still, or that was never stopped."""
        stop, reason = data.get("stop"), data.get("stop_reason")
        given = FactState.NOT_APPLICABLE in {
            getattr(told, "state", None) for told in (stop, reason)
        }
        if not given:
            return
        if stop and stop.state == FactState.KNOWN:
            words = _("Last dose: it cannot be known while the ICI has not been stopped")
            self.add_error("stop", words)
        if reason and reason.state == FactState.KNOWN:
            words = _("Why it stopped: the last dose says that it is given still")
            self.add_error("stop_reason", words)
        if _value(data, "progression_timing") == ProgressionTiming.AFTER_STOP:
            words = _("Has the cancer progressed? Not after the stop: the ICI has not been stopped")
            self.add_error("progression_timing", words)

    def place(self) -> int | None:
        """Return the number of the course that it came after, 0 for none, where somebody said so."""
        found: int | None = self.cleaned_data.get("after")
        return found

    def _clean_drugs(self, data: dict[str, Any]) -> None:
        several = bool(_value(data, "drug_1") and data.get("drug_2"))
        kind = _value(data, "regimen_kind")
        if "drug_1" not in self.errors:
            codes, _state = self.chosen_drugs()
            question_twin(self, codes, data, self.beside)
            self._question_agents(codes)
        if several and kind == RegimenKind.MONOTHERAPY:
            self.add_error("regimen_kind", _("Regimen: one ICI alone, yet two drugs are chosen"))

    def _question_agents(self, codes: list[str]) -> None:
        """Question agents that leave out what an irAE is said to have followed in this course."""
        followed = [e for e in self.iraes.values() if self.own and e.course_id == self.own.pk]
        for event in followed:
            if strange := strange_agents(event.drugs, codes):
                words = _("Drug: %(event)s is said to have followed %(drugs)s. Is it right?")
                told = {"event": event_choice(event), "drugs": " + ".join(strange)}
                self.ask_back("drug_1", words % told)
                return

    def _clean_progression(self, data: dict[str, Any]) -> None:
        others = _value(data, "contributing_reasons") or ()
        hold_no_progression(
            self,
            _value(data, "progression_timing"),
            {_value(data, "stop_reason"), *others},
            _value(data, "best_response"),
            told=any(_value(data, n) is not None for n in PROGRESSION),
        )
        hold_reason(self, _value(data, "progression_timing"), _value(data, "stop_reason"))
        hold_lesions(self, data)

    def values(self) -> dict[str, Any]:
        """Return the columns of the course."""
        data = self.cleaned_data
        codes, state = self.chosen_drugs()
        low, high = data["cycles"].value
        others = data["contributing_reasons"]
        event = {"stopped_for": self.iraes.get(data["stopped_for"])} if self.iraes else {}
        return {
            **event,
            **columns(data, self.STATED),
            **{name: data[name] for name in self.PLAIN},
            "drugs": codes,
            "drugs_state": state,
            "cycles_low": low,
            "cycles_high": high,
            "cycles_state": data["cycles"].state,
            **data["line"].columns("line"),
            # The main reason is none of the others.
            "contributing_reasons": [r for r in others.value if r != _value(data, "stop_reason")],
            "contributing_reasons_state": others.state,
        }


def _value(data: dict[str, Any], name: str) -> Any:
    stated = data.get(name)
    return stated.value if stated else None
