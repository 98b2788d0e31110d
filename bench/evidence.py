"""The pages of the guidance, one case held against all of it, and one statement held against every open case."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bench.figures import Figure, NotMeasured, milliseconds, seconds
from bench.scale import copy_patient

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from accounts.models import User
    from bench.site import Site
    from cases.models import Case, CaseFacts
    from evidence.conditions import Node
    from evidence.models import StatementVersion

# The list and the page of a statement are asked no less than those of a case.
LIST_RATIO, PAGE_RATIO = 35.0, 70.0
MATCH_MS = 10.0
# As many open cases of one person's boards are to be decided by one statement while they wait.
CASES, TOUCHES_MS, TOUCHES_RATIO = 10_000, 500.0, 4.0
QUICK_CASES = 2_000
# Numbers of its copies begin above those of the cases that fill the database.
EVIDENCE = 10_000_000


def measure(site: Site, quick: bool) -> list[Figure]:
    """Return the figures of the evidence."""
    from django.db import transaction
    from django.urls import reverse

    from evidence.loading import load, read
    from evidence.matching import match
    from evidence.selectors import published_versions
    from tests.factories.people import make_board, make_user
    from tests.factories.record import make_case

    with transaction.atomic():
        load(read())
        board = make_board("Bench Board, evidence")
        member = make_user("member", board)
        case = make_case(member, board)
        facts = case.facts.as_facts()
    versions = list(published_versions())
    longest = max(versions, key=lambda version: version.version_findings.count())
    site.sign_in(member)
    statement = reverse("evidence:statement", args=[longest.statement.public_id])
    figures = [
        site.figure("evidence.list", reverse("evidence:statements"), LIST_RATIO, quick),
        site.figure("evidence.statement", statement, PAGE_RATIO, quick),
    ]
    once = milliseconds(lambda: match(versions, facts), times=5 if quick else 50)
    figures.append(Figure("evidence.match", once, "ms", MATCH_MS))
    return [*figures, *_touches(member, case, versions, QUICK_CASES if quick else CASES)]


def _touches(
    member: User, case: Case, versions: list[StatementVersion], count: int
) -> list[Figure]:
    """Return how long the slowest statement takes to find the open cases that it bears on.

    Also as a multiple of counting those cases: what else the machine does weighs on both.
    """
    from django.db import transaction
    from django.utils import timezone

    from accounts.acting import acting_as
    from cases.models import CaseFacts
    from cases.states import CaseState

    copy_patient(
        case.patient_id, patients=count, boards=[case.board_id], first=EVIDENCE, keep_open=True
    )
    with transaction.atomic(), acting_as(member):
        rows = CaseFacts.objects.visible_to(member)
        is_open = rows.filter(case__state__in=set(CaseState) - {CaseState.CLOSED})
        if is_open.count() != count + 1:
            raise NotMeasured("the copied cases are not seen.")
        today = timezone.localdate()
        once = {v: seconds(partial(_count, is_open, v.node, today)) for v in versions}
        slow = sorted(versions, key=once.__getitem__)[-3:]
        slowest = max(milliseconds(partial(_count, is_open, v.node, today), times=1) for v in slow)
        counting = milliseconds(is_open.count, times=1)
    bar = TOUCHES_MS * count / CASES
    return [
        Figure(f"evidence.touches_{count}", slowest, "ms", bar),
        Figure("evidence.touches", slowest / counting, "x count", TOUCHES_RATIO),
    ]


def _count(rows: QuerySet[CaseFacts], node: Node, today: date) -> int:
    from cases.condition_sql import decide

    return decide(rows, node, as_of=today).is_true.count()
