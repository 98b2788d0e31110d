"""Pages of signed-in users are kept nowhere but on the screen; what cannot be meant is refused unread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _

from accounts import idling
from accounts.afterwards import do_what_waits, something_waits
from accounts.confirming import ask
from accounts.services.signing_in import note_ended_session
from ui.errors import too_large

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

_ENDED = {
    idling.IDLE: _("You were signed out because nothing was done for a while."),
    idling.DAY: _("You were signed out because you had signed in many hours ago."),
}


class NoStoreMiddleware:
    """Adds `Cache-Control: no-store` to what a signed-in user is sent, and `Vary: HX-Request`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, then mark the answer."""
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        if request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store"
        return response


class AfterwardsMiddleware:
    """Does what waits for the end of a request when the server has sent the answer and closes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        response = self.get_response(request)
        if something_waits():
            close = response.close

            def close_and_go_on() -> None:
                close()
                do_what_waits()

            response.close = close_and_go_on  # type: ignore[method-assign]
        return response


class SessionEndMiddleware:
    """Ends a session in which nobody did anything for a while, or that is a working day old, and says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, then note that somebody is there.

        Not in a session that was over before: what reaches no view, as an address that is not there, ends none.
        """
        was_over = request.user.is_authenticated and idling.over(request.session)
        response = self.get_response(request)
        if request.user.is_authenticated and not was_over:
            idling.note_seen(request)
        return response

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Go on without the session when it is over: the view answers as it does anybody who is not signed in."""
        user = request.user
        if user.is_authenticated and (why := idling.over(request.session)):
            note_ended_session(account=user)
            logout(request)
            messages.info(request, _ENDED[why])
        return None


class ConfirmingMiddleware:
    """Asks again who it is before the sign-in library changes how an account is protected, as before other deeds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request unchanged."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Lead to where somebody who is signed in confirms that it is them."""
        if isinstance(exception, ReauthenticationRequired) and request.user.is_authenticated:
            return ask(request)
        return None


class SizeMiddleware:
    """Refuses more than the largest form may hold by the length that is announced, before a byte is read.

    What announces no length is not read at all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or refuse it."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        # One that is no number is Django's to take as nothing sent.
        if length.isascii() and length.isdigit() and int(length) > settings.MOST_SENT_BYTES:
            return too_large(request)
        return self.get_response(request)


class PlainTextMiddleware:
    """Refuses the character NUL in what is sent: PostgreSQL cannot hold it, and nobody types it.

    Looked for once the form's token was found good, and never in what somebody sends to a page for which they
    would have to sign in: reading an upload writes it to the disk.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Refuse the request, or let the view have it."""
        rule = getattr(view, "access_rule", None)
        turned_away = rule and rule.permission and not request.user.is_authenticated
        sent = [*request.GET.lists(), *([] if turned_away else request.POST.lists())]
        if any("\x00" in value for _name, values in sent for value in values):
            raise BadRequest("The character NUL was sent.")
        return None
