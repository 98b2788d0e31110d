"""The form of a report: text, a link to the hospital's archive, or a PDF."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.eventnames import event_named
from cases.forms.fields import StatedDateField, current
from cases.forms.sections import SectionForm
from cases.pdf import MOST_BYTES, PdfRefused
from cases.pdf_apart import check_apart
from ui.forms import FileInput, Textarea, TextInput

if TYPE_CHECKING:
    from cases.models import IrAE, Report


class ReportForm(SectionForm):
    """One report. A file that is there stays unless another one is chosen."""

    title = forms.CharField(
        label=_("Report"),
        max_length=120,
        help_text=_("such as CT chest, without the patient's name"),
    )
    reported = StatedDateField(label=_("Date of the report"), allow_relative=False)
    irae = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(
        label=_("Text"), required=False, max_length=20_000, widget=Textarea({"rows": 5})
    )
    link = forms.CharField(
        label=_("Link to the hospital's archive"), required=False, max_length=500,
        widget=TextInput({"inputmode": "url", "autocomplete": "off"}), help_text=_("beginning with https://"),
    )  # fmt: skip
    file = forms.FileField(
        label=_("PDF"), required=False, max_length=255, help_text=_("at most 10 MB"),
        widget=FileInput(
            "application/pdf", most=MOST_BYTES,
            large=_("PDF: “%name%” has %size% MB, at most 10 MB is taken"),
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, iraes: Iterable[IrAE] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.iraes = {str(e.public_id): e for e in iraes}
        named = [(key, event_named(e)) for key, e in self.iraes.items()]
        self.fields["irae"].choices = [("", _("No single event")), *named]  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, row: Report) -> dict[str, Any]:
        """Return what the record holds."""
        return {
            "title": row.title,
            "reported": current(row, "reported"),
            "irae": str(row.irae.public_id) if row.irae else "",
            "text": row.text,
            "link": row.link,
            "has_file": bool(row.file),
        }

    def clean_link(self) -> str:
        """Return an address that is encrypted and carries no name or password."""
        link = str(self.cleaned_data["link"])
        if not link:
            return ""
        try:
            parts = urlsplit(link)
            sound = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
        except ValueError:
            sound = False
        if not sound or any(c.isspace() for c in link):
            raise forms.ValidationError(_("Enter an address that begins with https://"))
        return link

    def clean_file(self) -> bytes | None:
        """Return the bytes of a PDF that may be kept."""
        chosen = self.cleaned_data["file"]
        if not chosen:
            return None
        if chosen.size > MOST_BYTES:
            raise forms.ValidationError(_("PDF: the file is larger than 10 MB"))
        # Cleaned once more where the form is shown beside what others saved.
        chosen.seek(0)
        data: bytes = chosen.read()
        try:
            check_apart(data)
        except PdfRefused as refused:
            raise forms.ValidationError(_("PDF: %(why)s") % {"why": refused.args[0]}) from refused
        return data

    def clean(self) -> dict[str, Any]:
        """Ask for a content of some kind."""
        data = super().clean() or self.cleaned_data
        content = data.get("text") or data.get("link") or data.get("file")
        wrong = {"text", "link", "file"} & set(self.errors)
        if not content and not wrong and not self.initial.get("has_file"):
            self.add_error("text", _("Enter the text, a link or a PDF"))
        return data

    def pdf(self) -> bytes | None:
        """Return the file's bytes, None where none was chosen."""
        found: bytes | None = self.cleaned_data["file"]
        return found

    def values(self) -> dict[str, Any]:
        """Return the columns of the report, without the file."""
        data = self.cleaned_data
        return {
            **data["reported"].columns("reported"),
            "irae": self.iraes.get(data["irae"]),
            **{name: data[name] for name in ("title", "text", "link")},
        }
