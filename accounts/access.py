"""Every view declares who may call it: `@requires("case.view")` or `@public("why")`.

`requires` runs inside the request's transaction, so it is also where the acting user of row-level security
is set. An architecture test walks the addresses and refuses a view without a rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from accounts.acting import act, set_acting
from accounts.permissions import PERMISSIONS
from accounts.policies import check_anywhere
from audit.reading import notes
from audit.services import enter

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User

    View = Callable[..., HttpResponse]


# What the address of the page of signing in says where a form led there.
NOT_SAVED = "unsaved"


@dataclass(frozen=True)
class AccessRule:
    """What a view asks of its caller: a permission, or nothing for a stated reason."""

    permission: str = ""
    public_because: str = ""
    lists: bool = False
    renews: bool = False


class UserRequest(HttpRequest):
    """A request whose user is signed in, as every view behind `requires` gets it."""

    user: User
    htmx: Any
    # The entry of the navigation that the page belongs to, where its address does not say so.
    within: str
    # Whether something that somebody did was behind a request that the page made by itself.
    awake: bool


def shows_something(response: HttpResponse) -> bool:
    """Whether an answer holds a page or a part of one: neither a redirect nor "nothing changed"."""
    sends_on = 300 <= response.status_code < 400 or response.has_header("HX-Redirect")
    return not (sends_on or response.status_code == 204)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the page of signing in, which says that what was sent was not saved; nothing is read of it."""
    answer = redirect_to_login(request.get_full_path())
    if request.method == "POST":
        answer["Location"] += f"&{NOT_SAVED}=1"
    return answer


def requires(
    permission: str, *, lists: bool = False, renews: bool = False
) -> Callable[[View], View]:
    """Let only signed-in users through who hold `permission` on one of their boards.

    What the view shows of patients is entered on the trail when it has answered; `lists`: it is a list,
    entered by its length even when it has a single row. `renews`: a page asks for its part by itself, which keeps no
    session.
    """
    if permission not in PERMISSIONS:
        raise LookupError(f"{permission!r} is not in accounts.permissions.PERMISSIONS")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                set_acting(None)
                if getattr(request, "htmx", False):
                    return HttpResponse(status=401)
                return _to_sign_in(request)
            act(request.user)
            check_anywhere(request.user, permission)
            with notes(lists=lists) as taken:
                response = view(request, *args, **kwargs)
                if taken.left and shows_something(response):
                    name = request.resolver_match.view_name if request.resolver_match else ""
                    enter(taken, by=request.user, view=name)
            return response

        guarded.access_rule = AccessRule(permission, lists=lists, renews=renews)  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(reason: str) -> Callable[[View], View]:
    """Let anybody through, for `reason`; nobody is acting, so no patient row can be seen."""

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            set_acting(None)
            return view(request, *args, **kwargs)

        opened.access_rule = AccessRule(public_because=reason)  # type: ignore[attr-defined]
        return opened

    return decorate


def acted(admin_view: Callable[..., View]) -> Callable[..., View]:
    """Return the admin site's decorator of its views, with whoever is let in as the acting user."""

    def decorate(view: View, cacheable: bool = False) -> View:
        @wraps(view)
        def as_acting(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            set_acting(request.user if request.user.is_authenticated else None)
            return view(request, *args, **kwargs)

        return admin_view(as_acting, cacheable)

    return decorate
