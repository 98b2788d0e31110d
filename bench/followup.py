"""Monitoring: one sweep of due reminders, opening what is due, and the worklist."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from bench import database
from bench.figures import Figure, NotMeasured, seconds
from bench.site import ROOT, free_port, wait_for

if TYPE_CHECKING:
    from bench.site import Site

SWEEP_SECONDS = 120.0
SWEEP_RATIO = 6.0
WORKLIST_RATIO = 35.0
BARE_MAILS = 200


def measure(site: Site, quick: bool) -> list[Figure]:
    """Return the figures of monitoring."""
    from django.db import transaction
    from django.urls import reverse

    from tests.factories.monitoring import make_due_reminders, make_plan
    from tests.factories.people import make_board, make_user

    count = 300 if quick else 10_000
    with transaction.atomic():
        board = make_board("Bench Board, monitoring")
        nurse = make_user("nurse", board)
        make_due_reminders(nurse, board, count)
    figures = _sweep(count)
    with transaction.atomic():
        for dosed in range(3, 5 if quick else 33):
            make_plan(nurse, board, dosed=dosed)
    # A few thousand rows entered at once, which the planner knows of as soon as autovacuum has been there.
    with psycopg.connect(
        database.named(os.environ["DATABASE_SUPERUSER_URL"], database.NAME), autocommit=True
    ) as server:
        server.execute(
            "ANALYZE followup_check, followup_monitoringplan, followup_reminder, cases_patientaccess"
        )
    site.sign_in(nurse)
    worklist = reverse("followup:worklist")
    return [*figures, site.figure("followup.worklist", worklist, WORKLIST_RATIO, quick)]


def _sweep(count: int) -> list[Figure]:
    from django.conf import settings

    from followup.services.delivery import drain
    from followup.services.sweep import open_due_checks
    from tests.factories.monitoring import as_worker

    port = free_port()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "accepted.txt"
        command = [sys.executable, "-m", "tests.factories.smtp_sink", str(port), str(log)]
        sink = subprocess.Popen(command, cwd=ROOT)
        try:
            wait_for(port, "the mail server")
            with as_worker():
                took = seconds(lambda: drain(seconds=3600))
                opening = seconds(open_due_checks)
            accepted = len(set(log.read_text().split()))
            bare = seconds(_bare_mails) / BARE_MAILS
        finally:
            sink.terminate()
            sink.wait()
    if accepted != count:
        raise NotMeasured(f"{accepted} of {count} reminders arrived.")
    return [
        Figure(f"followup.sweep_of_{count}", took, "s", SWEEP_SECONDS * count / 10_000),
        Figure("followup.sweep", took / count / bare, "x bare mail", SWEEP_RATIO),
        Figure("followup.open_due_checks", opening, "s", 5.0),
    ]


def _bare_mails() -> None:
    """Send mails of the same size over one connection, without a database: the floor of a sweep."""
    from django.core.mail import EmailMessage, get_connection

    message = EmailMessage("subject", "x" * 400, "a@example.org", ["b@example.org"])
    with get_connection() as line:
        for _ in range(BARE_MAILS):
            line.send_messages([message])
