"""The day for which a list of the history is called complete, or of an imaging."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.checks import ahead_words, lies_ahead
from cases.forms.fields import Stated
from cases.forms.sections import SectionForm
from evidence.conditions import FactState
from ui import formatting
from ui.forms import PartialDateFormField

if TYPE_CHECKING:
    from ui.partial_dates import PartialDate


class Entered(NamedTuple):
    """An entry of a list by its name, and when it began."""

    name: str
    began: PartialDate | None


class AsOfField(PartialDateFormField):
    """A day, a month or a year that has come, with both of its ends; left empty it stands for today."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_relative=False, **kwargs)

    def clean(self, value: Any) -> PartialDate | None:
        """Return the date. Raises ValidationError for one in the future, and for one without an end."""
        found = super().clean(value)
        if found is None:
            return None
        if lies_ahead(Stated(found, FactState.KNOWN.value)):
            raise forms.ValidationError(ahead_words(self.label), code="ahead")
        if found.earliest is None or found.latest is None:
            words = _("%(label)s: enter a day, a month or a year")
            raise forms.ValidationError(words % {"label": self.label}, code="open")
        return found


class CompleteForm(SectionForm):
    """The day alone, under the version of the list; empty: today."""

    as_of = AsOfField(label=_("Complete as of"), help_text="")

    # What the list has.
    entries: Sequence[Entered] = ()

    def clean_as_of(self) -> PartialDate | None:
        """Refuse a day before an entry began: of the time between nobody would have said anything."""
        found: PartialDate | None = self.cleaned_data["as_of"]
        if found is None or found.latest is None:
            return found
        later = [
            (entry.began.earliest, entry)
            for entry in self.entries
            if entry.began and entry.began.earliest and entry.began.earliest > found.latest
        ]
        if later:
            _day, entry = max(later, key=lambda one: one[0])
            words = _("Complete as of: this is before an entry of the list, %(name)s (%(date)s)")
            told = {"name": entry.name, "date": formatting.partial_date(entry.began)}
            raise forms.ValidationError(words % told, code="before")
        return found

    @property
    def refusal(self) -> str:
        """What is wrong with what was typed; empty where nothing is."""
        return " ".join(str(words) for words in self.errors.get("as_of", ()))
