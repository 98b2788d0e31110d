"""Structured logs: one JSON object a line with the request id; readable lines in debug.

Nothing about a patient is logged: views log ids of rows only, addresses are replaced by their routes, and what the
database adds to an error about the row that it refused is cut off.
"""

from __future__ import annotations

import logging.config
import re
from http import HTTPStatus
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, WrappedLogger

# Django's own loggers of what a request came to; their words hold its address, host or referring page.
OF_REQUESTS = ("django.request", "django.security")
# Below the words of a database error PostgreSQL writes the values of the row, up to the end of the exception.
DETAIL = re.compile(
    r"\n(?:DETAIL|CONTEXT|HINT|QUERY):.*?"
    r"(?=\n\n(?:The above exception was the direct cause|During handling of the above exception)|\Z)",
    re.DOTALL,
)


class RouteForAddress(logging.Filter):
    """Replaces the words of Django's lines about a request by what it came to and its route."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the line where it is about a request; let every line through."""
        if record.name.startswith(OF_REQUESTS):
            record.msg, record.args = self._words(record), ()
            if record.name.startswith("django.security"):
                # What a suspicious request held is what its exception says; the logger's name tells its kind.
                record.exc_info = record.exc_text = None
        return True

    @staticmethod
    def _words(record: logging.LogRecord) -> str:
        from rechallenge.requestlog import route_of  # needs the settings, which set up the logs

        status = getattr(record, "status_code", None)
        outcome = HTTPStatus(status).phrase if status else "Refused"
        request = getattr(record, "request", None)
        return f"{outcome}: {route_of(request)}" if request is not None else outcome


class KindForWords(logging.Filter):
    """Replaces what an exception of a task says, in Celery's line about it, by its kind."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the line where it is about a task that failed; let every line through."""
        if record.name == "celery.app.trace" and isinstance(record.args, dict):
            kind = record.exc_info[0] if record.exc_info else None
            record.args = {**record.args, "exc": kind.__name__ if kind else "see the result"}
        return True


def without_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Cut the values of rows off what a database error says."""
    for key in ("exception", "event"):
        if isinstance(event.get(key), str):
            event[key] = DETAIL.sub("", event[key])
    return event


def configure_logging(*, level: str, readable: bool) -> None:
    """Route structlog and the standard library through one handler at `level`."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=False)
        if readable
        else structlog.processors.JSONRenderer()
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        structlog.processors.format_exc_info,
                        without_values,
                        renderer,
                    ],
                    "foreign_pre_chain": shared,
                }
            },
            "filters": {"routes": {"()": RouteForAddress}, "tasks": {"()": KindForWords}},
            "handlers": {
                "out": {
                    "class": "logging.StreamHandler",
                    "formatter": "line",
                    "filters": ["routes", "tasks"],
                }
            },
            "root": {"handlers": ["out"], "level": level or "INFO"},
        }
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.filter_by_level,
            *shared[1:],
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
