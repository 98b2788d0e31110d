"""Sessions that have run out are deleted every hour, by workers that cannot read what stands in them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from celery.schedules import crontab
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


def test_it_happens_every_hour():
    assert CELERY_BEAT_SCHEDULE["forget-sessions"]["task"] == forget_sessions.name


@pytest.mark.parametrize("entry", CELERY_BEAT_SCHEDULE.values(), ids=CELERY_BEAT_SCHEDULE.keys())
def test_nothing_waits_for_a_time_of_day_at_which_beat_may_be_down(entry):
    every = entry["schedule"]
    if isinstance(every, crontab):
        hours_and_days = (every.hour, every.day_of_week, every.day_of_month, every.month_of_year)
        assert [len(times) for times in hours_and_days] == [24, 7, 31, 12]
    else:
        assert every <= 3600
