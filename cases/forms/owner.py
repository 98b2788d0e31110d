"""Who owes a fact, and until when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Board, Membership, User
from cases.services.tasks import holding
from ui.forms import Form, PartialDateFormField

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from cases.models import FactTask


def seats_of(board: Board) -> QuerySet[Membership]:
    """Return the seats of those who may be given a fact of `board`, by name."""
    return Membership.objects.filter(board=board).holding("case.edit").order_by("user__name")


def seat_words(name: str, seat: Membership) -> str:
    """Return how somebody is named in a list of those who may be given a fact: with what they sit for."""
    place = seat.get_specialty_display() if seat.specialty else seat.get_role_display()
    return f"{name}, {place}"


def people_of(board: Board) -> dict[str, tuple[User, str]]:
    """Return who may be given a fact of `board`: the users who may edit cases, with what they sit for."""
    found: dict[str, tuple[User, str]] = {}
    for row in seats_of(board):
        found.setdefault(str(row.user.public_id), (row.user, seat_words(row.user.name, row)))
    return found


class DayField(PartialDateFormField):
    """A date that must be known to the day; cleans to a date."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("for example 3 March 2026"))
        super().__init__(allow_relative=False, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the day, None where nothing was typed. Raises ValidationError for a month or year."""
        found = super().clean(value)
        if found is None:
            return None
        if found.exact is None:
            raise forms.ValidationError(_("Enter the day too, as 3 March 2026"))
        return found.exact


class OwnerForm(Form):
    """Owner and date of one open fact."""

    owner_id = forms.ChoiceField(label=_("Who finds it out"))
    due = DayField(label=_("By"))
    # Who was asked, and by when, when the form was opened.
    shown = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        board: Board,
        task: FactTask | None = None,
        initial: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.people = people_of(board)
        due: date = timezone.localdate() + timedelta(days=7)
        first = {"due": f"{due.day} {due:%B %Y}", "shown": holding(task)}
        if task is not None and task.owner is not None:
            first["owner_id"] = str(task.owner.public_id)
        if task is not None and task.due_on is not None:
            first["due"] = f"{task.due_on.day} {task.due_on:%B %Y}"
        super().__init__(*args, initial={**first, **(initial or {})}, **kwargs)
        named = [(key, words) for key, (_user, words) in self.people.items()]
        self.fields["owner_id"].choices = [("", _("Choose")), *named]  # type: ignore[attr-defined]

    def owner(self) -> User:
        """Return the chosen person."""
        return self.people[self.cleaned_data["owner_id"]][0]

    def clean_due(self) -> Any:
        """Refuse a day that is over."""
        due = self.cleaned_data["due"]
        if due is not None and due < timezone.localdate():
            raise forms.ValidationError(_("Enter a day that is still to come"))
        return due
