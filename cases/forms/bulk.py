"""Forms of imports and exports: a file to send, a board and a format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.bulk.files import MOST_BYTES
from ui.forms import FileInput, Form

if TYPE_CHECKING:
    from accounts.models import Board

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


class ExportForm(BoardForm):
    """Which board, and as what."""

    form = forms.ChoiceField(label=_("As"), choices=FORMATS)
