"""The members of a board: who holds which role, giving one, ending one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import selectors
from accounts.access import UserRequest, requires
from accounts.forms import MemberForm
from accounts.models import Board, Membership
from accounts.permissions import Role
from accounts.policies import check_end
from accounts.presenters import member_row
from accounts.services.accounts import invite, invite_again
from accounts.services.memberships import end_membership, give_membership
from ui.htmx import redirect, render
from ui.paging import keyset

if TYPE_CHECKING:
    from uuid import UUID

PER_PAGE = 50


def _board(request: UserRequest, public_id: UUID) -> Board:
    """Return a board that the user administers; 404 for any other."""
    managed = [board.pk for board in request.user.boards_with("board.manage")]
    return get_object_or_404(Board.objects.filter(pk__in=managed), public_id=public_id)


def _members_url(board: Board) -> str:
    return reverse("boards:members", args=[board.public_id])


@require_safe
@requires("board.manage")
def index(request: UserRequest) -> HttpResponse:
    """Go to the board that the user administers, the first by name of several."""
    return redirect(request, _members_url(request.user.boards_with("board.manage")[0]))


@require_safe
@requires("board.manage")
def members(request: UserRequest, public_id: UUID) -> HttpResponse:
    """List who holds a role on the board, by name; `?show=ended`: who held one."""
    board = _board(request, public_id)
    ended = request.GET.get("show") == "ended"
    people = selectors.people_of(board, active=not ended)
    page = keyset(people, request, order=("name", "id"), per_page=PER_PAGE, by_id=True)
    context = {
        "board": board,
        "boards": request.user.boards_with("board.manage"),
        "page": page,
        "rows": [member_row(user, board, by=request.user) for user in page.rows],
        "ended": ended,
        "lonely": selectors.administrators_of(board) < 2,
    }
    return render(request, "accounts/members.html", context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("board.manage")
def add(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Give somebody a role, and make an account for whoever has none."""
    board = _board(request, public_id)
    form = MemberForm(request.POST if request.method == "POST" else None, by=request.user)
    if form.is_valid() and (said := _give(request, board, form)):
        messages.success(request, said)
        return redirect(request, _members_url(board))
    context = {"form": form, "board": board, "back_url": _members_url(board), "draft": None}
    status = 422 if form.errors else 200
    return render(request, "accounts/add.html", context=context, status=status)


def _give(request: UserRequest, board: Board, form: MemberForm) -> str:
    """Give the role; return what was done, or nothing with an error in the form."""
    data: dict[str, Any] = form.cleaned_data
    user = selectors.account_of(data["email"])
    role = {"role": data["role"], "specialty": data["specialty"]}
    words = {"name": user.name if user else data["name"], "role": Role(data["role"]).label}
    try:
        if user is not None:
            give_membership(by=request.user, board=board, user=user, **role)
            return _("%(name)s has the role “%(role)s” now.") % words
        if not data["name"]:
            form.ask_for_name()
            return ""
        person = {name: data[name] for name in ("email", "name", "title")}
        invite(by=request.user, board=board, **person, **role)
        return _("%(name)s has an account and the role “%(role)s”. A mail is on its way.") % words
    except ValidationError as error:
        form.add_error(None, error)
    except OSError:
        form.add_error(None, _mail_is_down())
    return ""


def _mail_is_down() -> str:
    return _("The mail server took no mail, so nothing was changed. Try again in a while.")


@require_POST
@requires("board.manage")
def mail(request: UserRequest, public_id: UUID, user_id: UUID) -> HttpResponse:
    """Mail somebody who has never signed in, once more, how to set a password."""
    board = _board(request, public_id)
    account = get_object_or_404(selectors.people_of(board), public_id=user_id)
    try:
        invite_again(by=request.user, board=board, account=account)
    except OSError:
        messages.error(request, _mail_is_down())
    else:
        messages.success(request, _("A mail to %(name)s is on its way.") % {"name": account.name})
    return redirect(request, _members_url(board))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("board.manage")
def end(request: UserRequest, public_id: UUID, user_id: UUID, role: str) -> HttpResponse:
    """Ask, then end a role."""
    board = _board(request, public_id)
    rows = Membership.objects.filter(board=board).select_related("user", "board")
    membership = get_object_or_404(rows, user__public_id=user_id, role=role, active=True)
    words = {"name": membership.user.name, "role": membership.get_role_display()}
    if request.method == "POST":
        end_membership(by=request.user, membership=membership)
        messages.success(request, _("%(name)s no longer has the role “%(role)s”.") % words)
        return redirect(request, _members_url(board))
    check_end(request.user, membership)
    context = {
        **words,
        "board": board,
        "back_url": _members_url(board),
        "confirm_text": _("End the role"),
        "confirm_kind": "danger",
    }
    return render(request, "accounts/end.html", context=context)
