"""Forms of imports and exports: a file to send, a board and a format."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.bulk.files import MOST_BYTES
from cases.forms.owing import DAYS_GIVEN
from cases.forms.owner import DayField, people_of
from ui.forms import FileInput, Form
from ui.partial_dates import render_day

if TYPE_CHECKING:
    from accounts.models import Board
    from cases.models import BulkJob

FORMATS = [("xlsx", _("Excel workbook (.xlsx)")), ("csv", _("Files of text (.csv) in a zip"))]
ACCEPTED = ".xlsx,.csv,.zip"


class BoardForm(Form):
    """A form about one of the boards on which its user may do this; with one there is nothing to choose."""

    board = forms.ChoiceField(label=_("Board"))

    def __init__(self, *args: Any, boards: list[Board], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.boards = {str(b.public_id): b for b in boards}
        field: Any = self.fields["board"]
        field.choices = [(key, b.name) for key, b in self.boards.items()]
        if len(boards) == 1:
            field.widget = forms.HiddenInput()
            field.initial = next(iter(self.boards))

    def chosen(self) -> Board:
        """Return the board of a clean form."""
        return self.boards[self.cleaned_data["board"]]


class UploadForm(BoardForm):
    """A file to be checked."""

    file = forms.FileField(
        label=_("Your file"),
        max_length=255,
        allow_empty_file=True,
        help_text=_("a workbook (.xlsx), a file of text (.csv) or a zip of these, at most 10 MB"),
        widget=FileInput(
            ACCEPTED, most=MOST_BYTES, large=_("Your file: “%name%” has %size% MB; divide it")
        ),
    )

    day_first = forms.BooleanField(
        label=_("Dates such as 03/04/2024 are day/month/year in this file"),
        required=False,
        help_text=_("Without this, a date that can be read in two ways is an error."),
    )

    def clean_file(self) -> bytes:
        """Return the bytes of the file; what is in it is looked at by a worker."""
        chosen = self.cleaned_data["file"]
        if chosen.size > MOST_BYTES:
            raise forms.ValidationError(_("Your file: it is larger than 10 MB; divide it"))
        data: bytes = chosen.read()
        if not data:
            raise forms.ValidationError(_("Your file: it is empty"))
        return data


class ApplyForm(Form):
    """What is answered before a file is imported: what is questioned in it, and who finds out what is "not yet"."""

    right = forms.CharField(required=False, max_length=40)
    owed_by = forms.ChoiceField(label=_("Who finds out what is “not yet”"), required=False)
    owed_on = DayField(label=_("By"), required=False, help_text="")

    def __init__(self, *args: Any, job: BulkJob, **kwargs: Any) -> None:
        week = timezone.localdate() + timedelta(days=DAYS_GIVEN)
        super().__init__(*args, initial={"owed_on": render_day(week)}, **kwargs)
        self.job = job
        self.asks_who = bool(job.counts.get("not_yet"))
        self.people = people_of(job.board) if self.asks_who else {}
        named = [(key, words) for key, (_user, words) in self.people.items()]
        self.fields["owed_by"].choices = [("", _("Nobody yet")), *named]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the tick beside what is questioned, and for a day that is not over; without a person none counts."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.job.doubts and not data.get("right"):
            words = _("Not imported: tick first that what is questioned is right.")
            self.add_error("right", words)
        if not data.get("owed_by"):
            if "owed_by" not in self.errors:
                self.errors.pop("owed_on", None)
            data["owed_on"] = None
        elif data.get("owed_on") is not None and data["owed_on"] < timezone.localdate():
            self.add_error("owed_on", _("Enter a day that is still to come"))
        return data

    def owed(self) -> dict[str, Any]:
        """Return who is asked, and by when."""
        data = self.cleaned_data
        owner = self.people[data["owed_by"]][0] if data["owed_by"] else None
        return {"owner": owner, "due_on": data["owed_on"]}


class ExportForm(BoardForm):
    """Which board, and as what."""

    form = forms.ChoiceField(label=_("As"), choices=FORMATS)
