"""Background work on accounts."""

from celery import shared_task
from django.contrib.sessions.models import Session
from django.db.models.functions import Now


@shared_task
def forget_sessions() -> None:
    """Delete the sessions that have run out; whoever held one has long been asked to sign in again."""
    Session.objects.filter(expire_date__lt=Now()).delete()
