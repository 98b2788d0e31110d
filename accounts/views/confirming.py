"""Where somebody who is signed in says again who they are: by a password, a code or a key.

The library's own pages, which do what waits only for the confirmation that it asked for.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import BaseReauthenticateView, ReauthenticateView
from allauth.core.internal.httpkit import add_query_params
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from allauth.utils import get_request_param
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from accounts.access import public
from accounts.confirming import MARK, resume


class _Marked(BaseReauthenticateView):
    """Carries the mark of what waits, from the address to the form and to the other ways to confirm."""

    @property
    def mark(self) -> str:
        """The mark that the address or the form carries."""
        return str(get_request_param(self.request, MARK, ""))

    def passthrough_next_url(self, url: str) -> str:
        """Return another address of confirming, with what this one carries."""
        address = str(super().passthrough_next_url(url))
        return add_query_params(address, {MARK: self.mark}) if self.mark else address

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the mark to the field that says where to go afterwards."""
        found: dict[str, Any] = super().get_context_data(**kwargs)
        if self.mark:
            field = format_html('<input type="hidden" name="{}" value="{}">', MARK, self.mark)
            found["redirect_field"] = format_html("{}{}", found["redirect_field"], field)
        return found

    def form_valid(self, form: Any) -> HttpResponse:
        """Do what waits for this confirmation, or go where it was asked for."""
        answer: HttpResponse = resume(self.request, self.mark) or super().form_valid(form)
        return answer


# The library's view first: it notes the confirmation, and then does as its base says.
class _ByPassword(ReauthenticateView, _Marked):
    pass


class _ByCode(ReauthenticateByCodeView, _Marked):
    pass


class _ByKey(ReauthenticateWebAuthnView, _Marked):
    def form_invalid(self, form: Any) -> HttpResponse:
        """Ask for a key again: the library would lead to the sign-in page, and what waits would be lost."""
        for message in form.errors.get("credential", []):
            get_adapter().add_message(self.request, messages.ERROR, message=message)
        return HttpResponseRedirect(self.passthrough_next_url(self.request.path))


def _offered(view: type[_Marked]) -> Any:
    because = "whoever confirms is signed in: the library asks for that itself"
    return require_http_methods(["GET", "HEAD", "POST"])(public(because)(view.as_view()))


by_password, by_code, by_key = _offered(_ByPassword), _offered(_ByCode), _offered(_ByKey)
