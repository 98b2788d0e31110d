"""Forms whose fields are rendered by the NHS macros, with errors beside the field and on top.

A template writes `{{ error_summary(form) }}`, `{{ hidden_fields(form) }}` and
`{{ form_field(form["name"]) }}`; the field's widget chooses the macro.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils import dates
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from markupsafe import escape

from ui.partial_dates import (
    MONTHS,
    PartialDate,
    PartialDateError,
    parse_partial_date,
    render_partial_date,
)
from ui.widgets import (
    ChoiceCards,
    DayInput,
    FileInput,
    PartialDateInput,
    Segmented,
    Textarea,
    TextInput,
)

if TYPE_CHECKING:
    from ui.threeway import Clash

__all__ = [
    "ChoiceCards",
    "DayInput",
    "FileInput",
    "Form",
    "PartialDateFormField",
    "Segmented",
    "TextInput",
    "Textarea",
    "VersionField",
    "error_items",
    "hidden_fields",
    "html_attributes",
    "typed_values",
]


NO_ATTRIBUTES = SafeString("")
# A browser would cut what is pasted without a word: the server says it, and what was typed stays.
TOO_LONG = ngettext_lazy(
    "At most %(limit_value)d character, %(show_value)d typed",
    "At most %(limit_value)d characters, %(show_value)d typed",
    "limit_value",
)


class Form(forms.Form):
    """The base of every form. It cleans to values and never saves.

    A form that edits a versioned row declares `version = VersionField()`; the service compares it.
    """

    # The server's sentence stands beside the field; the browser's own bubble would hide it.
    use_required_attribute = False
    # By name the fields that somebody else changed as well: both versions stand side by side.
    clashes: Mapping[str, Clash] = {}
    # How the names begin of fields that say one thing together, a group each: they are never joined one by one.
    together: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            _say_what_is_missing(field, str(field.label or name.replace("_", " ")))

    def full_clean(self) -> None:
        """Check what was typed; what is longer than can be kept is said with both numbers."""
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                field.error_messages.setdefault("max_length", TOO_LONG)
        super().full_clean()

    def error_items(self) -> list[dict[str, str]]:
        """Every error as text and the address of the field it belongs to, in field order."""
        items = [{"text": str(error), "href": ""} for error in self.non_field_errors()]
        for name in self.fields:
            bound = self[name]
            href = "" if bound.is_hidden else f"#{field_id(bound)}"
            items += [
                {"text": _with_label(str(bound.label), str(error)), "href": href}
                for error in bound.errors
            ]
        return items


class VersionField(forms.IntegerField):
    """The version of the row that was shown; hidden, for the optimistic lock."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, **kwargs)


class PartialDateFormField(forms.CharField):
    """One text field for a date as far as it is known; cleans to a `PartialDate` or None."""

    widget = PartialDateInput

    def __init__(self, *, allow_relative: bool = True, **kwargs: Any) -> None:
        self.allow_relative = allow_relative
        kwargs.setdefault("help_text", _("day, month or year"))
        super().__init__(max_length=80, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a stored date as text; what was typed is shown as typed."""
        return render_partial_date(value) if isinstance(value, PartialDate) else value

    def clean(self, value: Any) -> PartialDate | None:
        """Return the parsed date, None when nothing was typed; raises ValidationError."""
        text = super().clean(value)
        if not text:
            return None
        try:
            partial = parse_partial_date(_months_in_english(text))
        except PartialDateError as error:
            sentence = str(_(error.template))
            params = {
                name: str(_(value)) if name == "month" and isinstance(value, str) else value
                for name, value in error.params.items()
            }
            raise forms.ValidationError(
                sentence % params if params else sentence, code="partial_date"
            ) from error
        if partial.precision == "relative" and not self.allow_relative:
            raise forms.ValidationError(
                _("Enter a date here, not days from an event"), code="partial_date"
            )
        return partial

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare as text, so that a stored date does not look changed."""
        return super().has_changed(self.prepare_value(initial), data)


def _months_in_english(text: str) -> str:
    """Return a typed date with the months of the page's language as `ui.partial_dates` reads them."""
    for number, name in enumerate(MONTHS):
        here = str(dates.MONTHS[number + 1])
        if here.casefold() != name.casefold():
            text = re.sub(rf"\b{re.escape(here)}\b", name, text, flags=re.IGNORECASE)
    return text


def in_sentence(label: str) -> str:
    """Return a label as it stands inside a sentence: `grade now`, but `ECOG` and `PD-L1`."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _say_what_is_missing(field: forms.Field, label: str) -> None:
    """Replace Django's one sentence for every empty field by one that names it."""
    if field.error_messages.get("required") != forms.Field.default_error_messages["required"]:
        return
    if label.endswith("?"):
        field.error_messages["required"] = _("Answer this question")
    elif isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        field.error_messages["required"] = _("Choose: %(label)s") % {"label": in_sentence(label)}
    else:
        field.error_messages["required"] = _("Enter: %(label)s") % {"label": in_sentence(label)}


def _with_label(label: str, error: str) -> str:
    """Return an error that names its field, for the summary, where the field is out of sight."""
    if label.casefold() in error.casefold():
        return error
    if label.endswith("?"):
        return f"{label} {error}"
    order = error.startswith(("Enter ", "Choose ", "Select ", "Ensure ", "Upload ", "At most "))
    return f"{label}: {in_sentence(error) if order else error}"


def field_id(bound: BoundField) -> str:
    """Return the id that an error link points to: the field, or the first of its choices."""
    return bound.auto_id or bound.html_name


def as_sent(fields: Mapping[str, list[str]]) -> QueryDict:
    """Return the fields of a kept draft, lists of values by name, as a browser would send them."""
    sent = QueryDict(mutable=True)
    for name, values in fields.items():
        sent.setlist(name, values)
    return sent


def typed_values(form: forms.Form, sent: QueryDict) -> dict[str, Any]:
    """Return what was typed as the initial values of a fresh form, to which nothing is held yet.

    `form` is bound to `sent` where its fields depend on what is typed, such as further rows.
    """
    return {
        name: field.widget.value_from_datadict(sent, {}, form.add_prefix(name))
        for name, field in form.fields.items()
    }


def html_attributes(values: Mapping[str, Any]) -> SafeString:
    """Return attributes to print after a tag's name; True prints the name alone, None and False nothing."""
    if not values:
        return NO_ATTRIBUTES
    # One pass with one escape a value: a picture of 300 events has some thousand attributes.
    told = [f" {escape(name)}" for name, value in values.items() if value is True]
    told += [
        f' {escape(_dashed(name))}="{escape(value)}"'
        for name, value in values.items()
        if value is not None and value is not True and value is not False
    ]
    return SafeString("".join(told))


def _dashed(name: str) -> str:
    return name.replace("_", "-") if name.startswith(("hx_", "data_", "aria_")) else name


def hidden_fields(form: forms.Form) -> SafeString:
    """Render the hidden fields of a form, its version among them."""
    return format_html_join("", "{}", ((bound,) for bound in form.hidden_fields()))


def error_items(*formlike: Any) -> list[dict[str, str]]:
    """Return the errors of the given forms as text and address; unbound forms have none."""
    return [
        item
        for form in formlike
        if form is not None and form.is_bound
        for item in (form.error_items() if isinstance(form, Form) else _plain_items(form))
    ]


def _plain_items(form: forms.BaseForm) -> list[dict[str, str]]:
    return [
        {"text": str(error), "href": f"#id_{name}" if name != "__all__" else ""}
        for name, errors in form.errors.items()
        for error in errors
    ]
