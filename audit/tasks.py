"""Background work on the trail."""

from celery import shared_task

from audit.sealing import seal


@shared_task
def seal_trail() -> None:
    """Seal what has settled; batch after batch until nothing is left."""
    while seal():
        pass
