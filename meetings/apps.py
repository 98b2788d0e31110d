"""Configuration of the meetings application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """Meetings, agendas, attendance, decisions and letters."""

    name = "meetings"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        """Let the trail name meetings."""
        from audit.subjects import register
        from meetings.naming import name_meetings

        register(name_meetings)
