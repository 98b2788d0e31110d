"""Forms of a board's administration and of its trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Specialty
from accounts.permissions import Role
from audit.kinds import GROUPS
from ui.forms import ChoiceCards, DayInput, Form, TextInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from accounts.models import Board, User

# What each role is for, in the words of the form in which it is given.
MEANS = {
    Role.MEMBER: gettext_lazy("refers, prepares, discusses, dissents"),
    Role.CHAIR: gettext_lazy("leads the meeting and signs decisions; reads the trail"),
    Role.COORDINATOR: gettext_lazy("triage, meetings, agenda, attendance"),
    Role.NURSE: gettext_lazy("the worklist of checks after a decision"),
    Role.CURATOR: gettext_lazy("guidance; sees no patients"),
    Role.REGISTRY: gettext_lazy("reads cases and outcomes"),
    Role.ADMINISTRATOR: gettext_lazy("members and trail of the board; opens no record"),
}


class MemberForm(Form):
    """A role for somebody: by the address of an account, or with a name for whom an account is made."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The one they sign in with, or their address at the hospital."),
        widget=TextInput({"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}),
        max_length=254,
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role on this board"),
        choices=Role.choices,
        widget=ChoiceCards(hints=dict(MEANS.items())),
    )
    specialty = forms.ChoiceField(
        label=gettext_lazy("Sits for"),
        required=False,
        choices=[("", gettext_lazy("No specialty")), *Specialty.choices],
        help_text=gettext_lazy("Decides for which organs they are asked to a meeting."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=150,
        widget=TextInput({"autocomplete": "off"}),
    )
    title = forms.CharField(
        label=gettext_lazy("Title"),
        required=False,
        max_length=150,
        help_text=gettext_lazy("Shown beside the name, such as: consultant respiratory physician."),
        widget=TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_email(self) -> str:
        """Keep addresses in lower case; one's own is refused beside the field."""
        email = str(self.cleaned_data["email"]).lower()
        if email == self.by.email:
            words = _("Nobody changes their own roles: ask another administrator of the board.")
            raise forms.ValidationError(words)
        return email

    def ask_for_name(self) -> None:
        """Say that there is no account yet, so that a name is needed to make one."""
        words = _("No account has this address. Give the name, and an account is made.")
        self.add_error("name", words)


class TrailForm(Form):
    """What of the trail is wanted. It stands in the address, so it holds codes, days and public ids."""

    board = forms.ChoiceField(label=gettext_lazy("Board"), required=False)
    group = forms.ChoiceField(
        label=gettext_lazy("What"),
        required=False,
        choices=[("", gettext_lazy("Everything")), *GROUPS.items()],
    )
    person = forms.ChoiceField(label=gettext_lazy("Who"), required=False)
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=DayInput())
    until = forms.DateField(label=gettext_lazy("To"), required=False, widget=DayInput())
    case = forms.UUIDField(required=False, widget=forms.HiddenInput())

    def __init__(
        self, *args: Any, boards: Sequence[Board], people: Iterable[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.boards = {str(board.public_id): board for board in boards}
        self.people = {str(user.public_id): user for user in people}
        named = [(key, board.name) for key, board in self.boards.items()]
        self.fields["board"].choices = named  # type: ignore[attr-defined]
        who = {"": _("Everybody"), **{key: user.name for key, user in self.people.items()}}
        self.fields["person"].choices = list(who.items())  # type: ignore[attr-defined]
        if len(boards) < 2:
            del self.fields["board"]

    def clean(self) -> dict[str, Any]:
        """Refuse a span that ends before it begins."""
        data: dict[str, Any] = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        for name in ("since", "until"):
            if (day := data.get(name)) and not 2000 <= day.year <= 2200:
                self.add_error(name, _("Enter a year between 2000 and 2200."))
        if since and until and until < since:
            self.add_error("until", _("This day is before the first."))
        return data

    def value(self, name: str) -> Any:
        """Return what was chosen, or None; an unbound form chose nothing."""
        return self.cleaned_data.get(name) or None if self.is_bound else None

    def chosen_board(self) -> Board | None:
        """Return the board that was chosen: one at a time, so that its index gives the entries in order."""
        return self.boards.get(self.value("board") or "")

    def chosen_person(self) -> User | None:
        """Return the person that was chosen."""
        return self.people.get(self.value("person") or "")

    def case_id(self) -> UUID | None:
        """Return the public id of the case that was asked for."""
        found: UUID | None = self.value("case")
        return found
