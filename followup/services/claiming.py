"""Claims due reminders one by one, and marks each with its notice, by statements planned once for many rows.

Planning the claim takes the database nine times as long as running it, and a sweep runs it for every row. The
transactions are begun and ended here by hand, for one exchange where Django's `atomic` takes three.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection

from followup.models.delivery import message_id
from followup.states import OPEN_PLANS, CheckState

if TYPE_CHECKING:
    from uuid import UUID

CLAIM = """
    PREPARE followup_claim AS
    SELECT r.id, r.safety_check_id, r.recipient_id, r.kind, r.due_on, r.channel, r.attempts,
        ch.public_id, ch.state, ch.due_on, p.public_id, p.state, c.reference, u.email, u.is_active
    FROM followup_reminder r
    JOIN followup_check ch ON ch.id = r.safety_check_id
    JOIN followup_monitoringplan p ON p.id = ch.plan_id
    JOIN cases_case c ON c.id = p.case_id
    JOIN accounts_user u ON u.id = r.recipient_id
    WHERE r.state = 'pending' AND r.next_attempt_at <= now()
    ORDER BY r.next_attempt_at, r.id
    LIMIT 1 FOR UPDATE OF r SKIP LOCKED
"""
# With every constraint checked at once, no refusal by the database is left for after the mail.
TAKE = "BEGIN; SET CONSTRAINTS ALL IMMEDIATE; EXECUTE followup_claim"
TELL = """
    PREPARE followup_tell (bigint, bigint, text, text, date, uuid, uuid) AS
    WITH told AS (
        INSERT INTO followup_notice (public_id, reminder_id, user_id, kind, reference, reason, due_on,
            plan_public_id, check_public_id)
        VALUES (gen_random_uuid(), $1, $2, $3, $4, '', $5, $6, $7)
        ON CONFLICT DO NOTHING)
    UPDATE followup_reminder
    SET state = 'sent', sent_at = statement_timestamp(), attempts = attempts + 1, last_error = ''
    WHERE id = $1
"""
PREPARED = {"followup_claim": CLAIM, "followup_tell": TELL}


@dataclass(frozen=True)
class Claimed:
    """A due reminder that this transaction holds, with what its notice and its mail need."""

    pk: int
    check_id: int
    recipient_id: int
    kind: str
    due_on: date
    channel: str
    attempts: int
    check_public_id: UUID
    check_state: str
    check_due_on: date | None
    plan_public_id: UUID
    plan_state: str
    reference: str
    address: str
    recipient_active: bool

    @property
    def needed(self) -> bool:
        """Whether the check is still to be done on that day, and the recipient still works here."""
        return (
            self.check_state in {CheckState.WAITING, CheckState.DUE, CheckState.MISSED}
            and self.plan_state in OPEN_PLANS
            and self.check_due_on == self.due_on
            and self.recipient_active
        )

    def message_id(self, domain: str) -> str:
        """Return the Message-ID of every copy of its mail."""
        return message_id(
            self.check_id, self.recipient_id, self.kind, self.due_on, self.channel, domain=domain
        )


class Claims:
    """One connection's claims: a row at a time, each in a transaction of its own.

    Taking the next row commits the one before in the same exchange with the database: under load it is
    the exchanges that a sweep waits for. Whatever leaves the block by an exception frees the row at hand.
    """

    def __init__(self) -> None:
        self.open = False

    def __enter__(self) -> Claims:
        if connection.in_atomic_block:
            raise RuntimeError("each reminder is committed by itself: not inside a transaction")
        self.prepare()
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self.commit()
        else:
            connection.close()

    def prepare(self) -> None:
        """Prepare the statements, to be planned for the tables as large as they are now.

        To be called now and then: a plan made while the queue was short reads all of a long one for each
        row. Commits the row at hand.
        """
        self.commit()
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM pg_prepared_statements")
            there = {name for (name,) in cursor.fetchall()}
            for name, statement in PREPARED.items():
                if name not in there:
                    cursor.execute(statement)
            cursor.execute("DISCARD PLANS")

    def take(self) -> Claimed | None:
        """Commit the row at hand; return the next due one, locked for its transaction, or None."""
        with connection.cursor() as cursor:
            cursor.execute(f"COMMIT; {TAKE}" if self.open else TAKE)
            self.open = True
            while cursor.description is None:
                cursor.nextset()
            found = cursor.fetchone()
        return Claimed(*found) if found else None

    def tell(self, row: Claimed) -> None:
        """Write the recipient's notice, once, and mark the reminder as sent, uncommitted."""
        with connection.cursor() as cursor:
            cursor.execute(
                "EXECUTE followup_tell (%s, %s, %s, %s, %s, %s, %s)",
                [
                    row.pk,
                    row.recipient_id,
                    row.kind,
                    row.reference,
                    row.due_on,
                    row.plan_public_id,
                    row.check_public_id,
                ],
            )

    def commit(self) -> None:
        """Commit the row at hand, if there is one."""
        self._end("COMMIT")

    def give_back(self) -> None:
        """Undo what was written about the row at hand and free it."""
        self._end("ROLLBACK")

    def _end(self, how: str) -> None:
        if self.open:
            with connection.cursor() as cursor:
                cursor.execute(how)
            self.open = False
