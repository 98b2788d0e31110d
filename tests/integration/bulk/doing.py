"""What somebody does with jobs, and the worker after them, each in a transaction of its own."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.acting import acting_as
from cases.bulk import running
from cases.models import BulkJob
from cases.services import bulk as service


def as_user(user: Any, work: Any) -> Any:
    with transaction.atomic(), acting_as(user):
        return work()


def checked(world: Any, data: bytes, who: str = "coordinator") -> BulkJob:
    by = world[who]
    job = as_user(by, lambda: service.check_file(by=by, board=world["board"], data=data))
    running.run(job.public_id, by.pk)
    return again(by, job)


def again(by: Any, job: BulkJob) -> BulkJob:
    return as_user(by, lambda: BulkJob.objects.get(pk=job.pk))


def applied(world: Any, job: BulkJob) -> BulkJob:
    by = world["coordinator"]
    as_user(by, lambda: service.apply(by=by, job=job))
    running.run(job.public_id, by.pk)
    return again(by, job)


def exported(world: Any, form: str, who: str = "coordinator") -> BulkJob:
    by = world[who]
    job = as_user(by, lambda: service.export(by=by, board=world["board"], form=form))
    running.run(job.public_id, by.pk)
    return again(by, job)


def kinds(superuser: Any) -> list[str]:
    return [k for (k,) in superuser.execute("SELECT kind FROM audit_trailentry ORDER BY id")]
