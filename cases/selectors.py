"""Reads across the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Lower

from accounts.models import User
from cases.beside import APART, with_another, with_facts, with_sections
from cases.doubled import with_sayers
from cases.family import joined, records_of
from cases.models import (
    Analyte,
    AttachedGuidance,
    BiomarkerResult,
    Case,
    CaseFacts,
    CaseSection,
    DossierEntry,
    DossierItem,
    Draft,
    FactTask,
    ICICourse,
    Immunosuppressant,
    IrAE,
    LabResult,
    OtherTreatment,
    PatientErasure,
    PatientMerge,
    Report,
    ResponseAssessment,
    SavedFilter,
    Section,
    SteroidCourse,
)
from cases.oneortwo import LISTS as ASKED
from cases.presenters.asked import with_items
from cases.rules import counts_hold, with_rules
from cases.vocabulary import asked_under

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from uuid import UUID

    from django.db.models import Model, QuerySet

    from cases.access import PatientScopedQuerySet
    from cases.models import Patient

# What notes that a referral was sent stands among the drafts, without a word of anybody.
SENT = "referred:"
# What stands in the lists that have a form a row.
ROWS: dict[str, type[Model]] = {
    "courses": ICICourse, "treatment": OtherTreatment, "responses": ResponseAssessment, "iraes": IrAE,
    "steroids": SteroidCourse, "immunosuppressants": Immunosuppressant, "reports": Report,
    "biomarkers": BiomarkerResult,
}  # fmt: skip
# What has a form beside its own: the dossier of an irAE, a laboratory result.
ROWS_BESIDE: dict[str, type[Model]] = {"dossier": IrAE, "labs": LabResult}


# Sections whose lists are fetched with the whole history, in one query.
WHOLE = frozenset(
    {
        Section.QUESTION,
        Section.COURSES,
        Section.IRAES,
        Section.STEROIDS,
        Section.TUMOUR,
        Section.RESPONSES,
    }
)


# What of them a section needs that is shown without the bar about the patient.
FEW: dict[str, tuple[type[Model], ...]] = {Section.QUESTION: (ICICourse, IrAE, DossierEntry)}

# Rows of one about the patient that a section's form shows, beside who the patient is.
BESIDE: dict[str, tuple[str, ...]] = {
    Section.TUMOUR: ("tumour",),
    Section.FITNESS: ("performance_status", "background"),
    Section.STEROIDS: ("background",),
    Section.LABS: ("performance_status", "background"),
}


# What a row of the list shows of the facts, and what says how many of them are there.
ROW_FACTS = frozenset({
    "id", "case", "patient", "answers_until", "widened", "counted_by", "counts_until",
    "facts_required", "facts_settled", "stop_reason", "stop_reason_state", "progression_timing",
    "irae_worst_grade_low", "irae_worst_grade_high", "irae_worst_grade_state",
})  # fmt: skip


def cases_for_list(user: User) -> PatientScopedQuerySet:
    """Return the user's cases with what a row of a list shows, in a fixed number of queries."""
    return with_rules(Case.objects.visible_to(user)).select_related(
        "board", "facts", "referred_by", *joined("patient", "identity", "tumour")
    )


def cases_listed(user: User) -> PatientScopedQuerySet:
    """Return the cases whose pages the user may open, with what a row of the list shows.

    A patient may have cases on other boards. Of the facts only the columns are fetched that a row shows; what
    `with_counts` does not find there it fetches for the rows of a page at once.
    """
    rows = for_rows(Case.objects.visible_to(user)).select_related("board")
    return rows.filter(board__in=user.boards_with("case.view"))


def for_rows(cases: Any) -> Any:
    """Return cases with who they are about and the count of their facts, which `with_counts` goes over."""
    joins = ["facts", *joined("patient", "identity")]
    return with_rules(cases.select_related(*joins).defer(*unshown("facts")))


def unshown(path: str) -> list[str]:
    """Return what a list defers of the facts at `path`: all but what its rows show, some hundreds of columns."""
    columns = (field.name for field in CaseFacts._meta.concrete_fields)
    return [f"{path}__{name}" for name in columns if name not in ROW_FACTS]


def shown_beside(rows: Any, path: str) -> Any:
    """Return rows about a case with who it is about and the count of its facts; `path` leads to the case.

    `with_counts_of` goes over the rows of a page.
    """
    joins = [f"{path}__facts", *joined(f"{path}__patient", "identity")]
    return with_rules(rows.select_related(*joins).defer(*unshown(f"{path}__facts")))


def with_counts_of(rows: list[Any], case_of: Callable[[Any], Case]) -> list[Any]:
    """Return the rows of a page, each with what the count of its case's facts needs: one query or none."""
    cases = [case_of(row) for row in rows]
    for row, case in zip(rows, cases, strict=True):
        case.__dict__["rules_now"] = row.__dict__["rules_now"]
    with_counts(cases)
    return rows


