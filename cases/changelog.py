"""Who changed what in a record: read from the history that triggers write, save by save.

Rows of one transaction share their time, so a save is all events of one moment. Nothing here is scoped by
user: callers have found the case through `visible_to`, and row-level security holds the history too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from cases import lab_history
from cases.changebeside import facets_of
from cases.family import records_of
from cases.models import Section
from cases.presenters.asked import with_items

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model, QuerySet

    from cases.models import Case

PER_PAGE = 25
# How many rows of one table a page of saves tells of, and how many lines of one save.
MOST_ROWS = 500
MOST_LINES = 50
# Model of the record -> the section under which its changes are shown.
SECTION_OF: dict[str, str] = {
    "Case": Section.QUESTION,
    "Tumour": Section.TUMOUR,
    "Metastasis": Section.TUMOUR,
    "DriverTest": Section.TUMOUR,
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
    "FactTask": "owed",
    "AttachedGuidance": "guidance",
}
# Tables of a patient that have a history and no line here, each with the reason.
LEFT_OUT: dict[str, str] = {
    "CaseSection": "counts the saves of a section, whose own rows say what changed",
    "PatientAccess": "who may read the record, which the trail tells",
}
# What is shown under no section of the record.
_OUTSIDE: dict[str, Callable[[], str]] = {
    "patient": lambda: _("Patient"),
    "owed": lambda: _("Owed facts"),
    "guidance": lambda: _("Guidance"),
}

# What a row is named by, or names, stands in another table.
NAMED_BY = {
    "Case": ("course",),
    "ICICourse": ("stopped_for",),
    "IrAE": ("course", "recurrence_of"),
    "ResponseAssessment": ("course",),
    "SteroidCourse": ("irae",),
    "Immunosuppressant": ("irae",),
    "DossierEntry": ("item",),
    "FactTask": ("owner",),
    "AttachedGuidance": ("version", "finding"),
}
# Rows of the case, where the patient may have others.
_OF_THE_CASE = ("FactTask", "AttachedGuidance")


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

    @property
    def shown(self) -> tuple[Change, ...]:
        """The lines that a list of saves shows."""
        return self.changes[:MOST_LINES]

    @property
    def more(self) -> bool:
        """Whether there are more of them."""
        return len(self.changes) > MOST_LINES


@cache
def event_model(name: str) -> type[Model]:
    """Return the model of the history of a table."""
    return apps.get_model("cases", f"{name}Event")


def events_of(case: Case, name: str) -> QuerySet[Any]:
    """Return the history of one table for the case, or for its patient."""
    rows = event_model(name)._default_manager.all()
    if name == "Case":
        return rows.filter(pgh_obj_id=case.pk)
    if name == "Patient":
        return rows.filter(pgh_obj_id__in=records_of(case.patient))
    if name in _OF_THE_CASE:
        mine = rows.filter(case_id=case.pk)
        return with_items(mine) if name == "FactTask" else mine
    return rows.filter(patient__in=records_of(case.patient))


def saves_of(
    case: Case, *, before: datetime | None = None, per_page: int = PER_PAGE
) -> tuple[list[Save], datetime | None]:
    """Return one page of saves, newest first, and the time that the next page starts before."""
    wanted = per_page + 1
    entered = lab_history.entry_times(case)
    times: QuerySet[Any] = entered.filter(entered_at__lt=before) if before else entered
    times = times.distinct().order_by("-entered_at")[:wanted]
    parts = []
    for name in SECTION_OF:
        rows = events_of(case, name)
        if before is not None:
            rows = rows.filter(pgh_created_at__lt=before)
        of_one = rows.values_list("pgh_created_at").distinct().order_by("-pgh_created_at")
        parts.append(of_one[:wanted])
    times = times.union(*parts)
    moments = [at for (at,) in times.order_by("-entered_at")[:wanted]]
    more = len(moments) > per_page
    moments = moments[:per_page]
    if not moments:
        return [], None
    found = _between(case, SECTION_OF, moments[-1], moments[0])
    return found, moments[-1] if more else None


def since_version(case: Case, key: str, version: int, *, models: Iterable[str] = ()) -> list[Save]:
    """Return the saves of one section that came after `version` of it, newest first; of `models` alone if given."""
    sections = event_model("CaseSection")._default_manager.filter(case_id=case.pk, key=key)
    later = list(
        sections.filter(version__gt=version)
        .order_by("pgh_id")
        .values_list("pgh_created_at", "pgh_context_id")
    )
    if not later:
        return []
    names = tuple(models) or [name for name, section in SECTION_OF.items() if section == key]
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
        for event in _versions(case, name, first, last):
            moment = (event.pgh_created_at, event.pgh_context_id)
            if event.pgh_created_at >= first and (only is None or moment in only):
                changes[moment] += changes_between(name, before.get(event.pgh_obj_id), event)
                users[moment] = _user_of(event)
            before[event.pgh_obj_id] = event
    people = {
        user.pk: user.name for user in User.objects.filter(pk__in={u for u in users.values() if u})
    }
    moments = sorted((m for m in changes if changes[m]), key=lambda m: m[0], reverse=True)
    return [Save(m[0], people.get(users[m] or 0, ""), tuple(changes[m])) for m in moments]


def _versions(case: Case, name: str, first: datetime, last: datetime | None) -> Iterable[Any]:
    """Return the events of one table from `first` to `last` and those they came after, in the order of time.

    At most `MOST_ROWS` of them: what one import changed is told in part here, and whole by `comparing`.
    """
    if name == "LabResult":
        ids = lab_history.touched(case, first, last, most=MOST_ROWS)
        found = lab_history.versions(case, ids)
        return (v for v in found if last is None or v.pgh_created_at <= last)
    rows = events_of(case, name)
    told = rows.filter(pgh_created_at__gte=first)
    if last is not None:
        told = told.filter(pgh_created_at__lte=last)
    told = told.order_by("-pgh_created_at", "pgh_id")[:MOST_ROWS]
    before = rows.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
    before = before.order_by("-pgh_id").values("pgh_id")[:1]
    both = Q(pgh_id__in=told.values("pgh_id"))
    both |= Q(pgh_id__in=told.annotate(came_after=Subquery(before)).values("came_after"))
    found_rows: QuerySet[Any] = rows.filter(both)
    return found_rows.select_related("pgh_context", *NAMED_BY.get(name, ())).order_by("pgh_id")


def _user_of(event: Any) -> int | None:
    if isinstance(event, lab_history.Version):
        return event.user_id
    context = event.pgh_context
    return context.metadata.get("user") if context else None


def changes_between(name: str, old: Any, new: Any) -> list[Change]:
    """Return what differs from one version of a row to another; `old` is None where there was none."""
    facets = facets_of(name)
    section = SECTION_OF[name]
    title = _OUTSIDE[section]() if section in _OUTSIDE else str(Section(section).label)
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
