"""The case list and the case page beside a bare page of the same size, in the same run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.figures import Figure

if TYPE_CHECKING:
    from bench.site import Site

LIST_RATIO, PAGE_RATIO = 35.0, 70.0


def measure(site: Site, quick: bool) -> list[Figure]:
    """Return the figures of the case pages."""
    from django.db import transaction
    from django.urls import reverse

    from tests.factories.monitoring import make_irae
    from tests.factories.people import make_board, make_user
    from tests.factories.record import make_case

    with transaction.atomic():
        board = make_board("Bench Board, cases")
        member = make_user("member", board)
        for _ in range(26 if quick else 300):  # more than a page of the list holds
            case = make_case(member, board)
        for entity, organ in (("pneumonitis", "lung"), ("colitis", "colon"), ("rash", "skin")):
            make_irae(member, case, entity, organ=organ)
    site.sign_in(member)
    return [
        site.figure("cases.list", reverse("cases:list"), LIST_RATIO, quick),
        site.figure(
            "cases.page", reverse("cases:detail", args=[case.public_id]), PAGE_RATIO, quick
        ),
    ]
