"""The pages of the guidance, one case held against all of it, and one statement held against many cases.

With the facts loaded, all published statements are evaluated for one case, and what is missing is ranked, without a
query. One condition is held against all open cases of a board, by one statement.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bench.figures import Figure, NotMeasured, milliseconds, seconds
from bench.scale import copy_patient

if TYPE_CHECKING:
    from accounts.models import User
    from bench.site import Site
    from cases.models import Case
    from evidence.conditions import Node
    from evidence.models import StatementVersion

# The list and the page of a statement are asked no less than those of a case.
LIST_RATIO, PAGE_RATIO = 35.0, 70.0
# Matching alone, as the bar says; what statements and rows of rules lack is ranked besides, within the same bar.
MATCH_MS, RANK_MS, MATCH_QUERIES = 5.0, 5.0, 0
# So many open cases are to be held against one condition in this time; fewer where there are fewer.
HELD, HELD_SECONDS = 100_000, 0.3
# As many open cases of one person's boards are to be decided by one statement while they wait.
CASES, TOUCHES_MS, TOUCHES_RATIO = 10_000, 500.0, 4.0
QUICK_CASES = 2_000
# Numbers of its copies begin above those of the cases that fill the database.
EVIDENCE = 10_000_000


def measure(site: Site, quick: bool) -> list[Figure]:
    """Return the figures of the evidence."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse
    from django.utils import timezone

    from accounts.acting import acting_as
    from evidence.loading import load, read
    from evidence.matching import match, rules_settled, settles
    from evidence.selectors import published_versions
    from tests.factories.people import make_board, make_user
    from tests.factories.record import make_case

    with transaction.atomic():
        load(read())
        board = make_board("Bench Board, evidence")
        member = make_user("member", board)
        case = make_case(member, board)
        with acting_as(member):
            facts = case.facts.as_facts()
    versions = list(published_versions())
    longest = max(versions, key=lambda version: version.version_findings.count())
    site.sign_in(member)
    statement = reverse("evidence:statement", args=[longest.statement.public_id])
    figures = [
        site.figure("evidence.list", reverse("evidence:statements"), LIST_RATIO, quick),
        site.figure("evidence.statement", statement, PAGE_RATIO, quick),
    ]
    today = timezone.localdate()

    found = match(versions, facts, as_of=today)

    def matched() -> None:
        match(versions, facts, as_of=today)

    def ranked() -> None:
        settles(found, facts, as_of=today)
        rules_settled(found, facts, as_of=today)

    times = 5 if quick else 50
    with CaptureQueriesContext(connection) as asked:
        matching, ranking = milliseconds(matched, times=times), milliseconds(ranked, times=times)
    figures.append(Figure("evidence.match", matching, "ms", MATCH_MS))
    figures.append(Figure("evidence.rank_missing", ranking, "ms", RANK_MS))
    figures.append(Figure("evidence.match_and_rank", matching + ranking, "ms", MATCH_MS))
    figures.append(Figure("evidence.match_queries", len(asked), "queries", MATCH_QUERIES))
    open_cases = QUICK_CASES if quick else CASES
    figures += _touches(member, case, versions, open_cases)
    wanted = open_cases if quick else HELD
    return [*figures, _held(member, case, versions, open_cases, wanted)]


def _held(
    member: User, case: Case, versions: list[StatementVersion], there: int, wanted: int
) -> Figure:
    """Return how long the slowest published condition takes to be held against `wanted` open cases of one board.

    `there` of them are there already. Every published condition is held against them as a curator's page does it, each
    by one statement, behind both walls and beside all the other cases; the slowest ones once more.
    """
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from accounts.acting import acting_as
    from cases.answers import counted_here

    copy_patient(
        case.patient_id, patients=wanted - there, boards=[case.board_id], first=EVIDENCE + there, keep_open=True
    )  # fmt: skip
    with transaction.atomic(), acting_as(member):

        def hold(node: Node) -> int:
            return sum(counted_here(member, [node]).values())

        # Whose boards they are is asked once, before.
        hold(versions[0].node)
        with CaptureQueriesContext(connection) as asked:
            seen = hold(versions[0].node)
        if seen < wanted or len(asked) != 1:
            raise NotMeasured(f"{seen} of {wanted} cases are seen, by {len(asked)} queries.")
        once = {v: seconds(partial(hold, v.node)) for v in versions}
        slowest = sorted(versions, key=once.__getitem__)[-3:]
        took = {v: milliseconds(partial(hold, v.node), times=1) / 1000 for v in slowest}
    worst = max(slowest, key=took.__getitem__)
    print(f"evidence: {worst.statement.code} takes longest over {seen} cases", flush=True)
    bar = HELD_SECONDS * max(seen, HELD) / HELD
    return Figure(f"evidence.held_{seen}", took[worst], "s", bar)


def _touches(
    member: User, case: Case, versions: list[StatementVersion], count: int
) -> list[Figure]:
    """Return how long the slowest statement takes to find the open cases that it bears on.

    Also as a multiple of counting those cases: what else the machine does weighs on both.
    """
    from django.db import transaction

    from accounts.acting import acting_as
    from cases.answers import counted_here, newest_here
    from cases.models import CaseFacts
    from cases.states import CaseState
    from evidence.curation.counting import SHOWN_CASES

    copy_patient(
        case.patient_id, patients=count, boards=[case.board_id], first=EVIDENCE, keep_open=True
    )
    with transaction.atomic(), acting_as(member):
        rows = CaseFacts.objects.visible_to(member)
        is_open = rows.filter(case__state__in=set(CaseState) - {CaseState.CLOSED})
        if is_open.count() != count + 1:
            raise NotMeasured("the copied cases are not seen.")

        # What a curator is shown before a statement is published whose condition is new.
        def asked(version: StatementVersion) -> None:
            counted_here(member, [version.node])
            newest_here(member, [version.node], ["t", "u"], SHOWN_CASES)

        asks = {v: partial(asked, v) for v in versions}
        once = {v: seconds(ask) for v, ask in asks.items()}
        slow = sorted(versions, key=once.__getitem__)[-3:]
        slowest = max(milliseconds(asks[v], times=1) for v in slow)
        counting = milliseconds(is_open.count, times=1)
    bar = TOUCHES_MS * count / CASES
    return [
        Figure(f"evidence.touches_{count}", slowest, "ms", bar),
        Figure("evidence.touches", slowest / counting, "x count", TOUCHES_RATIO),
    ]
