"""Background work on guidance: pokes that carry ids at most, harmless in any number."""

from uuid import UUID

from celery import shared_task

from evidence.curation import count_jobs

SOFT_LIMIT, LIMIT = 240, 270


@shared_task(soft_time_limit=SOFT_LIMIT, time_limit=LIMIT)
def count_reach(public_id: str, user_id: int) -> None:
    """Count the open cases that a curator asked about. Runs where the web's role is, on a queue of its own."""
    count_jobs.run(UUID(public_id), user_id)


@shared_task
def tend_counts() -> None:
    """Forget old counts, and tell the workers again of those that nobody took."""
    count_jobs.forget_old()
    count_jobs.poke_waiting()
