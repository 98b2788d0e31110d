"""Which fact each field of a form answers, so that what is "not yet" there can be given to somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.models import BiomarkerKind, SampleTiming, Section, TMBUnit
from cases.presenters.steroids import SECOND_LINE
from cases.presenters.tumour import DRIVERS, METASTASES
from cases.reading import BACKGROUND, asked_row, last_given_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cases.models import Case, DossierItem

OF_FORMS: Mapping[str, Mapping[str, str]] = {
    Section.QUESTION: {
        "disease_status": "disease_status",
        "proposed_regimen": "proposed_regimen",
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
OF_THE_COURSE: Mapping[str, str] = {
    "stop_reason": "stop_reason",
    "contributing_reasons": "irae_contributed",
    "progression_timing": "progression_timing",
    "best_response": "best_response",
    "setting": "prior_setting",
    "start": "prior_ici_days",
    "new_lesions": "oligoprogression",
}
OF_EVENTS: Mapping[str, str] = {
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
    """Return by the names of its fields the facts that a form answers; `row`: of which item, None for a new one."""
    if key == Section.COURSES:
        return _of_course(case, row)
    if key == Section.IRAES:
        return dict(OF_EVENTS)
    if key == DRIVERS:
        return {"EGFR": "driver_mutation"}
    return dict(OF_FORMS.get(key, {}))


def facts_of_dossier(items: Iterable[DossierItem]) -> dict[str, str]:
    """Return by the codes of a dossier's items the facts that they answer; most items answer none."""
    return {item.code: item.fact for item in items if item.fact}


def _of_course(case: Case, row: Any) -> dict[str, str]:
    """Return those of the course in question; the last dose is that of the course given last."""
    asked, last = asked_row(case), last_given_row(case)
    found = dict(OF_THE_COURSE) if row is None or (asked and asked.pk == row.pk) else {}
    return found | (
        {"stop": "ici_free_days"} if row is None or (last and last.pk == row.pk) else {}
    )


def fact_of_sample(form: Any) -> dict[str, str]:
    """Return the fact that a sample answers, by what its form says of it now; "" where it answers none."""
    measured, timing = (str(form[name].value() or "") for name in ("measured", "timing"))
    kind, _sep, unit = measured.partition(" ")
    if kind == BiomarkerKind.TMB:
        return {"value": "tmb" if unit == TMBUnit.PER_MEGABASE else ""}
    return {"value": OF_SAMPLES.get((kind, timing), "")}
