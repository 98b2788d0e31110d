"""The form in which a board's chair chooses whose stopping rules set the marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rule_profiles import NOT_READ, OFFERED, RuleProfile, in_order
from ui.forms import ChoiceCards, Form, Textarea

if TYPE_CHECKING:
    from accounts.models import Board

PLACES = tuple(f"place_{number}" for number in range(1, len(OFFERED) + 1))
NAMES = [(code, RuleProfile(code).label) for code in OFFERED]


class RulesForm(Form):
    """Whose rules, in which order where the board has one of its own, and why."""

    rule_profile = forms.ChoiceField(
        label=gettext_lazy("Whose rules set the mark"),
        choices=[choice for choice in RuleProfile.choices if choice[0] not in NOT_READ],
        widget=ChoiceCards(
            columns=3,
            hints={
                RuleProfile.STRICTEST: gettext_lazy("whichever source asks for most"),
                RuleProfile.LOCAL: gettext_lazy("the first that says something of a case"),
            },
        ),
    )
    rule_reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("The members of the board read it. Name no patient."),
        max_length=300,
        widget=Textarea({"rows": 2}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, board: Board, seen: str, **kwargs: Any) -> None:
        order = [code for code in in_order(board.rule_order) if code in OFFERED]
        initial = {"rule_profile": board.rule_profile, "seen": seen}
        initial |= dict(zip(PLACES, order, strict=False))
        super().__init__(*args, initial=initial, **kwargs)
        for number, name in enumerate(PLACES, start=1):
            self.fields[name] = forms.ChoiceField(
                label=_("Place %(n)s") % {"n": number},
                required=False,
                choices=[("", _("nobody")), *NAMES],
            )

    def renew_seen(self, seen: str) -> None:
        """Take what holds now as seen, of a form that was sent and refused."""
        sent: Any = self.data
        self.data = sent.copy()
        self.data["seen"] = seen  # type: ignore[index]

    def clean(self) -> dict[str, Any]:
        """Join the places to one order; of an order of one's own each source is named once at most."""
        data: dict[str, Any] = super().clean() or {}
        order = [data[name] for name in PLACES if data.get(name)]
        data["rule_order"] = ",".join(order)
        if data.get("rule_profile") == RuleProfile.LOCAL:
            twice = next((n for n in PLACES if data.get(n) and order.count(data[n]) > 1), None)
            if not order:
                self.add_error(PLACES[0], _("Choose at least one source."))
            elif twice:
                self.add_error(twice, _("Each source has one place at most."))
        return data
