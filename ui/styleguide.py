"""What the style guide shows: an example form in its states, invented rows, the tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest

from ui.forms import ChoiceCards, Form, PartialDateFormField, Segmented, Textarea, TextInput
from ui.paging import KeysetPage
from ui.stated import StatedFormMixin

PARTS = (
    "tokens",
    "buttons",
    "tags",
    "patient",
    "cards",
    "sections",
    "lists",
    "messages",
    "fields",
    "facts",
    "pages",
    "meeting",
)


ICONS = (
    "search", "menu", "warning", "info", "done", "check", "cross", "chevron", "down", "arrow", "edit",
    "plus", "calendar", "people", "file", "bell", "lock", "clock", "inbox", "grip", "moon", "print",
    "book",
)  # fmt: skip
# What the signs of pictures are called, by their kind.
SIGNS = {
    "pd1": "PD-1", "pdl1": "PD-L1", "ctla4": "CTLA-4", "chemo": "chemotherapy", "radio": "radiotherapy",
    "targeted": "targeted", "vessel": "antiangiogenic", "second": "second line", "other": "other",
    "steroid": "steroid", "grade1": "grade 1", "grade2": "grade 2", "grade3": "grade 3",
    "grade4": "grade 4", "grade5": "grade 5", "decision": "decision", "trend": "trend of a value",
    "span": "somewhere between", "undated": "no date", "soft": "only month or year known",
    "proposed": "proposed", "done": "done", "late": "done late", "provisional": "provisional date",
    "abnormal": "done, abnormal", "due": "due", "missed": "missed", "waiting": "waiting for a dose",
    "untold": "doses between are not known",
}  # fmt: skip
ATTENDANCE = ("in_room", "remote", "deputy", "missing", "no", "no_reply")


@dataclass(frozen=True)
class ExampleDraft:
    """A draft as a form shows it that was kept while it was typed."""

    key: str = "example"
    saved: str = "14:02"
    stamp: str = ""
    two: bool = False


class ExampleForm(StatedFormMixin, Form):
    """Every kind of field, with two facts whose state can be chosen."""

    stated_fields = ("ecog", "dlco")

    entity = forms.ChoiceField(
        label="Event", choices=[("", "Choose"), ("pneumonitis", "Pneumonitis (lung)")]
    )
    peak = forms.DecimalField(
        label="Peak dose", widget=TextInput({"inputmode": "decimal"}, suffix="mg/day")
    )
    onset = PartialDateFormField(label="Onset")
    question = forms.CharField(
        label="What do you ask the board?", widget=Textarea, help_text="one sentence"
    )
    outcome = forms.ChoiceField(
        label="Outcome",
        widget=Segmented,
        choices=[
            ("same_agent", "Same agent"),
            ("other_class", "Other class"),
            ("no_rechallenge", "No rechallenge"),
            ("defer", "Defer"),
        ],
    )
    reason = forms.ChoiceField(
        label="Why did the immune checkpoint inhibitor stop?",
        widget=ChoiceCards(hints={"other": "say what in the next field"}),
        choices=[
            ("completed", "Planned course complete"),
            ("progression", "Progression on treatment"),
            ("irae", "Immune-related adverse event"),
            ("other", "Other"),
        ],
    )
    urgent = forms.BooleanField(label="Urgent, between meetings", required=False)
    organs = forms.MultipleChoiceField(
        label="Organs affected before",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("lung", "Lung"), ("colon", "Colon"), ("thyroid", "Thyroid")],
    )
    sample = forms.ChoiceField(
        label="Sample",
        widget=forms.RadioSelect,
        choices=[("initial", "Before the first ICI"), ("recent", "After the first ICI")],
    )
    ecog = forms.TypedChoiceField(
        label="ECOG",
        coerce=int,
        empty_value=None,
        choices=[("", "Choose"), (0, "0, fully active"), (1, "1, restricted but ambulatory")],
    )
    dlco = forms.DecimalField(label="DLCO", widget=TextInput(suffix="% predicted", width=5))


def context(request: HttpRequest) -> dict[str, Any]:
    """Return everything the style guide's template needs."""
    initial = {
        "entity": "pneumonitis",
        "peak": 70,
        "onset": "20 February 2025",
        "outcome": "same_agent",
        "reason": "irae",
        "ecog": 1,
        "ecog_state": "known",
        "dlco_state": "not_yet",
    }
    wrong = {"peak": "a lot", "onset": "31 February 2025", "ecog_state": "known", "dlco": "x"}
    return {
        "parts": PARTS,
        "theme": request.GET.get("theme", "light"),
        "form": ExampleForm(initial=initial, prefix="plain"),
        "wrong": ExampleForm({f"wrong-{k}": v for k, v in wrong.items()}, prefix="wrong"),
        "icons": ICONS,
        "signs": [{"text": text, "kind": kind} for kind, text in SIGNS.items()],
        "attendance": ATTENDANCE,
        "draft": ExampleDraft(),
        "kept": ExampleForm(initial={"question": "Typed and not yet saved."}, prefix="kept"),
        "middle_page": KeysetPage([1], "?after=x", "?before=x"),
        "items": [
            ("Born", "12 May 1962 (64)"),
            ("Hospital no.", "0047 2213"),
            ("Tumour", "Adenocarcinoma, IVA (9th)"),
            ("PD-L1 TPS", "60 % (before ICI)"),
            ("Drivers", "KRAS G12C, others neg."),
            ("ECOG", "1 on 12 Nov"),
            ("Steroid now", "5 mg pred-eq."),
        ],
    }
