"""What is proposed, held against the drugs that are named for it and those that were given before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cases.vocabulary import Regimen, drug_label, drug_targets, is_bispecific, may_be

if TYPE_CHECKING:
    from cases.forms.doubts import Doubted

OF_PD1 = {"PD-1", "PD-L1"}


def question_proposal(
    form: Doubted, name: str, regimen: str | None, proposed: list[str], given: list[str]
) -> None:
    """Question beside the drug what the words for the proposal do not fit, where both are told."""
    if "proposed_regimen" in form.errors or not proposed:
        return
    if regimen and _unlike(regimen, proposed, given):
        words = _("%(drugs)s, after %(given)s, is not “%(regimen)s”. Is it right?")
        if not given:
            words = _("%(drugs)s is not “%(regimen)s”. Is it right?")
        form.ask_back(
            name,
            words
            % {
                "drugs": capfirst(_named(proposed)),
                "given": _named(given),
                "regimen": Regimen(regimen).label,
            },
        )


def _named(codes: list[str]) -> str:
    return " + ".join(drug_label(code) for code in codes)


def _unlike(regimen: str, proposed: list[str], given: list[str]) -> bool:
    """Whether the drugs are certainly not what the regimen says."""
    targets, before = drug_targets(proposed), drug_targets(given)
    if regimen == Regimen.CTLA4:
        return "CTLA-4" not in targets
    if regimen == Regimen.BISPECIFIC:
        return not any(is_bispecific(code) for code in proposed)
    if not given:
        return False
    if regimen == Regimen.SAME_AGENT:
        # An agent of which the class alone is known may be the one that is proposed.
        return any(c not in given and not hides(c, given) for c in proposed)
    if regimen == Regimen.OTHER_AGENT:
        return set(proposed) <= set(given) or not targets & before
    return regimen == Regimen.SWITCH and bool(targets & OF_PD1) and targets & OF_PD1 <= before


def hides(code: str, given: list[str]) -> bool:
    """Whether one of the agents given is known by its class alone, and may be this one."""
    return any(may_be(other) in drug_targets([code]) for other in given)
