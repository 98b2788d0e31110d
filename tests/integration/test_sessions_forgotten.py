"""Sessions that have run out are deleted at night, by workers that cannot read what stands in them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.tasks import forget_sessions
from rechallenge.settings import CELERY_BEAT_SCHEDULE
from tests.factories.monitoring import as_worker


def test_the_workers_delete_what_has_run_out_and_read_nothing(committed_db):
    for key, days in (("over", -1), ("open", 1)):
        Session.objects.create(
            session_key=key, session_data="secret", expire_date=timezone.now() + timedelta(days)
        )
    with as_worker():
        forget_sessions()
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            list(Session.objects.values_list("session_key", "session_data"))
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]


def test_it_happens_every_night():
    assert CELERY_BEAT_SCHEDULE["forget-sessions"]["task"] == forget_sessions.name
