"""Several drugs in one form: each further one is offered once those before it are chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.forms.fields import Stated, StatedChoiceField
from cases.forms.sections import SectionForm
from cases.vocabulary import Drug, drugs, offered_drugs
from evidence.conditions import FactState

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField

MOST_DRUGS = 4
SHOWN_AT_LEAST = 2


def drug_hint(drug: Drug) -> str:
    """Return class, ATC code and usual dose of a drug, with how the dose is known."""
    parts = [drug.drug_class, drug.atc or _("no ATC code")]
    if drug.dose:
        usual = _("usual dose in NSCLC: %(dose)s (%(mark)s, to be confirmed)")
        parts.append(usual % {"dose": drug.dose_words, "mark": drug.dose_mark_words})
    return " · ".join(parts)


class DrugsForm(SectionForm):
    """Fields `<drug_prefix>_1` to `_4`; the first may say why no drug is named."""

    drug_prefix = "drug"
    # Whether an agent may be chosen of which the class alone is known: of what was given, never of what is proposed.
    names_unnamed = False
    first_label: Any = gettext_lazy("Drug")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [f"{self.drug_prefix}_{number}" for number in range(1, MOST_DRUGS + 1)]
        options = [
            (d.code, f"{capfirst(d.name)} ({d.target})")
            for d in offered_drugs(*map(self._held, names))
            if self.names_unnamed or not d.unnamed
        ]
        labels = {2: _("With"), 3: _("Third drug"), 4: _("Fourth drug")}
        first = f"{self.drug_prefix}_1"
        self.fields[first] = StatedChoiceField(label=self.first_label, choices=options)
        for number in range(2, MOST_DRUGS + 1):
            self.fields[f"{self.drug_prefix}_{number}"] = forms.ChoiceField(
                label=labels[number], required=False, choices=[("", _("Nothing else")), *options]
            )
        for number in range(1, MOST_DRUGS + 1):
            bound = self[f"{self.drug_prefix}_{number}"]
            chosen = drugs().get(str(bound.value() or ""))
            bound.help_text = drug_hint(chosen) if chosen else ""

    def _held(self, name: str) -> object:
        """Return what was typed into a field or stood in it, before the field is there."""
        if self.is_bound:
            return self.data.get(self.add_prefix(name))
        found = self.initial.get(name)
        return found.value if isinstance(found, Stated) else found

    @property
    def drug_fields(self) -> list[BoundField]:
        """The fields to show: two, and one more than are chosen."""
        names = [f"{self.drug_prefix}_{n}" for n in range(1, MOST_DRUGS + 1)]
        chosen = [n for n, name in enumerate(names, start=1) if self[name].value() in drugs()]
        shown = min(max(SHOWN_AT_LEAST, max(chosen, default=0) + 1), MOST_DRUGS)
        return [self[name] for name in names[:shown]]

    @classmethod
    def initial_drugs(cls, codes: list[str], state: str) -> dict[str, Any]:
        """Return the initial values for stored drugs."""
        first = Stated(None, state) if not codes else Stated(codes[0], FactState.KNOWN.value)
        rest = {f"{cls.drug_prefix}_{n}": code for n, code in enumerate(codes[1:], start=2)}
        return {f"{cls.drug_prefix}_1": first, **rest}

    def chosen_drugs(self) -> tuple[list[str], str]:
        """Return the codes chosen, each once, and the state of the list."""
        first: Stated = self.cleaned_data[f"{self.drug_prefix}_1"]
        rest = [self.cleaned_data[f"{self.drug_prefix}_{n}"] for n in range(2, MOST_DRUGS + 1)]
        codes = list(dict.fromkeys(code for code in (first.value, *rest) if code))
        return codes, FactState.KNOWN.value if codes else first.state
