"""What a referral told and the record says otherwise: by name, with the value as it was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.forms.events import event_choice
from cases.models import ICICourse
from cases.presenters.items import course_name
from cases.services.referral_now import OF_STEROIDS
from ui.forms import in_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from django import forms

    from cases.services.referral_same import Left

# Columns that the form asks under another name.
FIELDS = {"drugs": "drug_1", "cycles_low": "cycles"}
TOGETHER = {"drug_1": ("drug_1", "drug_2"), "ecog": ("ecog", "ecog_on")}
# Where the question of the form is no name of what it asks.
NAMES = {
    "stop_reason": gettext_lazy("reason for stopping"),
    "progression_timing": gettext_lazy("progression"),
    "drug_1": gettext_lazy("ICI"),
}


def left_words(form: forms.Form, left: Iterable[Left]) -> list[str]:
    """Return the sentences about what was left: of the steroids, and of all else."""
    steroids: list[str] = []
    rest: dict[str, list[str]] = {}
    for one in left:
        name = FIELDS.get(one.name, one.name)
        if name not in form.fields:
            continue
        if name in OF_STEROIDS.values():
            steroids.append(_told(form, name))
        else:
            rest.setdefault(_about(one.row), []).append(_told(form, name))
    said = []
    if steroids:
        words = _(
            "The steroid dose was not entered: the record has steroids already (told: %(told)s). Change it there."
        )
        said.append(words % {"told": ", ".join(steroids)})
    if rest:
        parts = [
            f"{about}: {', '.join(told)}" if about else ", ".join(told)
            for about, told in rest.items()
        ]
        words = _(
            "Not entered, since the record says otherwise: %(told)s. Compare, and change it there."
        )
        said.append(words % {"told": "; ".join(parts)})
    return said


def _about(row: Any) -> str:
    """Return which course or irAE of the record says otherwise."""
    if row is None:
        return ""
    if isinstance(row, ICICourse):
        return _("course %(n)s, %(drugs)s") % {"n": row.number, "drugs": course_name(row)}
    return event_choice(row)


def _told(form: forms.Form, name: str) -> str:
    """Return a field with what was typed in it, and with what belongs to it."""
    values = [shown for part in TOGETHER.get(name, (name,)) if (shown := _shown(form, part))]
    named = NAMES.get(name) or in_sentence(str(form.fields[name].label))
    return f"{named} {', '.join(values)}"


def _shown(form: forms.Form, name: str) -> str:
    """Return the words of what was chosen, or what was typed."""
    value = form[name].value()
    choices = getattr(form.fields[name], "choices", None)
    if choices is None:
        unit = getattr(form.fields[name].widget, "suffix", None)
        return f"{value} {unit}" if value and unit else str(value or "")
    words = dict(choices)
    chosen = value if isinstance(value, list) else [value]
    return ", ".join(str(words.get(one, one)) for one in chosen if one)
