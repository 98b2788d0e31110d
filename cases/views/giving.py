"""Giving open facts to somebody from the case's own page: tick them, then press a name and a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, TextField, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import UserRequest, requires
from cases.forms.owner import people_of
from cases.giving import Day, days_for, likely_people
from cases.models import FactTask
from cases.policies import check_edit
from cases.presenters.asked import task_words
from cases.presenters.patient import patient_bar_of
from cases.presenters.words import fact_label
from cases.rules import readiness_of
from cases.selectors import cases_for_list, open_tasks
from cases.services.tasks import give_shown
from cases.standing import stage_columns
from cases.views.loading import page_of
from evidence.conditions import FACTS
from ui.htmx import redirect, render, wants_fragment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.models import User
    from cases.models import Case

OTHER = "other"
# Stands for every open fact that nobody was asked for.
ALL = "all"
# The facts that nobody was asked for when the choices were shown.
FREE = "free"
# Who had each single fact when the choices were shown.
SHOWN = "shown"


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.edit")
def give(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Offer likely people and days for the facts that are ticked, or give the facts to one of them."""
    rows = cases_for_list(request.user).annotate(
        **stage_columns(request.user), held_now=ArraySubquery(_who_has_what())
    )
    case = get_object_or_404(rows, public_id=public_id)
    check_edit(request.user, case)
    days = days_for(case, timezone.localdate())
    sent = request.POST if request.method == "POST" else request.GET
    ticked = sent.getlist("fact")
    if request.method != "POST":
        return _offer(request, case, ticked, days)
    free = request.POST.getlist(FREE)
    # Of a page that did not say what all is, nothing is given: it is shown first.
    named = {} if ALL in ticked and not free else _named(case, _shown(ticked, free))
    who, day = _chosen(request, case, days)
    if not named or who is None or day is None:
        error = _("Tick at least one fact and choose who finds it out.")
        return _offer(request, case, ticked, days, error=error)
    left = give_shown(
        by=request.user,
        case=case,
        facts=named,
        free=free,
        owner=who,
        due_on=day.due_on,
        shown=_held_when_shown(request),
    )
    said = _said(named, left, who, day)
    if not wants_fragment(request):
        messages.success(request, said)
        return redirect(request, f"{reverse('cases:detail', args=[case.public_id])}#case-owed")
    page = page_of(request, case.public_id)
    context = {"page": page, "bar": page.bar, "given": said}
    return render(request, "cases/_given.html", context=context)


def _said(named: Mapping[str, str], left: Mapping[str, User | None], who: User, day: Day) -> str:
    """Return in words what was given, and what was not since somebody else was quicker."""
    given = [label for key, label in named.items() if key not in left]
    words = ngettext(
        "%(fact)s: given to %(who)s, %(when)s.",
        "%(n)s facts: given to %(who)s, %(when)s.",
        len(given),
    )
    first = {"fact": "".join(given[:1]), "n": len(given), "who": who.name, "when": day.words}
    said = [words % first if given else _("Nothing was given.")]
    for key, owner in left.items():
        if owner is None:
            said.append(_("%(fact)s: not open any more.") % {"fact": named[key]})
        else:
            words = _("%(fact)s: left with %(who)s, who was asked meanwhile.")
            said.append(words % {"fact": named[key], "who": owner.name})
    return " ".join(said)


def _shown(keys: list[str], free: list[str]) -> list[str]:
    """Return what is ticked; for all together those that the choices showed, and nothing that was added since."""
    return list(dict.fromkeys([*(k for k in keys if k != ALL), *(free if ALL in keys else ())]))


def _held_when_shown(request: UserRequest) -> dict[str, str]:
    """Return by the facts that the page showed who had each then, "" for nobody."""
    told = (value.partition(" ") for value in request.POST.getlist(SHOWN))
    return {key: owner for key, _space, owner in told}


def _who_has_what() -> QuerySet[FactTask, Any]:
    """Return the expression over cases for who is asked for which fact, as the page says it back."""
    rows = FactTask.objects.filter(case=OuterRef("pk"), done_at=None, owner__isnull=False)
    owner = Cast("owner__public_id", TextField())
    held = Concat("fact", Value(" "), owner, output_field=TextField())
    return rows.order_by().annotate(held=held).values("held")


def _held(case: Any, keys: Iterable[str]) -> list[str]:
    """Return who has each of these facts, "" for nobody; the case must be fetched with `held_now`."""
    owners = dict(held.split(" ") for held in case.held_now)
    return [f"{key} {owners.get(key, '')}" for key in keys]


def _free(case: Case) -> list[str]:
    """Return the open facts that nobody was asked for."""
    owned = set(open_tasks().filter(case=case).exclude(owner=None).values_list("fact", flat=True))
    return [key for key in readiness_of(case).open if key not in owned]


def _named(case: Case, keys: list[str]) -> dict[str, str]:
    """Return how facts are called, and what else somebody is asked for; what is neither is left out."""
    items = [key for key in keys if key not in FACTS]
    tasks = open_tasks().filter(case=case, fact__in=items) if items else ()
    called = {task.fact: task_words(task) for task in tasks}
    called |= {key: fact_label(key) for key in keys if key in FACTS}
    return {key: called[key] for key in keys if key in called}


def _chosen(
    request: UserRequest, case: Case, days: tuple[Day, ...]
) -> tuple[User | None, Day | None]:
    """Return the person and the day of the button that was pressed; None for what is not there."""
    who, _colon, code = request.POST.get("give", "").partition(":")
    if who == OTHER:
        who = request.POST.get(OTHER, "")
    people = people_of(case.board)
    day = next((day for day in days if day.code == code), None)
    return (people[who][0] if who in people else None), day


def _offer(
    request: UserRequest,
    case: Case,
    ticked: list[str],
    days: tuple[Day, ...],
    *,
    error: str = "",
) -> HttpResponse:
    part = wants_fragment(request)
    free = _free(case) if ALL in ticked or not part else []
    named = _named(case, _shown(ticked, free))
    facts = list(named)
    likely, others = likely_people(case, request.user, facts) if facts or not part else ((), ())
    context: dict[str, Any] = {
        "give_url": reverse("cases:give", args=[case.public_id]),
        "chosen": facts,
        "free": free,
        "days": days,
        "likely": likely,
        "others": others,
        "error": error,
        "shown": _held(case, named) if part and named else [],
    }
    if not part:
        open_ = {key: fact_label(key) for key in readiness_of(case).open}
        context["facts"] = list({**named, **open_}.items())
        context["shown"] = _held(case, {**named, **open_})
        context["bar"] = patient_bar_of(case, timezone.localdate())
        context["bar_links"] = True
    status = 422 if error else 200
    return render(request, "cases/give.html", "cases/_give.html", context, status=status)
