"""Background work: pokes without arguments, harmless in any number."""

from celery import shared_task

from followup.services import delivery, reviews, sweep

# A run that is stuck is killed with its process; the row it held is free again at once.
TIME_LIMIT = 300


@shared_task(time_limit=TIME_LIMIT, expires=60)
def drain() -> int:
    """Deliver due reminders."""
    return delivery.drain()


@shared_task(time_limit=TIME_LIMIT, expires=120)
def open_due_checks() -> int:
    """Open due checks, write their reminders, see what was missed."""
    return sweep.open_due_checks().opened


@shared_task(time_limit=TIME_LIMIT, expires=3000)
def remind_of_reviews() -> int:
    """Mail curators about guidance that is to be read again."""
    return reviews.remind_of_reviews()
