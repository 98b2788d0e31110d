"""The product's addresses, and a bare page of any size."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from rechallenge.urls import urlpatterns as product


def bare(request: HttpRequest, size: int) -> HttpResponse:
    """Return `size` bytes without a query or a template."""
    return HttpResponse(b"x" * size)


urlpatterns = [*product, path("bare/<int:size>", bare)]
