"""The control of the kill test: a worker that marks reminders as sent before it sends them.

For the test alone. It shows that the fault injected there loses reminders where a design allows it.
"""

from __future__ import annotations

from django.db import connection, transaction

from rechallenge.celery import app

BATCH = 100
CLAIM = """
    UPDATE followup_reminder SET state = 'sent', sent_at = now() WHERE id IN (
        SELECT id FROM followup_reminder WHERE state = 'pending' ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING id
"""


@app.task(name="tests.early_ack")
def early_ack() -> None:
    """Mark a batch, commit, then send it; again until none is left."""
    from followup import mail
    from followup.models import Reminder

    with mail.Line() as line:
        while True:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(CLAIM, [BATCH])
                ids = [pk for (pk,) in cursor.fetchall()]
            if not ids:
                return
            for row in Reminder.objects.filter(pk__in=ids):
                letter = mail.Letter(
                    "nobody@example.org", row.kind, "RC-0000-0000", row.due_on,
                    "00000000-0000-4000-8000-000000000000", row.message_id(mail.domain()),
                )  # fmt: skip
                line.send(mail.compose(letter))
