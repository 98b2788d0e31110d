"""Widgets that say how they want to be shown, and the parameters their macro needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.widgets import ChoiceWidget
from django.utils.translation import gettext


class TextInput(forms.TextInput):
    """One line of text; `suffix` and `prefix` show a unit, `width` its expected length."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        suffix: Any = None,
        prefix: Any = None,
        width: int | None = None,
    ) -> None:
        super().__init__(attrs)
        self.suffix, self.prefix, self.width = suffix, prefix, width


class PartialDateInput(TextInput):
    """A date as far as it is known, typed as text."""

    def __init__(self, attrs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})}, **kwargs)


class DayInput(forms.DateInput):
    """The browser's own control for a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Textarea(forms.Textarea):
    """Several lines of text, three rows high unless told otherwise."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 3, **(attrs or {})})


class Segmented(forms.RadioSelect):
    """A few short choices side by side in one control."""


class ChoiceCards(forms.RadioSelect):
    """Choices as cards, where each has words enough to need room; `hints` by value."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        hints: dict[str, Any] | None = None,
        columns: int = 4,
    ) -> None:
        super().__init__(attrs)
        self.hints, self.columns = hints or {}, columns


def describe(bound: BoundField, options: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the macro's name and its parameters for a bound field."""
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes", _choices(bound, options)
    if isinstance(widget, ChoiceCards):
        return "choice_cards", _choices(bound, options)
    if isinstance(widget, Segmented):
        return "segmented", _choices(bound, options)
    if isinstance(widget, forms.RadioSelect):
        return "radios", _choices(bound, options)
    if isinstance(widget, forms.CheckboxInput):
        return "checkboxes", _single_checkbox(bound, options)
    if isinstance(widget, forms.Select):
        return "select", _select(bound, options)
    if isinstance(widget, forms.Textarea):
        return "textarea", _text(bound, options) | {"rows": _rows(widget, options)}
    if isinstance(widget, forms.FileInput):
        return "fileUpload", _common(bound, _of_file(bound, options))
    if isinstance(widget, forms.PasswordInput):
        return "passwordInput", _text(bound, options)
    return "input", _text(bound, options)


class FileInput(forms.FileInput):
    """A file of at most `most` bytes; scripts say `large` beside it before a larger one is sent.

    `large` has %name% and %size% (in MB) in it.
    """

    def __init__(self, accept: str, *, most: int, large: Any) -> None:
        super().__init__({"accept": accept, "data-most": most, "data-large": large})


def _of_file(bound: BoundField, options: dict[str, Any]) -> dict[str, Any]:
    """Say of a file that was chosen in a form which is shown again that no browser keeps it."""
    if bound.html_name not in bound.form.files:
        return options
    return {**options, "hint": gettext("The file is not kept in this form: choose it again.")}


def _label(bound: BoundField, options: dict[str, Any]) -> str:
    return str(options.get("label", bound.label))


# What the macros are told by parameters, and the length at which a browser would cut a pasted text in silence.
NOT_PRINTED = frozenset(
    {"rows", "cols", "class", "autocomplete", "inputmode", "spellcheck", "maxlength"}
)


def _common(bound: BoundField, options: dict[str, Any]) -> dict[str, Any]:
    """Parameters that every macro understands; lazy texts become text, as the macros test types."""
    attributes = {
        name: str(value)
        for name, value in bound.field.widget.attrs.items()
        if name not in NOT_PRINTED and value is not False
    }
    attributes |= options.get("attributes") or {}
    attributes = {name: value for name, value in attributes.items() if value is not None}
    hidden = "nhsuk-u-visually-hidden" if options.get("hide_label") else ""
    params: dict[str, Any] = {
        "id": bound.auto_id or bound.html_name,
        "idPrefix": bound.auto_id or bound.html_name,
        "name": bound.html_name,
        "label": {"text": _label(bound, options), "classes": hidden},
        "classes": options.get("classes", ""),
        "formGroup": {"classes": options.get("group_classes", "")},
        "attributes": attributes,
    }
    hint = options.get("hint", bound.help_text)
    params["hint_text"] = (hint if hasattr(hint, "__html__") else str(hint)) if hint else ""
    params["error_text"] = " ".join(str(error) for error in bound.errors)
    if hint:
        # A library's hint may hold a link; our own are text.
        params["hint"] = {"html": hint} if hasattr(hint, "__html__") else {"text": str(hint)}
    if bound.errors:
        params["errorMessage"] = {"text": params["error_text"]}
        params["attributes"]["aria-invalid"] = "true"
    return params


