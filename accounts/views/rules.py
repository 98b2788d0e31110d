"""Whose stopping rules set the marks of a board's cases: everybody of the board sees it, its chair chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import selectors
from accounts.access import UserRequest, requires
from accounts.models import Board
from accounts.policies import check_board
from accounts.presenters import changed_words, chosen_rules, profile_label, reaches_words
from accounts.rule_forms import PLACES, RulesForm
from accounts.rule_profiles import NOT_READ, RuleProfile
from accounts.services.boards import RulesChanged, choose_rules, rules_seen
from ui.htmx import redirect, render

if TYPE_CHECKING:
    from uuid import UUID


@require_http_methods(["GET", "HEAD", "POST"])
@requires("evidence.view")
def rules(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Show by whose rules the board goes, since when and why; take another choice of its chair."""
    mine = [board.pk for board in request.user.boards]
    boards = Board.objects.filter(pk__in=mine).select_related("rule_set_by")
    board = get_object_or_404(boards, public_id=public_id)
    may = request.user.can("board.set_rules", board)
    if request.method == "POST":
        check_board(request.user, "board.set_rules", board)
    sent = request.POST if request.method == "POST" else None
    form = RulesForm(sent, board=board, seen=rules_seen(board)) if may else None
    if form is not None and form.is_valid() and _choose(request, board, form):
        messages.success(request, _("Saved. The marks of this board's cases follow from now on."))
        return redirect(request, reverse("boards:rules", args=[board.public_id]))
    if form is not None and form.errors:
        # Somebody else may have chosen meanwhile: what is shown as holding now does.
        board.refresh_from_db()
    context = {
        "board": board,
        "boards": request.user.boards,
        "stands": profile_label(board.rule_profile, board.rule_order),
        "history": [chosen_rules(row) for row in selectors.rules_of(board)],
        "reaches": reaches_words(selectors.readers_of(board)),
        "form": form,
        "places": PLACES,
        "not_read": [RuleProfile(code).label for code in sorted(NOT_READ)],
        "draft": None,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "accounts/rules.html", context=context, status=status)


def _choose(request: UserRequest, board: Board, form: RulesForm) -> bool:
    data = form.cleaned_data
    try:
        choose_rules(
            by=request.user,
            board=board,
            profile=data["rule_profile"],
            order=data["rule_order"],
            reason=data["rule_reason"],
            seen=data["seen"],
        )
    except RulesChanged as changed:
        form.add_error(None, changed_words(changed.board))
        # Having read it, whoever presses again means it.
        form.renew_seen(rules_seen(changed.board))
        return False
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
