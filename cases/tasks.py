"""Background work on cases: pokes that carry ids at most, harmless in any number."""

from uuid import UUID

from celery import shared_task

from cases.services import bulk, drafts, limits, rewriting

# Below the hour after which the broker hands a task that is not done to somebody else.
BULK_SOFT_LIMIT, BULK_LIMIT = 3_000, 3_300
FOLLOW_LIMIT = 120
# So long an import waits for cases that are told anew.
REWRITE_SECONDS = 10


@shared_task
def forget_typed() -> None:
    """Delete drafts and searches that nobody went on with."""
    drafts.forget_old()


@shared_task(soft_time_limit=BULK_SOFT_LIMIT, time_limit=BULK_LIMIT)
def run_bulk(job_id: str, user_id: int) -> None:
    """Check, import or export what a job asks for. Runs where the web's role is, on a queue of its own."""
    # Here: spreadsheets are nothing that the workers of the sweeps have to load.
    from cases.bulk.running import run

    run(UUID(job_id), user_id)


@shared_task
def tend_bulk() -> None:
    """Forget old imports and exports, and tell the workers again of those that nobody took."""
    bulk.forget_old()
    bulk.poke_waiting()


@shared_task(time_limit=FOLLOW_LIMIT, expires=60)
def follow_limits() -> int:
    """Let the days kept with the cases follow age limits that were published."""
    return limits.follow()


@shared_task(time_limit=FOLLOW_LIMIT, expires=30)
def rewrite_facts() -> int:
    """Tell open cases anew under age limits that became longer. Runs where the web's role is, as `run_bulk` does."""
    return rewriting.rewrite(seconds=REWRITE_SECONDS)
