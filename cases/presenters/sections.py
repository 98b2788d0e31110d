"""The sections of a case's record: a line of summary, what was typed, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.asof import told_on
from cases.derivations.blood import NEWEST
from cases.models import Case, Section
from cases.presenters import derived, items, treatment
from cases.presenters.ages import ages_of
from cases.presenters.background import background_part, fitness_summary
from cases.presenters.bases import basis_of, cannot_tell
from cases.presenters.body import body_pairs, body_worked_out
from cases.presenters.doubles import Double, doubles_of, two_words
from cases.presenters.entered import entered
from cases.presenters.identity import identity_pairs, identity_summary
from cases.presenters.iraes import iraes_summary, loose_reports
from cases.presenters.labs import LabTable, lab_table, labs_summary
from cases.presenters.lists import Item, Link, Part, SubList, begun_since, complete_words
from cases.presenters.organs import Review, review_of
from cases.presenters.question import question_pairs, question_summary
from cases.presenters.steroids import (
    dose_words,
    second_line,
    steroids_summary,
    unchanged_words,
)
from cases.presenters.tumour import samples_of, tumour_pairs, tumour_parts, tumour_summary
from cases.presenters.words import (
    dated_words,
    fact_label,
    state_words,
    stated_words,
    value_words,
)
from cases.reading import BACKGROUND
from cases.rules import readiness_of
from cases.services.history import COMPLETE_AS_OF
from evidence.conditions import Fact, FactState
from ui import formatting

if TYPE_CHECKING:
    from cases.models import CaseSection
    from cases.readiness import Readiness

# What dossiers tell beside the peaks of the liver, organ by organ.
OF_DOSSIERS = (
    "liver_tumour_at_hepatitis",
    "alt_ast_rise_lasted_week",
    "spo2_lowest",
    "dlco",
    "lvef_now",
    "ck_peak_x_uln",
    "creatinine_now_x_baseline",
    "calprotectin_now",
    "blood_transfused",
    "eye_active_now",
    "joint_erosions",
    "lipase_peak_x_uln",
    "pancreas_pain",
    "vessel_threatened",
)
# Which facts a section answers.
FACTS_OF: dict[str, tuple[str, ...]] = {
    Section.QUESTION: ("disease_status", "proposed_regimen", "proposed_includes_ctla4"),
    Section.PATIENT: ("age",),
    Section.TUMOUR: (
        "histology",
        "stage_group",
        "driver_mutation",
        "liver_metastases",
        "brain_metastases",
        "pdl1_tps_initial",
        "pdl1_tps_recent",
        "tmb",
    ),
    Section.COURSES: (
        "stop_reason",
        "progression_timing",
        "oligoprogression",
        "prior_courses",
        "prior_ici_days",
        "ici_free_days",
        "best_response",
        "prior_includes_pd1_pdl1",
    ),
    Section.TREATMENT: (),
    Section.RESPONSES: (),
    Section.IRAES: (
        "irae_any",
        "irae_worst_grade",
        "irae_grade_now",
        "irae_resolved",
        "first_irae_days",
        "irae_recurrent",
        "irae_recurrent_unreplaced",
        "organs_asked",
        "colitis_worst_grade",
        "alt_ast_peak_x_uln",
        "alt_ast_peak_x_baseline",
        "alt_ast_baseline_x_uln",
        "bilirubin_peak_x_uln",
        *OF_DOSSIERS,
        "pneumonitis_recurrent",
        "pneumonitis_recurrence_grade",
        "colitis_recurrent",
        "colitis_recurrence_grade",
        "endocrine_uncontrolled_worst_grade",
        "myocarditis_any",
        "myositis_worst_grade",
        "neurological_worst_grade",
        "sjs_ten_dress_any",
        "haemolysis_worst_grade",
        "aplastic_anaemia_worst_grade",
        "ttp_any",
    ),
    Section.STEROIDS: ("steroid_now", "steroid_not_tapered", "immunosuppressant_now"),
    Section.FITNESS: ("ecog", *BACKGROUND),
    Section.LABS: ("nlr", "lmr", "plr", "dnlr", "lipi", "ali", *NEWEST),
}
# What is worked out from what was typed, and therefore never typed.
WORKED_OUT: dict[str, tuple[str, ...]] = {
    Section.COURSES: (
        "prior_ici_days",
        "ici_free_days",
        "oligoprogression",
        "resistance_review",
        "resistance_sitc",
        "resistance_24_weeks",
        "irae_contributed",
        "prior_includes_pd1_pdl1",
        "prior_includes_ctla4",
    ),
    Section.IRAES: (
        "irae_worst_grade",
        "irae_grade_now",
        "irae_resolved",
        "first_irae_days",
        "alt_ast_peak_x_uln",
        "alt_ast_peak_x_baseline",
        "alt_ast_baseline_x_uln",
        "bilirubin_peak_x_uln",
        *OF_DOSSIERS,
    ),
    Section.STEROIDS: ("steroid_now", "steroid_not_tapered", "immunosuppressant_now"),
    Section.TUMOUR: (
        "liver_metastases",
        "brain_metastases",
        "driver_mutation",
        "pdl1_tps_initial",
        "pdl1_tps_recent",
        "tmb",
    ),
    Section.QUESTION: ("proposed_includes_ctla4",),
}
# Lists of treatment: heads, rows and the words of the Add button.
OF_TREATMENT: dict[str, Callable[[Case], treatment.Listed]] = {
    Section.COURSES: treatment.courses,
    Section.TREATMENT: treatment.treatments,
    Section.RESPONSES: treatment.responses,
}
LISTS = (*OF_TREATMENT, Section.IRAES, Section.STEROIDS)


@dataclass(frozen=True)
class SectionView:
    """One section as it is shown; lists have `items` under `heads`, the others have `pairs`."""

    key: str
    id: str
    title: str
    summary: str
    tag_text: str
    tag_colour: str
    version: int
    changed: str
    edit_url: str
    is_list: bool
    # Facts that are stale or of unknown age: label, words, whether stale.
    ages: tuple[tuple[str, str, bool], ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    heads: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    add_url: str = ""
    add_text: str = ""
    complete: str = ""
    complete_url: str = ""
    is_complete: bool = False
    worked_out: tuple[tuple[str, ...], ...] = ()
    labs: LabTable | None = None
    # Of irAEs: the organs asked about, and reports of no single event. Of steroids: second-line agents. Of the
    # tumour: biomarkers.
    review: Review | None = None
    reports: tuple[Link, ...] = ()
    second: SubList | None = None
    renewable: bool = False
    # What the word that it is complete says beside that.
    also_says: str = ""
    # Entries of which it is open whether they are one.
    doubles: tuple[Double, ...] = ()
    # And those that somebody said are two, with who and when.
    said_two: tuple[str, ...] = ()
    # What has a form of its own beside the section's.
    parts: tuple[Part, ...] = ()
    open: bool = field(default=False)


def section_views(
    case: Case, facts: dict[str, Fact], *, may_edit: bool, shown: str = ""
) -> list[SectionView]:
    """Return all sections of a case in the order of the page; `shown` is the one that is open."""
    ready = readiness_of(case, facts)
    views = [
        section_view(case, key, facts, may_edit=may_edit, ready=ready) for key in Section.values
    ]
    return [replace(view, open=view.key == shown) for view in views]


def section_view(
    case: Case,
    key: str,
    facts: dict[str, Fact],
    *,
    may_edit: bool,
    ready: Readiness | None = None,
) -> SectionView:
    """Return one section of a case; `ready` is worked out where it is not given."""
    ready = ready or readiness_of(case, facts)
    row: CaseSection = next(s for s in case.sections.all() if s.key == key)
    mine = [ready.by_key[fact] for fact in FACTS_OF[key] if fact in ready.by_key]
    settled, required = sum(one.settled for one in mine), len(mine)
    is_list = key in LISTS
    has_form = may_edit and not is_list and key != Section.LABS
    url = reverse("cases:section", args=[case.public_id, key]) if has_form else ""
    return SectionView(
        key=key,
        id=f"section-{key}",
        title=str(Section(key).label),
        summary=_SUMMARIES[key](case, facts),
        tag_text=_("%(n)s of %(m)s") % {"n": settled, "m": required} if required else "",
        tag_colour="grey" if not required else "green" if settled == required else "amber",
        version=row.version,
        changed=_("changed %(date)s by %(who)s")
        % {"date": formatting.date(row.changed_at), "who": row.changed_by.name},
        edit_url=url,
        is_list=is_list,
        ages=ages_of(ready, FACTS_OF[key]),
        pairs=tuple(_PAIRS[key](case)) if key in _PAIRS else (),
        worked_out=(
            *_worked_out(case, key, facts),
            *(body_worked_out(case) if key == Section.FITNESS else ()),
        ),
        **(_list(case, key, may_edit=may_edit) if is_list else {}),
        **(_labs(case, may_edit=may_edit) if key == Section.LABS else {}),
        **_beside(case, key, row.version, may_edit=may_edit),
    )


def _labs(case: Case, *, may_edit: bool) -> dict[str, Any]:
    return {
        "labs": lab_table(case, may_edit=may_edit),
        "add_url": reverse("cases:sample_add", args=[case.public_id]) if may_edit else "",
        "add_text": _("Add sample"),
    }


# Shown only where there is something to show: each is about the events of one organ.
_WHERE_KNOWN = frozenset(
    {
        "alt_ast_peak_x_uln",
        "alt_ast_peak_x_baseline",
        "alt_ast_baseline_x_uln",
        "bilirubin_peak_x_uln",
        *OF_DOSSIERS,
    }
)


def _worked_out(case: Case, key: str, facts: dict[str, Fact]) -> Iterator[tuple[str, ...]]:
    if key == Section.COURSES:
        yield from derived.worked_out(case, WORKED_OUT[key], facts)
        return
    today = timezone.localdate()
    for name in WORKED_OUT.get(key, ()):
        fact = facts[name]
        if name in _WHERE_KNOWN and fact.state is not FactState.KNOWN:
            continue
        yield fact_label(name), _answer_words(case, name, fact), basis_of(case, name, today)


def _answer_words(case: Case, name: str, fact: Fact) -> str:
    """Return the value of what is worked out; what nobody types is never "not entered"."""
    if name == "steroid_now":
        found = dose_words(case, fact)
        return _("cannot tell") if found == state_words(FactState.MISSING) else found
    return _("cannot tell") if cannot_tell(name, fact) else value_words(name, fact)


def _beside(case: Case, key: str, version: int, *, may_edit: bool) -> dict[str, Any]:
    """Return what a section has beside its list."""
    if key == Section.IRAES:
        return {
            "review": review_of(case, version=version, may_edit=may_edit),
            "reports": loose_reports(case),
        }
    if key == Section.STEROIDS:
        second = second_line(case, version=version, may_edit=may_edit)
        return {"second": second}
    if key == Section.TUMOUR:
        second = samples_of(case, version, may_edit=may_edit)
        return {"second": second, "parts": tumour_parts(case, may_edit=may_edit)}
    if key == Section.FITNESS:
        return {"parts": (background_part(case, may_edit=may_edit),)}
    return {}


def _list(case: Case, key: str, *, may_edit: bool) -> dict[str, Any]:
    as_of = told_on(case.patient, COMPLETE_AS_OF.get(Section(key), ""))
    if key in OF_TREATMENT:
        heads, rows, add = OF_TREATMENT[key](case)
    else:
        heads, rows, add = items.list_of(case, key, may_edit=may_edit)
    found = tuple(rows)
    since = begun_since(as_of, [one.began for one in entered(case, key)]) if as_of else 0
    return {
        "heads": heads,
        "items": found,
        "add_url": reverse("cases:item_add", args=[case.public_id, key]) if may_edit else "",
        "add_text": add,
        "complete": complete_words(as_of, since),
        "also_says": unchanged_words(case) if key == Section.STEROIDS else "",
        "doubles": doubles_of(case, key, may_edit=may_edit),
        "said_two": two_words(case, key),
        # Doses change within days; any list that went on can be called complete again.
        "renewable": key == Section.STEROIDS or since > 0,
        "is_complete": as_of is not None,
        "complete_url": reverse("cases:complete", args=[case.public_id, key]) if may_edit else "",
    }


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


_SUMMARIES: dict[str, Callable[[Case, dict[str, Fact]], str]] = {
    Section.QUESTION: question_summary,
    Section.PATIENT: lambda case, _facts: identity_summary(case),
    Section.TUMOUR: tumour_summary,
    Section.COURSES: lambda case, _facts: treatment.courses_summary(case),
    Section.TREATMENT: lambda case, _facts: treatment.treatments_summary(case),
    Section.RESPONSES: lambda case, _facts: treatment.responses_summary(case),
    Section.IRAES: lambda case, _facts: iraes_summary(case),
    Section.STEROIDS: steroids_summary,
    Section.FITNESS: fitness_summary,
    Section.LABS: lambda case, _facts: labs_summary(case),
}


def _fitness_pairs(case: Case) -> list[tuple[str, str]]:
    status = case.patient.performance_status
    return [
        (_("ECOG"), stated_words(status, "ecog")),
        (_("Assessed"), dated_words(status, "assessed")),
        *body_pairs(case),
    ]


_PAIRS: dict[str, Callable[[Case], list[tuple[str, str]]]] = {
    Section.QUESTION: question_pairs,
    Section.PATIENT: identity_pairs,
    Section.TUMOUR: tumour_pairs,
    Section.FITNESS: _fitness_pairs,
}
