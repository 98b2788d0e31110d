"""What each field of a form answers, so that what is "not yet" there can be given to somebody.

A fact of the vocabulary, or where it answers none, an item of the record (`cases.askable`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.askable import items_of_dossier, items_of_form, items_of_rows
from cases.models import (
    DRIVER_GENES,
    BiomarkerKind,
    Driver,
    MetastaticSite,
    SampleTiming,
    Section,
    TMBUnit,
)
from cases.presenters.steroids import SECOND_LINE
from cases.presenters.tumour import DRIVERS, METASTASES
from cases.reading import BACKGROUND, asked_row, last_given_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cases.models import Case, DossierItem, IrAE

OF_FORMS: dict[str, dict[str, str]] = {
    Section.QUESTION: {
        "disease_status": "disease_status",
        "proposed_regimen": "proposed_regimen",
        # Which drug is proposed, as far as a fact reads it.
        "proposed_drug_1": "proposed_includes_ctla4",
    },
    Section.TUMOUR: {"histology": "histology", "stage_group": "stage_group"},
    Section.FITNESS: {"ecog": "ecog"},
    METASTASES: {"liver": "liver_metastases", "brain": "brain_metastases"},
    "background": {name: name for name in BACKGROUND},
    Section.STEROIDS: {
        "now_mg_per_day": "steroid_now",
        "not_tapered": "steroid_not_tapered",
    },
    SECOND_LINE: {"still_given": "immunosuppressant_now"},
}
OF_THE_COURSE: dict[str, str] = {
    "stop_reason": "stop_reason",
    "contributing_reasons": "irae_contributed",
    "progression_timing": "progression_timing",
    "best_response": "best_response",
    "setting": "prior_setting",
    "start": "prior_ici_days",
    "new_lesions": "oligoprogression",
}
OF_EVENTS: dict[str, str] = {
    "grade_now": "irae_grade_now",
    "resolution": "irae_resolved",
    "onset": "first_irae_days",
    "worst_grade": "irae_worst_grade",
}
OF_SAMPLES: Mapping[tuple[str, str], str] = {
    (BiomarkerKind.PDL1_TPS, SampleTiming.BEFORE): "pdl1_tps_initial",
    (BiomarkerKind.PDL1_TPS, SampleTiming.AFTER): "pdl1_tps_recent",
}


def facts_of_form(case: Case, key: str, row: Any = None) -> dict[str, str]:
    """Return by the names of its fields what a form answers; `row`: of which item, None for a new one."""
    if key == DRIVERS:
        genes = [gene.value for gene in (*DRIVER_GENES, Driver.UNNAMED)]
        return items_of_rows("driver", genes) | {"EGFR": "driver_mutation"}
    if key == METASTASES:
        return items_of_rows("site", MetastaticSite.values) | OF_FORMS[METASTASES]
    found = items_of_form(key, row)
    if key == Section.COURSES:
        return found | _of_course(case, row)
    if key == Section.IRAES:
        return found | OF_EVENTS
    return found | OF_FORMS.get(key, {})


def facts_of_dossier(irae: IrAE, items: Iterable[DossierItem]) -> dict[str, str]:
    """Return by the fields of the dossier of `irae` what they answer; most items answer no fact."""
    items = list(items)
    return items_of_dossier(irae, items) | {item.code: item.fact for item in items if item.fact}


def _of_course(case: Case, row: Any) -> dict[str, str]:
    """Return those of the course in question; the last dose is that of the course given last."""
    asked, last = asked_row(case), last_given_row(case)
    found = dict(OF_THE_COURSE) if row is None or (asked and asked.pk == row.pk) else {}
    return found | (
        {"stop": "ici_free_days"} if row is None or (last and last.pk == row.pk) else {}
    )


def facts_of_sample(form: Any, row: Any = None) -> dict[str, str]:
    """Return what a sample answers, by what its form says of it now."""
    found, fact = items_of_form("biomarkers", row), _fact_of_sample(form)
    return found | ({"value": fact} if fact else {})


def _fact_of_sample(form: Any) -> str:
    measured, timing = (str(form[name].value() or "") for name in ("measured", "timing"))
    kind, _sep, unit = measured.partition(" ")
    if kind == BiomarkerKind.TMB:
        return "tmb" if unit == TMBUnit.PER_MEGABASE else ""
    return OF_SAMPLES.get((kind, timing), "")
