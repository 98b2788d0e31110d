"""Names of the record's columns in the list of changes, where a column's own name says too little."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

LABELS: dict[str, Callable[[], str]] = {
    "ecog": lambda: _("ECOG"),
    "steroid_total_mg": lambda: _(
        "Steroids without replacement, mg/day of prednisone, as a check found"
    ),
    "steroid_total_on": lambda: _("Steroids without replacement, found on"),
    "stop_reason": lambda: _("Why the ICI was stopped"),
    "progression_timing": lambda: _("Progression"),
    "progression_called": lambda: _("The report calls it"),
    "setting": lambda: _("Setting"),
    "regimen_kind": lambda: _("Regimen"),
    "primary_state": lambda: _("The primary at progression"),
    "disease_status": lambda: _("The disease today"),
    "disease_status_on": lambda: _("The disease today, said on"),
    "prophylaxis": lambda: _("Prophylaxis"),
    "response": lambda: _("Response"),
    "proposed_regimen": lambda: _("Proposed"),
    "peak_mg_per_day": lambda: _("Peak, mg/day"),
    "now_mg_per_day": lambda: _("Now, mg/day"),
    "stage_group": lambda: _("Stage"),
    "state": lambda: _("State"),
    "histology": lambda: _("Histology"),
    "autoimmune_disease": lambda: _("Autoimmune disease"),
    "autoimmune_text": lambda: _("Which autoimmune disease"),
    "interstitial_lung_disease": lambda: _("Interstitial lung disease"),
    "smoking": lambda: _("Smoking"),
    "transplant": lambda: _("Transplant"),
    "hepatitis_b": lambda: _("Hepatitis B"),
    "hepatitis_c": lambda: _("Hepatitis C"),
    "heart_disease": lambda: _("Heart disease"),
    "heart_text": lambda: _("Which heart disease"),
    "pregnancy": lambda: _("Pregnancy"),
    "bleeding": lambda: _("Bleeding"),
    "hypertension": lambda: _("Hypertension"),
    "major_surgery": lambda: _("Recent major surgery"),
    "result": lambda: _("Result"),
    "present": lambda: _("Metastases"),
    "best_response": lambda: _("Best response"),
    "worst_grade": lambda: _("Worst grade"),
    "grade_now": lambda: _("Grade now"),
    "resolution": lambda: _("Resolution"),
    "drug": lambda: _("Drug"),
    "courses_complete_as_of": lambda: _("List of ICI courses complete as of"),
    "treatments_complete_as_of": lambda: _("List of other treatment complete as of"),
    "responses_complete_as_of": lambda: _("List of response assessments complete as of"),
    "steroids_complete_as_of": lambda: _("List of steroids complete as of"),
    "second_line_complete_as_of": lambda: _("List of second-line agents complete as of"),
    "metastases_complete_as_of": lambda: _("List of sites of metastases complete as of"),
    "likelihood": lambda: _("Caused by the ICI"),
    "indication": lambda: _("Given for"),
    "answer": lambda: _("Answer"),
    "due_on": lambda: _("By"),
    "done_at": lambda: _("There since"),
    "detached_at": lambda: _("Taken off"),
    "kept_at": lambda: _("Kept though something newer came"),
}
