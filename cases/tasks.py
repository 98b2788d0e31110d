"""Background work on cases: pokes without arguments, harmless in any number."""

from celery import shared_task

from cases.services import drafts


@shared_task
def forget_typed() -> None:
    """Delete drafts and searches that nobody went on with."""
    drafts.forget_old()
