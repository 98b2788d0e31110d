"""The trail of the user's boards: who did and who read what."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from accounts import selectors
from accounts.access import UserRequest, requires
from accounts.forms import TrailForm
from accounts.services.reading import note_trail_read
from accounts.trail import Wanted, entries, rows_of
from audit.subjects import FoundCase, case_of
from ui.htmx import render
from ui.paging import KeysetPage, keyset

PER_PAGE = 50
ORDER = ("-at", "-id")


@require_safe
@requires("trail.view")
def trail(request: UserRequest) -> HttpResponse:
    """List the entries of a board, newest first, narrowed by what the address says. Reading it is entered."""
    boards = request.user.boards_with("trail.view")
    form = TrailForm(request.GET or None, boards=boards, people=selectors.people_on(boards))
    context = {"form": form, "board": boards[0], "filtered": bool(request.GET), "case": None}
    if form.is_bound and not form.is_valid():
        context |= {"page": KeysetPage([], None, None), "rows": []}
        return render(request, "audit/trail.html", context=context, status=422)
    case = _case(request, form)
    its_board = next((b for b in boards if case and b.pk == case.board_id), boards[0])
    wanted = Wanted(
        board=form.chosen_board() or its_board,
        group=form.value("group") or "",
        person=form.chosen_person(),
        since=form.value("since"),
        until=form.value("until"),
        patient_id=case.patient_id if case else None,
        records=case.records if case else (),
    )
    page = keyset(entries(wanted), request, order=ORDER, per_page=PER_PAGE)
    note_trail_read(by=request.user, wanted=wanted, count=len(page.rows))
    rows = rows_of(page.rows, reader=request.user)
    context |= {"page": page, "rows": rows, "case": case, "board": wanted.board}
    return render(request, "audit/trail.html", context=context)


def _case(request: UserRequest, form: TrailForm) -> FoundCase | None:
    """Return the case that was asked for; 404 for one that the user may not see."""
    asked = form.case_id()
    found = case_of(request.user, asked) if asked else None
    if asked and found is None:
        raise Http404
    return found
