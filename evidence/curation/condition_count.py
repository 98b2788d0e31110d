"""What a condition that nobody saved yet answers of all open cases of a curator's boards: numbers, and some by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from evidence.curation import count_jobs
from evidence.curation.base_admin import curator_of
from evidence.curation.counting import PARTS, Counts, Question, are_many, count_now, named_cases
from evidence.curation.reach import ANSWERS
from evidence.curation.rule_changes import LETTERS
from evidence.models import CountState, ReachCount

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from evidence.curation.counting import NamedCase

TEMPLATE = "admin/evidence/editor/_count.html"


@dataclass(frozen=True, slots=True)
class Answered:
    """One of the three answers: of how many cases, and the newest of them."""

    words: str
    number: int
    cases: tuple[NamedCase, ...]

    @property
    def unnamed(self) -> int:
        """How many there are besides."""
        return self.number - len(self.cases)


@dataclass(frozen=True, slots=True)
class ConditionCount:
    """The three answers, or how far the worker is with them."""

    answers: tuple[Answered, ...] = ()
    job: ReachCount | None = None

    @property
    def total(self) -> int:
        """How many cases are open on the curator's boards."""
        return sum(one.number for one in self.answers)

    @property
    def parts(self) -> int:
        """In how many parts the cases are counted."""
        return len(PARTS)


def condition_count(user: User, condition: Any) -> ConditionCount:
    """Hold `condition` against every open case of the user's boards, in the request or by a worker."""
    question = Question(condition=condition)
    if not are_many(user):
        return _answered(user, count_now(user, question))
    job = count_jobs.asked(by=user, question=question)
    if job.state in {CountState.FAILED, CountState.CANCELLED}:
        job = count_jobs.again(by=user, question=question)
    return _of(user, job)


def _of(user: User, job: ReachCount) -> ConditionCount:
    if job.state == CountState.DONE:
        return _answered(user, Counts.of(job.result))
    return ConditionCount(job=job)


def _answered(user: User, counts: Counts) -> ConditionCount:
    named = named_cases(user, counts)
    return ConditionCount(
        tuple(
            Answered(
                words=str(ANSWERS[answer.value]),
                number=counts.here.get(letter, 0),
                cases=tuple(one for one in named if one.answers == letter),
            )
            for letter, answer in LETTERS.items()
        )
    )


def count_view(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """How far a count is (GET), or its end (POST). Raises Http404 where it is none of the curator's."""
    user = curator_of(request)
    jobs = ReachCount.objects.filter(user=user, public_id=public_id, condition__isnull=False)
    job = jobs.first()
    if job is None:
        raise Http404
    if request.method == "POST":
        count_jobs.cancel(by=user, count=job)
        job.refresh_from_db()
    return render(request, TEMPLATE, {"count": _of(user, job)})
