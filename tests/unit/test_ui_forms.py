"""Forms: what is said when something is missing, and how fields become markup."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser

import pytest
from django import forms
from django.template.loader import render_to_string

from ui.forms import (
    ChoiceCards,
    Form,
    PartialDateFormField,
    Segmented,
    Textarea,
    TextInput,
    VersionField,
    error_items,
    hidden_fields,
    html_attributes,
)
from ui.jinja import NHSMacros
from ui.partial_dates import parse_partial_date
from ui.widgets import describe


class IrAEForm(Form):
    version = VersionField()
    entity = forms.ChoiceField(
        label="Event", choices=[("", "Choose"), ("pneumonitis", "Pneumonitis")]
    )
    peak = forms.DecimalField(label="Peak dose", widget=TextInput(suffix="mg/day", width=5))
    onset = PartialDateFormField(label="Onset", allow_relative=False)
    why = forms.ChoiceField(
        label="Why did it stop?",
        widget=ChoiceCards(hints={"irae": "any grade"}),
        choices=[("irae", "irAE"), ("other", "Other")],
    )
    outcome = forms.ChoiceField(label="Outcome", widget=Segmented, choices=[("a", "A"), ("b", "B")])
    urgent = forms.BooleanField(label="Urgent", required=False, help_text="between meetings")
    organs = forms.MultipleChoiceField(
        label="Organs",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("lung", "Lung"), ("colon", "Colon")],
    )
    note = forms.CharField(label="Note <b>", required=False, widget=Textarea, max_length=9)
    sample = forms.ChoiceField(
        label="Sample", required=False, widget=forms.RadioSelect, choices=[("x", "X")]
    )
    file = forms.FileField(label="Report", required=False)
    secret = forms.CharField(label="Password", required=False, widget=forms.PasswordInput)
    grouped = forms.MultipleChoiceField(
        label="Grouped", required=False, choices=[("PD-1", [("p", "Pembrolizumab")])]
    )

    def clean(self):
        if self.cleaned_data.get("note") == "both":
            raise forms.ValidationError("These two contradict each other")


def shown(bound, **options) -> str:
    return render_to_string(
        "styleguide/_one_field.html", {"bound": bound, "options": options}, using="jinja2"
    )


def test_every_missing_field_is_named():
    items = {i["href"]: i["text"] for i in IrAEForm({}).error_items()}
    assert items["#id_entity"] == "Choose: event"
    assert items["#id_peak"] == "Enter: peak dose"
    assert items["#id_why"] == "Why did it stop? Answer this question"
    assert "#id_urgent" not in items


def test_summary_names_the_field_of_an_error_that_does_not():
    form = IrAEForm({"peak": "much", "onset": "31 February 2025"})
    texts = [item["text"] for item in error_items(form, None, IrAEForm())]
    assert "Peak dose: enter a number." in texts
    assert "Onset: February 2025 has no day 31" in texts


def test_an_error_of_the_whole_form_has_no_address():
    form = IrAEForm({"note": "both"})
    assert {"text": "These two contradict each other", "href": ""} in form.error_items()


def test_a_hidden_field_in_error_is_said_without_a_link():
    assert any(
        item["href"] == "" and "version" in item["text"].lower()
        for item in IrAEForm({}).error_items()
    )


def test_own_words_for_a_missing_field_are_kept():
    class Own(Form):
        name = forms.CharField(error_messages={"required": "Say who"})

    assert Own({}).error_items()[0]["text"] == "Name: Say who"


def test_partial_date_field_cleans_and_shows_as_typed():
    field = PartialDateFormField(required=False)
    assert field.clean("March 2025").earliest == date(2025, 3, 1)
    assert field.clean("") is None
    assert field.prepare_value(parse_partial_date("3/3/2025")) == "3 March 2025"
    assert field.prepare_value("as typed") == "as typed"
    assert not field.has_changed(parse_partial_date("2025"), "2025")
    assert field.has_changed(parse_partial_date("2025"), "2024")
    assert field.clean("day 26 after ICI start").offset_days == 26
    with pytest.raises(forms.ValidationError, match="not days from an event"):
        PartialDateFormField(allow_relative=False).clean("day 26 after ICI start")
    with pytest.raises(forms.ValidationError, match="There is no month 13"):
        field.clean("1/13/2025")
    with pytest.raises(forms.ValidationError, match="Enter a date as"):
        field.clean("soon")


def test_a_text_field_has_label_unit_and_error_beside_it():
    html = shown(IrAEForm({"peak": "<much>"})["peak"])
    assert 'value="&lt;much&gt;"' in html
    assert 'for="id_peak"' in html
    assert "mg/day" in html
    assert 'id="id_peak-error"' in html
    assert 'aria-describedby="id_peak-unit id_peak-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'inputmode="decimal"' not in html


def test_a_number_is_text_with_a_numeric_keyboard():
    class Doses(Form):
        dose = forms.DecimalField(min_value=0)

    html = shown(Doses()["dose"])
    assert 'type="text"' in html
    assert 'inputmode="decimal"' in html
    assert "min=" not in html


class Elements(HTMLParser):
    """The elements of a piece of markup with their attributes, and its text without spaces."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[object] = []
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, sorted((name, value or "") for name, value in attrs)))

    def handle_data(self, data):
        self.text += "".join(data.split())