def with_counts(cases: list[Case]) -> list[Case]:
    """Return the cases of a page, with all facts of those whose counts have to be made anew: one query or none."""
    anew = [case for case in cases if not counts_hold(case)]
    if anew:
        whole = {facts.case_id: facts for facts in CaseFacts.objects.filter(case__in=anew)}
        for case in anew:
            case.facts = whole[case.pk]
    return cases


def case_for_page(user: User) -> PatientScopedQuerySet:
    """Return the user's cases with all but the history, which `whole_record` fetches."""
    return (
        with_sayers(cases_for_list(user))
        .select_related(*joined("patient", "performance_status", "background"))
        .prefetch_related(
            Prefetch("sections", CaseSection.objects.select_related("changed_by")),
            Prefetch("tasks", open_tasks()),
        )
    )


def open_tasks() -> QuerySet[FactTask]:
    """Return what somebody is asked for, with who is, and with how the items of dossiers are called."""
    found: QuerySet[FactTask] = with_items(FactTask.objects.filter(done_at=None))
    return found.select_related("owner")


def changed_last(task: FactTask) -> User | None:
    """Return who changed a task last, as its history tells; None where that is not known."""
    history = apps.get_model("cases", "FactTaskEvent")._default_manager.filter(pgh_obj_id=task.pk)
    event = history.select_related("pgh_context").order_by("-pgh_id").first()
    context = getattr(event, "pgh_context", None)
    user = context.metadata.get("user") if context is not None else None
    return User.objects.filter(pk=user).first() if user else None


def has_merged() -> Exists:
    """Return the expression over cases for whether their patient's record is made of several."""
    rows = PatientMerge.objects.filter(
        Q(patient=OuterRef("patient_id")) | Q(absorbed=OuterRef("patient_id"))
    )
    return Exists(rows)


def other_cases(user: User, case: Case) -> list[Case]:
    """Return the other cases of the patient that the user may read, newest first; one query.

    Who sees the patient by one board reads no case of another board, as `check_view` has it.
    """
    rows = (
        Case.objects.visible_to(user)
        .filter(
            patient__in=records_of(case.patient),
            board__in=[board.pk for board in user.boards_with("case.view")],
        )
        .exclude(pk=case.pk)
    )
    # With the records that they stand with, so that the trail knows them as one patient's.
    return list(rows.select_related("patient").order_by("-referred_at", "-id"))


def attached_to(case: Case) -> list[AttachedGuidance]:
    """Return the guidance attached to `case` now, oldest first; one query."""
    rows = AttachedGuidance.objects.filter(case=case, detached_at=None)
    return list(
        rows.select_related(
            "version__statement", "finding__source", "attached_by", "kept_by"
        ).order_by("attached_at", "id")
    )


def case_for_section(user: User, key: str, *, alone: bool = False) -> PatientScopedQuerySet:
    """Return the user's cases with what one section and its form need; `keep_sections` lays out what stands beside it.

    The sections in `WHOLE` have several lists: `whole_record` fetches them. `alone`: without what the bar about the
    patient shows, which is most of what joining costs.
    """
    lists: dict[str, list[Any]] = {
        Section.TREATMENT: ["patient__treatments"],
    }
    every = ("identity", "tumour", "performance_status", "background")
    names = ("identity", *BESIDE.get(key, ())) if alone else every
    rows = with_rules(Case.objects.visible_to(user)).select_related(
        "board", "referred_by", *joined("patient", *names)
    )
    rows = with_sayers(rows) if key in ASKED else rows
    return with_facts(with_sections(rows)).prefetch_related(*lists.get(key, []))


def facts_row_of(case: Case) -> CaseFacts:
    """Return the facts of `case` as they are by now; one query."""
    found: CaseFacts = CaseFacts.objects.get(case=case)
    return found


def dossier_items(patient: Patient, organ: str, answered: Collection[int]) -> list[DossierItem]:
    """Return the items asked for of an organ, and those answered before a curator took them back.

    Of a record that was fetched with what is offered.
    """
    asked_for = (
        item
        for item in patient.dossier_items
        if (item.organ == asked_under(organ) and item.active) or item.pk in answered
    )
    return sorted(asked_for, key=lambda item: (item.position, item.code))


def report_of(case: Case, public_id: UUID) -> Report | None:
    """Return one report of the case's patient."""
    rows = Report.objects.filter(patient=case.patient).select_related("irae", "added_by")
    found: Report | None = rows.filter(public_id=public_id).first()
    return found


def drafts_of(user: User, keys: list[str]) -> dict[str, Draft]:
    """Return what the user was typing into any of the forms `keys`, by key."""
    rows = with_another(Draft.objects.filter(user=user, key__in=keys))
    return {draft.key: draft for draft in rows}


def draft_of(user: User, key: str) -> Draft | None:
    """Return what the user was typing into the form `key`, if anything."""
    found: Draft | None = with_another(Draft.objects.filter(user=user, key=key)).first()
    return found


