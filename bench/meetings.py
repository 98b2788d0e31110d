"""The pages of a meeting with a full agenda, its poll, the triage board, and the letter of a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.figures import Figure, milliseconds

if TYPE_CHECKING:
    from accounts.models import User
    from bench.site import Site
    from meetings.models import Decision

CASES, QUICK_CASES, TO_TRIAGE = 50, 25, 12
AGENDA_RATIO, PAGE_RATIO, POLL_RATIO = 140.0, 70.0, 12.0
# The triage board shows as many cases as the agenda, with their irAEs and owed facts.
TRIAGE_RATIO = 140.0
# Made while the chair waits for the signature: no longer than a page may take.
LETTER_MS = 60.0
IRAES = (("pneumonitis", "lung"), ("colitis", "colon"), ("rash", "skin"))


def measure(site: Site, quick: bool) -> list[Figure]:
    """Return the figures of meetings."""
    from django.db import transaction
    from django.urls import reverse

    from followup.services.protocols import load_protocols
    from meetings.models import Meeting
    from tests.factories.meetings import make_draft, make_item, make_meeting, start
    from tests.factories.monitoring import make_irae
    from tests.factories.people import make_board, make_user
    from tests.factories.record import make_case

    with transaction.atomic():
        load_protocols()
        board = make_board("Bench Board, meetings")
        chair = make_user("chair", board)
        meeting = make_meeting(chair, board, in_days=0, minutes=600)
        for number in range(QUICK_CASES if quick else CASES):
            case = make_case(chair, board)
            entity, organ = IRAES[number % len(IRAES)]
            make_irae(chair, case, entity, organ=organ)
            item = make_item(chair, meeting, case)
        for _ in range(TO_TRIAGE):
            make_case(chair, board)
        draft = make_draft(chair, item)
        start(chair, meeting, item)
        revision = Meeting.objects.get(pk=meeting.pk).revision
    site.sign_in(chair)
    agenda = reverse("meetings:agenda", args=[meeting.public_id])
    live = reverse("meetings:live", args=[meeting.public_id])
    poll = reverse("meetings:live_state", args=[meeting.public_id]) + f"?seen={revision}"
    return [
        site.figure("meetings.agenda", agenda, AGENDA_RATIO, quick),
        site.figure("meetings.live", live, PAGE_RATIO, quick),
        site.figure("meetings.poll", poll, POLL_RATIO, quick, status=204),
        site.figure("meetings.triage", reverse("meetings:triage"), TRIAGE_RATIO, quick),
        _letter(chair, draft, quick),
    ]


def _letter(chair: User, draft: Decision, quick: bool) -> Figure:
    """Return how long the letter takes that a signature makes, from rows to PDF."""
    from django.db import transaction

    from accounts.acting import acting_as
    from meetings.letters import typeset
    from meetings.letters.content import letter_content
    from meetings.selectors import decision_for_signing, quorum_of
    from meetings.services.signing import marks_of, sign_decision

    with transaction.atomic(), acting_as(chair):
        sign_decision(by=chair, decision=draft, version=draft.version)
        signed = decision_for_signing(draft.pk)
        seats = quorum_of(signed.meeting, signed.case)
        facts = signed.case.facts.as_facts()
        took = milliseconds(
            lambda: typeset(letter_content(signed, seats, facts, marks_of(signed, facts).named)),
            times=5 if quick else 30,
        )
    return Figure("meetings.letter", took, "ms", LETTER_MS)