@pytest.mark.parametrize(
    "name", ["onset", "entity", "note", "grouped", "organs", "sample", "urgent"]
)
@pytest.mark.parametrize(
    "data",
    [
        None,
        {
            "onset": "31 February 2025",
            "note": "<b> too long",
            "organs": ["colon", "spleen"],
            "sample": "y",
        },
    ],
)
def test_the_fast_fields_are_the_nhs_macros_elements(name, data):
    bound = IrAEForm(data)[name]
    options = {"classes": "extra", "group_classes": "group", "attributes": {"data-x": "1"}}
    kind, params = describe(bound, options)
    # The macro would print the group's id a second time, on the wrapper of its choices.
    if kind in {"checkboxes", "radios"}:
        params.pop("id")
    ours, theirs = Elements(shown(bound, **options)), Elements(getattr(NHSMacros(), kind)(params))
    assert ours.found == theirs.found
    assert ours.text == theirs.text


def test_labels_are_escaped_and_can_be_replaced_or_hidden():
    form = IrAEForm()
    assert "Note &lt;b&gt;" in shown(form["note"])
    assert "nhsuk-u-visually-hidden" in shown(form["entity"], hide_label=True)
    assert "Another" in shown(form["entity"], label="Another")


def test_no_browser_cuts_what_is_pasted_and_the_server_says_how_much_is_too_much():
    form = IrAEForm({"note": "0123456789a"})
    assert "maxlength" not in shown(form["note"], rows=5)
    assert form.errors["note"] == ["At most 9 characters, 11 typed"]
    assert "0123456789a" in shown(form["note"])
    said = [item["text"] for item in form.error_items()]
    assert any("at most 9 characters, 11 typed" in text for text in said)


def test_choices_are_radios_of_one_group():
    form = IrAEForm({"outcome": "b", "why": "irae"})
    segmented = shown(form["outcome"])
    assert segmented.count('type="radio"') == 2
    assert 'id="id_outcome" name="outcome" value="a">' in segmented
    assert 'value="b" checked' in segmented
    cards = shown(form["why"], columns=2)
    assert 'aria-describedby="id_why-item-hint"' in cards
    assert "app-choices--2" in cards
    assert shown(form["sample"]).count("nhsuk-radios__input") == 1


def test_boxes_files_passwords_and_selects():
    form = IrAEForm({"urgent": "on", "organs": ["colon"], "secret": "hush", "grouped": ["p"]})
    assert "checked" in shown(form["urgent"])
    assert "between meetings" in shown(form["urgent"])
    boxes = shown(form["organs"])
    assert boxes.count("checked") == 1
    assert 'type="file"' in shown(form["file"])
    assert "hush" not in shown(form["secret"])
    assert 'multiple="multiple"' in shown(form["grouped"])
    assert "Pembrolizumab" in shown(form["grouped"])


def test_hidden_fields_hold_the_version():
    form = IrAEForm(initial={"version": 7})
    assert 'type="hidden" name="version" value="7"' in hidden_fields(form)
    assert 'type="hidden"' in shown(form["version"])


def test_attributes_are_escaped_and_named():
    html = html_attributes(
        {"hx_get": "/x?a=1&b=2", "open": True, "id": None, "disabled": False, "data-a": '"'}
    )
    assert html == ' open hx-get="/x?a=1&amp;b=2" data-a="&#34;"'


def test_summary_is_empty_without_errors_and_takes_plain_forms():
    class Plain(forms.Form):
        name = forms.CharField()

    assert (
        render_to_string("layout/_errors.html", {"form": IrAEForm()}, using="jinja2").strip() == ""
    )
    assert error_items(Plain({})) == [{"text": "This field is required.", "href": "#id_name"}]
    html = render_to_string("layout/_errors.html", {"form": Plain({})}, using="jinja2")
    assert 'href="#id_name"' in html
    assert 'role="alert"' in html
