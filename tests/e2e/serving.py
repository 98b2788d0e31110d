"""Pages of the test's own process at an address, with the static files as they are built."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler

if TYPE_CHECKING:
    from collections.abc import Iterator


class QuietHandler(WSGIRequestHandler):
    """Writes no access log."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(settings: Any, urlconf: str) -> Iterator[str]:
    """Serve the addresses of a module; it needs no database, session or sign-in."""
    settings.ROOT_URLCONF = urlconf
    # As installed: in debug django-htmx shows Django's error page in place of ours.
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    settings.MIDDLEWARE = [
        "csp.middleware.CSPMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django_htmx.middleware.HtmxMiddleware",
    ]
    server = make_server(
        "127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), WSGIServer, QuietHandler
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()
