"""Curators are mailed when guidance is to be read again: once for each version and day, whatever fails on the way."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from accounts.models import Board, User
from accounts.policies import NotAllowed
from accounts.services.memberships import end_membership
from audit.models import TrailEntry
from evidence import services
from evidence.models import ReviewMail, ReviewMailItem, StatementVersion
from evidence.reminding import send_again, write_reminders
from followup.services import reviews
from followup.services.delivery import MOST_ATTEMPTS
from followup.services.reviews import remind_of_reviews
from followup.tasks import remind_of_reviews as task
from tests.factories.meetings import make_version
from tests.factories.monitoring import as_worker
from tests.factories.people import by_acting, make_board, make_user
from tests.factories.world import superuser_sql

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("committed_db")


def in_days(days: int, code: str, **extra: Any) -> StatementVersion:
    return make_version(code=code, review_by=timezone.localdate() + timedelta(days=days), **extra)


def states() -> list[str]:
    return list(ReviewMail.objects.order_by("pk").values_list("state", flat=True))


def due_again() -> None:
    superuser_sql("UPDATE evidence_reviewmail SET next_attempt_at = now() - interval '1 minute'")


def refuse(monkeypatch: pytest.MonkeyPatch, error: Exception, *, after: bool = False) -> None:
    from django.core.mail.backends.locmem import EmailBackend

    send: Callable[..., int] = EmailBackend.send_messages

    def refusing(self: Any, messages: Any) -> int:
        if after:
            send(self, messages)
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", refusing)


@pytest.fixture
def own_board() -> Board:
    return make_board("Reviewing Board")


@pytest.fixture
def curator(own_board: Board) -> User:
    return make_user("curator", own_board, is_staff=True)


def test_one_mail_names_what_is_due_and_what_soon_will_be_and_nothing_more(curator: User) -> None:
    in_days(-3, "S01"), in_days(0, "S02"), in_days(30, "S03"), in_days(31, "S04")
    in_days(-3, "S05", state="superseded", retired_at=timezone.now())
    with as_worker():
        assert remind_of_reviews() == 1
    (sent,) = mail.outbox
    assert sent.to == [curator.email] and sent.subject.startswith("3 statements of the guidance")
    assert "The day of review has come (2): S01, S02" in sent.body
    assert "It comes within 30 days (1): S03" in sent.body
    assert "S04" not in sent.body and "S05" not in sent.body and "Invented" not in sent.body
    assert reverse("admin:evidence_statementversion_changelist") + "?review=60" in sent.body
    assert states() == ["sent"]


def test_beat_that_runs_twice_and_a_later_day_tell_nothing_twice(curator: User) -> None:
    in_days(20, "S01")
    with as_worker():
        assert task() == 1
        assert task() == 0
        assert write_reminders(timezone.localdate() + timedelta(days=25)) == 0
    in_days(10, "S02")
    with as_worker():
        assert remind_of_reviews() == 1
    assert ["S01" in m.body for m in mail.outbox] == [True, False]
    assert ReviewMailItem.objects.count() == 2


def test_two_at_once_write_each_version_once(curator: User, monkeypatch: Any) -> None:
    from evidence import reminding

    in_days(-1, "S01")
    assert write_reminders() == 1
    # The other looked before this one had written.
    (held,) = ReviewMailItem.objects.values_list("version_id", "review_by")
    monkeypatch.setattr(
        reminding.ReviewMailItem.objects, "filter", lambda **_: ReviewMailItem.objects.none()
    )
    assert reminding._write(curator.pk, [held]) is False
    assert ReviewMail.objects.count() == ReviewMailItem.objects.count() == 1


def test_without_a_curator_nothing_is_written_and_who_comes_later_is_told(own_board: Board) -> None:
    in_days(-1, "S01")
    make_user("member", own_board)
    make_user("curator", own_board, is_active=False)
    closed = make_board("Closed Board")
    make_user("curator", closed)
    Board.objects.filter(pk=closed.pk).update(active=False)
    with as_worker():
        assert remind_of_reviews() == 0
    assert not ReviewMail.objects.exists()
    make_user("curator", own_board)
    with as_worker():
        assert remind_of_reviews() == 1


def test_with_nothing_due_no_mail_goes_out(curator: User) -> None:
    in_days(400, "S01")
    with as_worker():
        assert remind_of_reviews() == 0


def test_whoever_is_killed_between_mail_and_commit_sends_a_copy_with_the_same_id(
    curator: User, monkeypatch: Any
) -> None:
    in_days(-1, "S01")
    with monkeypatch.context() as broken, as_worker():
        refuse(broken, KeyboardInterrupt(), after=True)  # type: ignore[arg-type]
        with pytest.raises(KeyboardInterrupt):
            remind_of_reviews()
    assert states() == ["pending"]
    with as_worker():
        assert remind_of_reviews() == 1
        assert remind_of_reviews() == 0
    first, copy = (m.extra_headers["Message-ID"] for m in mail.outbox)
    assert first == copy and states() == ["sent"]


def test_a_server_that_is_down_costs_no_attempt(curator: User, monkeypatch: Any) -> None:
    from django.core.mail.backends.locmem import EmailBackend

    def nobody_home(self: Any) -> None:
        raise ConnectionRefusedError

    in_days(-1, "S01")
    with monkeypatch.context() as down, as_worker():
        down.setattr(EmailBackend, "open", nobody_home)
        assert remind_of_reviews() == 1
    row = ReviewMail.objects.get()
    assert (row.state, row.attempts, row.last_error) == ("pending", 0, "server_unreachable")
    assert mail.outbox == []
    due_again()
    with as_worker():
        assert remind_of_reviews() == 1
    assert len(mail.outbox) == 1


def test_a_refused_mail_is_tried_again_then_failed_and_a_curator_has_it_sent_again(
    client: Any, curator: User, own_board: Board, monkeypatch: Any
) -> None:
    in_days(-1, "S01")
    with monkeypatch.context() as refusing:
        error = smtplib.SMTPRecipientsRefused({"x@example.org": (550, b"no such user")})
        refuse(refusing, error)
        for attempts in range(1, MOST_ATTEMPTS + 1):
            with as_worker():
                assert remind_of_reviews() == 1
                assert remind_of_reviews() == 0
            row = ReviewMail.objects.get()
            assert (row.attempts, row.last_error) == (attempts, "recipient_refused_550")
            due_again()
    assert row.state == "failed"
    client.force_login(curator)
    front = client.get(reverse("admin:index")).content.decode()
    assert "1 reminder of review could not be sent." in front
    address = reverse("admin:evidence_reviewmail_changelist")
    assert "S01" in client.get(address).content.decode()
    chosen = {"action": "send_chosen_again", "_selected_action": [row.pk]}
    assert "1 mail is sent again." in client.post(address, chosen, follow=True).content.decode()
    assert "0 mails are sent again." in client.post(address, chosen, follow=True).content.decode()
    with transaction.atomic(), acting_as(curator):
        assert TrailEntry.objects.filter(kind="reminder.retried", actor=curator).count() == 1
    with as_worker():
        assert remind_of_reviews() == 1
    assert len(mail.outbox) == 1
    with pytest.raises(NotAllowed), transaction.atomic():
        by_acting(send_again)(by=make_user("member", own_board), mail=row)


@pytest.mark.parametrize("gone", ["retired", "no curator"])
def test_what_is_no_longer_needed_is_not_sent(curator: User, own_board: Board, gone: str) -> None:
    version = in_days(-1, "S01")
    assert write_reminders() == 1
    if gone == "retired":
        with transaction.atomic():
            by_acting(services.retire)(by=curator, version=version, reason="Withdrawn.")
    else:
        administrator = make_user("administrator", own_board)
        with transaction.atomic():
            held = curator.memberships.get()
            by_acting(end_membership)(by=administrator, membership=held)
    with as_worker():
        assert remind_of_reviews() == 1
    assert (states(), mail.outbox) == (["cancelled"], [])


@pytest.mark.parametrize("due_still", [True, False])
def test_who_curates_again_is_told_what_was_cancelled_meanwhile(
    curator: User, due_still: bool
) -> None:
    version = in_days(-1, "S01")
    assert write_reminders() == 1
    User.objects.filter(pk=curator.pk).update(is_active=False)
    with as_worker():
        assert (remind_of_reviews(), states(), mail.outbox) == (1, ["cancelled"], [])
    User.objects.filter(pk=curator.pk).update(is_active=True)
    if not due_still:
        with transaction.atomic():
            by_acting(services.retire)(by=curator, version=version, reason="Withdrawn.")
    with as_worker():
        assert remind_of_reviews() == due_still
    assert states() == ["sent" if due_still else "cancelled"]
    assert len(mail.outbox) == due_still


def test_a_sweep_ends_before_its_time_is_over(
    curator: User, own_board: Board, monkeypatch: Any
) -> None:
    make_user("curator", own_board)
    in_days(-1, "S01")
    monkeypatch.setattr(reviews, "MOST_AT_ONCE", 1)
    with as_worker():
        assert [remind_of_reviews() for _ in range(3)] == [1, 1, 0]


def test_the_workers_read_no_more_for_it_than_guidance(curator: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('rechallenge_worker', 'evidence_reviewmail', 'DELETE'),"
            " has_table_privilege('rechallenge_worker', 'evidence_statementversion', 'UPDATE')"
        )
        assert cursor.fetchone() == (False, False)
    assert str(ReviewMail(recipient=curator)).endswith("Waiting to be sent")
    assert str(ReviewMailItem(version_id=1, review_by=timezone.localdate())).startswith("1, ")


def test_members_see_no_reminders_in_the_admin(client: Any, own_board: Board) -> None:
    client.force_login(make_user("member", own_board, is_staff=True))
    assert client.get(reverse("admin:evidence_reviewmail_changelist")).status_code == 403