def texts_of(user: User, form: str) -> list[Draft]:
    """Return what the user typed into one form, whichever window holds it; first what the form is opened with."""
    rows = Draft.objects.filter(Q(key=form) | Q(key__startswith=f"{form}{APART}"), user=user)
    return sorted(rows, key=lambda row: (row.key != form, -row.saved_at.timestamp()))


def unsaved_drafts(user: User) -> list[Draft]:
    """Return every form that the user typed and did not save, the newest first, without what was typed.

    But for the names in a referral, `family` and `given`. One query.
    """
    return list(_named(Draft.objects.filter(user=user).exclude(key__startswith=SENT)))


def can_be_added(key: str) -> bool:
    """Whether what was typed into the form of a row can be typed into that of a new one."""
    kind = ["", *key.split(":")[2:]][-2:][0]
    return kind in ROWS


def is_gone(case: Case, key: str) -> bool:
    """Whether what a draft was typed into was removed since."""
    *_form, kind, row = ["", "", *key.split(":")[2:]]
    found, model = as_uuid(row), {**ROWS, **ROWS_BESIDE}.get(kind)
    if found is None or model is None:
        return False
    # Where two records were merged, what stands with the one that is kept is there.
    return not model._default_manager.filter(patient=case.patient.kept, public_id=found).exists()


def was_there(case: Case, key: str) -> bool:
    """Whether the row of which a form's key is was ever in this record: its history tells, also once it is gone."""
    *_form, kind, row = ["", "", *key.split(":")[2:]]
    found, model = as_uuid(row), {**ROWS, **ROWS_BESIDE}.get(kind)
    if found is None or model is None:
        return False
    history = apps.get_model("cases", f"{model.__name__}Event")._default_manager
    rows = history.filter(patient__in=records_of(case.patient.kept), public_id=found)
    return rows.exists()


def filters_of(user: User) -> list[SavedFilter]:
    """Return the filters that the user saved, by name."""
    return list(SavedFilter.objects.filter(user=user).order_by(Lower("name"), "id"))


def _named(rows: QuerySet[Draft]) -> QuerySet[Draft]:
    names = {"family": KT("fields__family_name__0"), "given": KT("fields__given_name__0")}
    return rows.annotate(**names).defer("fields").order_by("-saved_at", "-id")


def cases_by_id(user: User, public_ids: set[str]) -> dict[str, Case]:
    """Return the cases among these ids whose pages the user may open, by id; one query. What is no id is left out."""
    ids = {found for text in public_ids if (found := as_uuid(text)) is not None}
    rows = Case.objects.visible_to(user).filter(board__in=user.boards_with("case.view"))
    rows = with_rules(rows).select_related("board", "facts", *joined("patient", "identity"))
    return {str(case.public_id): case for case in rows.filter(public_id__in=ids)}


def as_uuid(text: str) -> UUID | None:
    """Return the id that a text is, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None


def newest_draft(user: User, beginning: str) -> Draft | None:
    """Return the user's newest draft whose key begins so, as `unsaved_drafts` does."""
    rows = Draft.objects.filter(user=user, key__startswith=beginning).exclude(key__contains=APART)
    return _named(rows).first()


def erasure_of(case: Case) -> PatientErasure | None:
    """Return when, by whom and why the patient of `case` was erased; no query where nobody was."""
    if not case.patient.identity.is_erased:
        return None
    found: PatientErasure = PatientErasure.objects.select_related("by").get(patient=case.patient)
    return found


def analytes_offered(patient: Patient) -> list[Analyte]:
    """Return the analytes that may be entered, in the curators' order, of a record that was fetched with them."""
    offered = (analyte for analyte in patient.analytes if analyte.active)
    return sorted(offered, key=lambda analyte: (analyte.position, analyte.code))


def results_of(case: Case) -> PatientScopedQuerySet:
    """Return the laboratory results of the case's patient, with what a list shows of each."""
    rows = LabResult.objects.filter(patient=case.patient)
    return rows.select_related("analyte", "entered_by")


def called_before(names: Iterable[str]) -> dict[str, str]:
    """Return the codes of ICIs by names that they had on the list, whoever had one last."""
    return dict(_once_on_the_list().filter(label__in=list(names)).values_list("label", "code"))


def once_called(*, but: int | None) -> dict[str, str]:
    """Return the codes of ICIs by every name that they ever had on the list; `but`: the key of one to leave out."""
    return dict(_once_on_the_list().exclude(pgh_obj=but).values_list("label", "code"))


def _once_on_the_list() -> QuerySet[Any]:
    """Return the history of the list of ICIs as far as the record could name a row by then, oldest first."""
    events: Any = apps.get_model("cases", "ListedDrugEvent")._default_manager
    settled = events.filter(Q(delivered=True) | Q(confirmed_by__isnull=False))
    found: QuerySet[Any] = settled.order_by("pgh_id")
    return found
