"""What somebody was asked for, in words: a fact of the vocabulary, or an item of the record beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import F, Func, OuterRef, QuerySet, Subquery, Value
from django.utils.translation import gettext as _

from cases.askable import DOSSIER, OF_DOSSIERS, Item, item_of
from cases.changelabels import LABELS
from cases.models import DossierItem, Driver, MetastaticSite
from cases.presenters.items import course_name
from cases.presenters.steroids import second_line_name
from cases.presenters.tumour import sample_name
from cases.presenters.words import dated_words, fact_label, text_words
from cases.vocabulary import event_name
from evidence.conditions import FACTS
from ui.forms import in_sentence

if TYPE_CHECKING:
    from cases.models import Case, FactTask

# Columns whose own name, or that of the list of changes, says too little where they stand alone.
_OWN: dict[str, Callable[[], str]] = {
    "prophylaxis": lambda: _("Prophylaxis beside the ICI"),
    "alternatives": lambda: _("Alternatives still open"),
    "t_category": lambda: _("T category"),
    "n_category": lambda: _("N category"),
    "m_category": lambda: _("M category"),
    "assessed": lambda: _("Day of the assessment"),
    "status-assessed": lambda: _("Day on which ECOG was assessed"),
    "weight_kg": lambda: _("Weight"),
    "weighed": lambda: _("Day on which the weight was taken"),
    "height_cm": lambda: _("Height"),
    "pack_years": lambda: _("Pack-years"),
    "bled": lambda: _("Day of the last bleeding"),
    "operated": lambda: _("Day of the operation"),
    "comorbidities": lambda: _("Other illnesses"),
    "preference": lambda: _("What the patient wants"),
    "drugs": lambda: _("Drugs"),
    "line": lambda: _("Line"),
    "course-start": lambda: _("First dose"),
    "course-stop": lambda: _("Last dose"),
    "start": lambda: _("First day"),
    "stop": lambda: _("Last day"),
    "cycles": lambda: _("Cycles"),
    "planned_days": lambda: _("Planned duration"),
    "stop_reason": lambda: _("Main reason for stopping"),
    "contributing_reasons": lambda: _("Other reasons for stopping"),
    "progression_timing": lambda: _("When the cancer progressed"),
    "progressed": lambda: _("Day of the progression"),
    "progression_confirmed": lambda: _("Progression confirmed by a later scan"),
    "progression_called": lambda: _("What the report calls the progression"),
    "new_lesions": lambda: _("New lesions"),
    "growing_lesions": lambda: _("Growing lesions"),
    "progressing_organs": lambda: _("Organs with progression"),
    "all_treatable_locally": lambda: _("Whether all can be treated locally"),
    "dose_gy": lambda: _("Dose of radiotherapy"),
    "fractions": lambda: _("Fractions"),
    "sum_mm": lambda: _("Sum of diameters"),
    "onset": lambda: _("Onset"),
    "resolution": lambda: _("How it went on"),
    "resolved": lambda: _("Day on which it resolved"),
    "onset_grade": lambda: _("Grade at onset"),
    "care": lambda: _("Most intensive care"),
    "excluded": lambda: _("Looked for and excluded"),
    "sequelae": lambda: _("Sequelae"),
    "peak_mg_per_day": lambda: _("Peak dose"),
    "now_mg_per_day": lambda: _("Dose now"),
    "not_tapered": lambda: _("Whether it could be tapered"),
    "still_given": lambda: _("Whether it is still given"),
    "reported": lambda: _("Day of the report"),
    "value": lambda: _("Result"),
    "sampled": lambda: _("Day of the sample"),
}
# What the rows are of which there are several.
_ROWS: dict[str, Callable[[], str]] = {
    "course": lambda: _("ICI course"),
    "treatment": lambda: _("other treatment"),
    "response": lambda: _("response assessment"),
    "irae": lambda: _("irAE"),
    "steroid": lambda: _("steroid course"),
    "second": lambda: _("second-line agent"),
    "report": lambda: _("report"),
    "sample": lambda: _("biomarker"),
}


# Where the record keeps them, and how one is called.
_NAMED: dict[str, tuple[str, Callable[[Any], str]]] = {
    "course": ("courses", course_name),
    "treatment": ("treatments", lambda row: str(row.get_kind_display())),
    "response": ("responses", lambda row: dated_words(row, "assessed")),
    "irae": ("iraes", event_name),
    DOSSIER: ("iraes", event_name),
    "steroid": ("steroids", lambda row: row.called),
    "second": ("immunosuppressants", second_line_name),
    "report": ("reports", lambda row: row.title),
    "sample": ("biomarkers", sample_name),
}


def row_words(case: Case, key: str) -> str:
    """Return of which row an item is, of a case whose record was fetched; "" where there is no such row."""
    item = item_of(key)
    if item is None or item.kind.code not in _NAMED:
        return ""
    rows, name = _NAMED[item.kind.code]
    of = item.irae if item.kind.code == DOSSIER else item.row
    found = (row for row in getattr(case.patient, rows).all() if row.public_id.hex == of)
    return next((text_words(case, name(row)) for row in found), "")


def is_asked_for(key: str) -> bool:
    """Whether a key stands for a fact of the vocabulary, or for an item beside them."""
    return key in FACTS or item_of(key) is not None


def with_items(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Return a query of tasks, or of their history, annotated with how the items of dossiers are called."""
    code = Func(OuterRef("fact"), Value(OF_DOSSIERS), Value(""), function="regexp_replace")
    labels = DossierItem.objects.annotate(asked=F("code")).filter(asked=code).values("label")
    return rows.annotate(item_label=Subquery(labels[:1]))


def task_words(task: FactTask) -> str:
    """Return what a task asks for, with a capital; of a dossier by name where it was fetched `with_items`."""
    return asked_words(task.fact, str(getattr(task, "item_label", None) or ""))


def asked_words(key: str, label: str = "") -> str:
    """Return what a key stands for, with a capital; `label`: how the item of a dossier is called."""
    item = item_of(key)
    if item is not None:
        return _item_words(item, label)
    return fact_label(key)


def _item_words(item: Item, label: str) -> str:
    kind, column = item.kind, item.column
    if kind.code == DOSSIER:
        words = label or _("an item of the dossier")
        shown = words if column == "answer" else _("%(item)s, day of it") % {"item": words}
        return _("Dossier: %(item)s") % {"item": shown}
    if kind.code == "site":
        site = str(dict(MetastaticSite.choices).get(item.row, item.row))
        return _("Metastases: %(site)s") % {"site": in_sentence(site)}
    if kind.code == "driver":
        gene = str(dict(Driver.choices).get(item.row, item.row))
        words = _("%(gene)s result") if column == "result" else _("%(gene)s, day of the sample")
        return words % {"gene": gene}
    name = _OWN.get(f"{kind.code}-{column}") or _OWN.get(column) or LABELS[column]
    if kind.code not in _ROWS:
        return name()
    return _("%(what)s (%(row)s)") % {"what": name(), "row": _ROWS[kind.code]()}
