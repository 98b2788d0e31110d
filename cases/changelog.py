"""Who changed what in a record: read from the history that triggers write, save by save.

Rows of one transaction share their time, so a save is all events of one moment. Nothing here is scoped by
user: callers have found the case through `visible_to`, and row-level security holds the history too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.utils.translation import gettext as _

from accounts.models import User
from cases import lab_history
from cases.absorbed import of_patient
from cases.changewords import facets_of
from cases.models import Section

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model, QuerySet

    from cases.models import Case

PER_PAGE = 25
# Model of the record -> the section under which its changes are shown.
SECTION_OF: dict[str, str] = {
    "Case": Section.QUESTION,
    "Tumour": Section.TUMOUR,
    "BiomarkerResult": Section.TUMOUR,
    "PerformanceStatus": Section.FITNESS,
    "Background": Section.FITNESS,
    "ICICourse": Section.COURSES,
    "OtherTreatment": Section.TREATMENT,
    "ResponseAssessment": Section.RESPONSES,
    "IrAE": Section.IRAES,
    "OrganReview": Section.IRAES,
    "DossierEntry": Section.IRAES,
    "Report": Section.IRAES,
    "SteroidCourse": Section.STEROIDS,
    "LabResult": Section.LABS,
    "SteroidDose": Section.STEROIDS,
    "Immunosuppressant": Section.STEROIDS,
    "Patient": "patient",
    "PatientIdentity": "patient",
}

# What a row is named by stands in another table.
NAMED_BY = {"DossierEntry": ("item",)}


@dataclass(frozen=True)
class Change:
    """One field of one row: what it was and what it became, in words."""

    section: str
    subject: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Save:
    """All that changed in one moment, and by whom (empty: by the system)."""

    at: datetime
    who: str
    changes: tuple[Change, ...]


@cache
def _event_model(name: str) -> type[Model]:
    return apps.get_model("cases", f"{name}Event")


def _events(case: Case, name: str) -> QuerySet[Any]:
    rows = _event_model(name)._default_manager.all()
    if name == "Case":
        return rows.filter(pgh_obj_id=case.pk)
    if name == "Patient":
        return rows.filter(pgh_obj_id=case.patient_id)
    return rows.filter(of_patient(case, "pgh_created_at"))


def saves_of(
    case: Case, *, before: datetime | None = None, per_page: int = PER_PAGE
) -> tuple[list[Save], datetime | None]:
    """Return one page of saves, newest first, and the time that the next page starts before."""
    entered = lab_history.entry_times(case)
    times: QuerySet[Any] = entered.filter(entered_at__lt=before) if before else entered
    for name in SECTION_OF:
        rows = _events(case, name)
        if before is not None:
            rows = rows.filter(pgh_created_at__lt=before)
        times = times.union(rows.order_by().values_list("pgh_created_at"))
    moments = [at for (at,) in times.order_by("-entered_at")[: per_page + 1]]
    more = len(moments) > per_page
    moments = moments[:per_page]
    if not moments:
        return [], None
    found = _between(case, SECTION_OF, moments[-1], moments[0])
    return found, moments[-1] if more else None


def since_version(case: Case, key: str, version: int) -> list[Save]:
    """Return the saves of one section that came after `version` of it, newest first."""
    sections = _event_model("CaseSection")._default_manager.filter(case_id=case.pk, key=key)
    later = list(
        sections.filter(version__gt=version)
        .order_by("pgh_id")
        .values_list("pgh_created_at", "pgh_context_id")
    )
    if not later:
        return []
    names = {name: section for name, section in SECTION_OF.items() if section == key}
    return _between(case, names, later[0][0], None, only=set(later))


def _between(
    case: Case,
    names: Iterable[str],
    first: datetime,
    last: datetime | None,
    only: set[tuple[Any, ...]] | None = None,
) -> list[Save]:
    """Return the saves from `first` to `last`; one query a table, and one for the people.

    `only`: the saves wanted, by time and context, where others share the time.
    """
    changes: dict[tuple[Any, ...], list[Change]] = defaultdict(list)
    users: dict[tuple[Any, ...], int | None] = {}
    for name in names:
        before: dict[Any, Any] = {}
        for event in _versions(case, name, last):
            moment = (event.pgh_created_at, event.pgh_context_id)
            if event.pgh_created_at >= first and (only is None or moment in only):
                changes[moment] += _changes(name, before.get(event.pgh_obj_id), event)
                users[moment] = _user_of(event)
            before[event.pgh_obj_id] = event
    people = {
        user.pk: user.name for user in User.objects.filter(pk__in={u for u in users.values() if u})
    }
    moments = sorted((m for m in changes if changes[m]), key=lambda m: m[0], reverse=True)
    return [Save(m[0], people.get(users[m] or 0, ""), tuple(changes[m])) for m in moments]


def _versions(case: Case, name: str, last: datetime | None) -> Iterable[Any]:
    """Return the events of one table up to `last`, each row's own in the order of time."""
    if name == "LabResult":
        found = lab_history.versions(case)
        return (v for v in found if last is None or v.pgh_created_at <= last)
    rows = _events(case, name)
    if last is not None:
        rows = rows.filter(pgh_created_at__lte=last)
    return rows.select_related("pgh_context", *NAMED_BY.get(name, ())).order_by("pgh_id")


def _user_of(event: Any) -> int | None:
    if isinstance(event, lab_history.Version):
        return event.user_id
    context = event.pgh_context
    return context.metadata.get("user") if context else None


def _changes(name: str, old: Any, new: Any) -> list[Change]:
    facets = facets_of(name)
    section = SECTION_OF[name]
    title = str(Section(section).label) if section in Section.values else _("Patient")
    subject = facets.subject(new)
    if new.pgh_label == "delete":
        return [Change(title, subject, _("Removed"), facets.summary(new), "")]
    if old is None:
        # A new row is told in one line; what is not known yet is left out.
        told = [f"{f.label}: {f.words(new)}" for f in facets.all() if f.words(new)]
        return [Change(title, subject, _("Added"), "", "; ".join(told))] if told else []
    return [
        Change(title, subject, f.label, f.words(old), f.words(new))
        for f in facets.all()
        if f.words(old) != f.words(new)
    ]
