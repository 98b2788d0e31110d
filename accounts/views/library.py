"""Addresses of allauth that this product does not offer, or not always."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import public
from accounts.services.second_factors import recovery_codes_are_lost

if TYPE_CHECKING:
    from collections.abc import Callable


@require_http_methods(["GET", "HEAD", "POST"])
@public("it never answers: an e-mail address is changed by an administrator")
def not_offered(request: HttpRequest, **_ids: Any) -> HttpResponse:
    """Answer as if there were no such address: whoever steals a session must not change the address."""
    raise Http404


def unless_lost(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return allauth's view of recovery codes, which says so instead where no key of this server opens them."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and recovery_codes_are_lost(request.user):
            words = _(
                "Your recovery codes can no longer be read, and let nobody in. Make new ones."
            )
            messages.error(request, words)
            return redirect("mfa_index")
        return view(request, *args, **kwargs)

    return answered