def _text(bound: BoundField, options: dict[str, Any]) -> dict[str, Any]:
    widget = bound.field.widget
    params = _common(bound, options)
    value = widget.format_value(bound.value())
    params["value"] = "" if value is None else str(value)
    if isinstance(widget, forms.PasswordInput):
        params |= _password_words()
        if not widget.render_value:
            params["value"] = ""
    input_type = getattr(widget, "input_type", "text")
    params["type"] = input_type
    if input_type == "number":
        # A spinner changes a dose when the wheel turns: text with a numeric keyboard does not.
        params |= {"type": "text", "inputmode": "decimal"}
        for name in ("min", "max", "step"):
            params["attributes"].pop(name, None)
    for name in ("autocomplete", "inputmode"):
        if name in widget.attrs:
            params[name] = widget.attrs[name]
    for name in ("suffix", "prefix", "width"):
        chosen = options.get(name, getattr(widget, name, None))
        if chosen:
            params[name] = str(chosen)
    return params


def _password_words() -> dict[str, str]:
    """Return what the button beside a password says, which its script changes."""
    return {
        "showPasswordText": gettext("Show"),
        "hidePasswordText": gettext("Hide"),
        "showPasswordAriaLabelText": gettext("Show password"),
        "hidePasswordAriaLabelText": gettext("Hide password"),
        "passwordShownAnnouncementText": gettext("Your password is visible"),
        "passwordHiddenAnnouncementText": gettext("Your password is hidden"),
    }


def _rows(widget: forms.Textarea, options: dict[str, Any]) -> str:
    return str(options.get("rows", widget.attrs.get("rows", 3)))


def _select(bound: BoundField, options: dict[str, Any]) -> dict[str, Any]:
    params = _common(bound, options)
    params["items"] = _items(bound)
    if isinstance(bound.field.widget, forms.SelectMultiple):
        params["attributes"]["multiple"] = "multiple"
    return params


def _choices(bound: BoundField, options: dict[str, Any]) -> dict[str, Any]:
    params = _common(bound, options)
    hidden = "nhsuk-u-visually-hidden" if options.get("hide_label") else ""
    params["fieldset"] = {
        "legend": {"text": _label(bound, options), "classes": f"app-legend {hidden}".strip()}
    }
    # Attributes of the group, such as hx-*, belong on its wrapper; aria-invalid does not.
    params["attributes"].pop("aria-invalid", None)
    hints = getattr(bound.field.widget, "hints", {})
    params["items"] = [
        item | ({"hint": {"text": str(hints[item["value"]])}} if item["value"] in hints else {})
        for item in _items(bound)
        if item["value"] != "" or isinstance(bound.field.widget, forms.CheckboxSelectMultiple)
    ]
    params["small"] = options.get("small", True)
    params["inline"] = options.get("inline", False)
    params["columns"] = options.get("columns", getattr(bound.field.widget, "columns", 0))
    return params


def _single_checkbox(bound: BoundField, options: dict[str, Any]) -> dict[str, Any]:
    params = _common(bound, options)
    item: dict[str, Any] = {
        "value": "on",
        "text": _label(bound, options),
        "checked": bool(bound.value()),
        "attributes": params["attributes"],
    }
    if "hint" in params:
        item["hint"] = params.pop("hint")
    params["attributes"] = {}
    params |= {"items": [item], "small": options.get("small", True)}
    return params


def _items(bound: BoundField) -> list[dict[str, Any]]:
    """The choices as the macros want them, each checked or selected as the bound value says."""
    widget = bound.field.widget
    chosen = widget.format_value(bound.value()) if isinstance(widget, ChoiceWidget) else []
    chosen = [str(value) for value in chosen or []]
    items: list[dict[str, Any]] = []
    for value, label in bound.field.choices:  # type: ignore[attr-defined]
        pairs = label if isinstance(label, list | tuple) else [(value, label)]
        for choice, text in pairs:
            key = "" if choice is None else str(choice)
            items.append(
                {"value": key, "text": str(text), "checked": key in chosen}
                | ({"selected": True} if key in chosen else {})
            )
    return items
