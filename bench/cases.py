"""The case list and the case page beside a bare page of the same size, in the same run."""

from __future__ import annotations

from bench.figures import Figure
from bench.site import running

LIST_RATIO, PAGE_RATIO = 35.0, 70.0


def measure(quick: bool) -> list[Figure]:
    """Return the figures of the case pages."""
    from django.db import transaction
    from django.urls import reverse

    from tests.factories.monitoring import make_irae
    from tests.factories.people import make_board, make_user
    from tests.factories.record import make_case

    with transaction.atomic():
        board = make_board("Bench Board, cases")
        member = make_user("member", board)
        for _ in range(40 if quick else 300):
            case = make_case(member, board)
        for entity, organ in (("pneumonitis", "lung"), ("colitis", "colon"), ("rash", "skin")):
            make_irae(member, case, entity, organ=organ)
    times = 8 if quick else 50
    figures = []
    with running() as site:
        site.sign_in(member)
        for name, path, bar in (
            ("cases.list", reverse("cases:list"), LIST_RATIO),
            ("cases.page", reverse("cases:detail", args=[case.public_id]), PAGE_RATIO),
        ):
            figures.append(Figure(name, site.ratio(path, times=times), "x bare page", bar))
    return figures
