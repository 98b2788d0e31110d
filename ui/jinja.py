"""The Jinja environment: NHS macros and the product's components as globals, filters, translation.

A name that does not exist is an error, not an empty string: on a clinical page a blank must mean
that nothing is known. The NHS macros rely on the opposite, so they live in an environment of
their own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import json_script
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from django_htmx.jinja import htmx_script
from jinja2 import (
    ChainableUndefined,
    Environment,
    PackageLoader,
    StrictUndefined,
    Undefined,
    pass_context,
)
from jinja2.runtime import Context

from ui import formatting, forms
from ui.htmx import page_address
from ui.widgets import describe

# Component macros: the global's name and the file in templates/components/ that defines it.
COMPONENTS: dict[str, tuple[str, ...]] = {
    "icons": ("icon",),
    "tags": ("tag", "grade", "meter", "legend"),
    "buttons": ("button", "button_row"),
    "page": ("page_title", "breadcrumb", "tabs", "pagination", "empty_state", "stat_strip"),
    "cards": ("card", "section_row", "question_line", "owed_card"),
    "lists": ("kv", "key_values", "summary_list", "table"),
    "messages": ("notice", "status_region", "two_windows"),
    "patient": ("patient_bar",),
    "choices": ("segmented", "choice_cards"),
    "facts": ("fact_state", "partial_date_input"),
    "fields": ("text_field", "select_field", "textarea_field", "boxes_field"),
    "form": ("form_field", "error_summary"),
    "posting": ("post_form", "drafted_form"),
    "meeting": ("agenda_row", "attendance_tag"),
}
# NHS macros whose plain name is taken by a component above stay reachable as nhs.<name>.
NHS_COMPONENTS: dict[str, str] = {
    "backLink": "back-link",
    "breadcrumb": "breadcrumb",
    "button": "button",
    "card": "card",
    "characterCount": "character-count",
    "checkboxes": "checkboxes",
    "dateInput": "date-input",
    "details": "details",
    "errorMessage": "error-message",
    "errorSummary": "error-summary",
    "fieldset": "fieldset",
    "fileUpload": "file-upload",
    "hint": "hint",
    "input": "input",
    "insetText": "inset-text",
    "label": "label",
    "pagination": "pagination",
    "passwordInput": "password-input",
    "radios": "radios",
    "select": "select",
    "skipLink": "skip-link",
    "summaryList": "summary-list",
    "tag": "tag",
    "textarea": "textarea",
    "warningCallout": "warning-callout",
}


@cache
def nhs_environment() -> Environment:
    """The environment in which the NHS macros are evaluated."""
    return Environment(
        loader=PackageLoader("nhsuk_frontend_jinja"),
        undefined=ChainableUndefined,
        autoescape=True,
        auto_reload=False,
    )


class NHSMacros:
    """`nhs.input({...})`: the macros of the NHS components by their own names."""

    def __getattr__(self, name: str) -> Callable[..., str]:
        try:
            folder = NHS_COMPONENTS[name]
        except KeyError:
            raise AttributeError(name) from None
        template = nhs_environment().get_template(f"nhsuk/components/{folder}/macro.jinja")
        macro: Callable[..., str] = getattr(template.module, name)
        return macro


class Component:
    """A component macro, loaded when first called (again after each change in development)."""

    def __init__(self, environment: Environment, template: str, name: str) -> None:
        self.environment, self.template, self.name = environment, template, name
        self._macro: Callable[..., str] | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        """Return the macro's markup."""
        if self._macro is None or self.environment.auto_reload:
            module = self.environment.get_template(self.template).module
            self._macro = getattr(module, self.name)
        return self._macro(*args, **kwargs)


class FormComponent(Component):
    """A component that draws a form: it takes token and address from the page that it stands on."""

    @pass_context
    def __call__(self, context: Context, *args: Any, **kwargs: Any) -> str:
        """Return the macro's markup."""
        kwargs["csrf_input"] = context["csrf_input"]
        kwargs["here"] = page_address(context["request"])
        return super().__call__(*args, **kwargs)


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """Return the address of a view; raises NoReverseMatch for an unknown one."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def url_or_none(name: str, *args: Any, **kwargs: Any) -> str | None:
    """Return the address of a view, or None where this installation has no such view."""
    try:
        return url(name, *args, **kwargs)
    except NoReverseMatch:
        return None


def attributes(values: dict[str, Any] | None) -> str:
    """Return extra HTML attributes: True prints the name alone, None and False nothing."""
    return forms.html_attributes(values or {})


def page_language() -> str:
    """Return the language of the page as HTML names it: `en-GB`."""
    code, _dash, region = (get_language() or "en-gb").partition("-")
    return f"{code}-{region.upper()}" if region else code


def environment(**options: Any) -> Environment:
    """Build the environment that Django's Jinja2 backend uses."""
    undefined: type[Undefined] = StrictUndefined
    options["undefined"] = undefined
    env = Environment(  # noqa: S701 - Django's backend passes autoescape=True
        **options,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Old style on purpose: a translated string is text and is escaped, never markup.
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=False, pgettext=pgettext, npgettext=npgettext
    )
    env.filters.update(
        date=formatting.date,
        short_date=formatting.short_date,
        weekday_date=formatting.weekday_date,
        time=formatting.time,
        datetime=formatting.datetime,
        iso=formatting.iso,
        partial_date=formatting.partial_date,
        number=formatting.number,
        due=formatting.days_from_today,
        age=formatting.age,
        initials=formatting.initials_and_surname,
    )
    nhs = NHSMacros()
    env.globals.update({name: getattr(nhs, name) for name in NHS_COMPONENTS})
    for file, names in COMPONENTS.items():
        for name in names:
            kind = FormComponent if file == "posting" else Component
            env.globals[name] = kind(env, f"components/{file}.html", name)
    env.globals.update(
        nhs=nhs,
        url=url,
        url_or_none=url_or_none,
        static=static,
        attributes=attributes,
        json_script=json_script,
        htmx_script=htmx_script,
        describe_field=describe,
        error_items=forms.error_items,
        language=page_language,
        hidden_fields=forms.hidden_fields,
    )
    return env
