"""Which columns make two rows of two records differ, decided for every column of every kind: none is forgotten."""

from __future__ import annotations

import pytest

from cases.services.twins import PARTS_OF, SAID, TWINNED, left_out

ROW = {"id", "patient"}
NAMED = {*ROW, "public_id"}
DATE = ("earliest", "latest", "precision", "anchor", "offset_days", "state")


def stated(*names):
    return {column for name in names for column in (name, f"{name}_state")}


def dated(*names):
    return {f"{name}_{part}" for name in names for part in DATE}


# By kind: what is no difference, but for how dates were typed; then what is one.
COLUMNS = {
    "ICICourse": (
        # Its place follows from the record. That it is over was said first on the earlier day, and stays said.
        {*NAMED, "number", "over_said_on"},
        stated("drugs", "line", "best_response", "stop_reason", "contributing_reasons", "setting", "regimen_kind")
        | stated("planned_days", "progression_timing", "progression_confirmed", "progression_called", "new_lesions")
        | stated("growing_lesions", "progressing_organs", "all_treatable_locally", "primary_state")
        | {"regimen", "cycles_low", "cycles_high", "cycles_state", "stopped_for", "response_criteria"}
        | dated("start", "stop", "progressed"),
    ),
    "OtherTreatment": (
        NAMED,
        stated("line", "best_response", "dose_gy", "fractions") | {"kind", "name", "site"} | dated("start", "stop"),
    ),
    "ResponseAssessment": (
        NAMED,
        stated("response", "sum_mm", "new_lesions", "course") | {"criteria", "note"} | dated("assessed"),
    ),
    "IrAE": (
        # The grade now, and how it went on, were said again on the later day.
        {*NAMED, "now_on"},
        stated("worst_grade", "onset_grade", "grade_now", "resolution", "likelihood", "excluded", "care", "sequelae")
        | stated("course")
        | {"organ", "entity", "entity_text", "ctcae_version", "severity_word", "drugs", "sequelae_text"}
        | {"recurrence_of"}
        | dated("onset", "resolved"),
    ),
    "SteroidCourse": (
        # So was the dose of now; whether that day was typed goes with it.
        {*NAMED, "now_on", "now_day_said"},
        stated("drug", "indication", "peak_mg_per_day", "now_mg_per_day", "not_tapered")
        | {"irae", "name"}
        | dated("start", "stop"),
    ),
    "Immunosuppressant": (
        NAMED,
        stated("indication", "still_given") | {"irae", "drug", "name", "dose"} | dated("start", "stop"),
    ),
    "BiomarkerResult": (
        # "<1%" and "< 1 %" are the same bounds.
        {*NAMED, "entered"},
        {"kind", "timing", "low", "high", "state", "assay", "unit"} | dated("sampled"),
    ),
    "Report": (
        # Copies of a PDF are the same by their bytes, wherever each is kept. Who added one, and when, stays with each.
        {*NAMED, "file", "added_by", "added_at"},
        {"irae", "title", "text", "link", "file_sha256"} | dated("reported"),
    ),
    "DossierEntry": (ROW, stated("answer") | {"irae", "item", "low", "high"} | dated("found_on")),
    "SteroidDose": (ROW, {"course", "mg_per_day"} | dated("since")),
}  # fmt: skip
MODELS = [*TWINNED, *(part for part, _name in PARTS_OF.values())]


def test_every_kind_is_in_the_table():
    assert {model.__name__ for model in MODELS} == set(COLUMNS)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_column_is_a_difference_or_none(model):
    none, some = COLUMNS[model.__name__]
    assert not none & some
    texts = {f"{name.removesuffix('_anchor')}_text" for name in some if name.endswith("_anchor")}
    assert {field.name for field in model._meta.concrete_fields} == none | some | texts
    assert left_out(model) & (none | some | texts) == none | texts


def test_of_two_days_first_said_is_the_earlier_and_said_again_the_later():
    kept = {model.__name__: said.kept for model, said in SAID.items()}
    assert kept == {"ICICourse": min, "IrAE": max, "SteroidCourse": max}
