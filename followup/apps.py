"""Configuration of the followup application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FollowupConfig(AppConfig):
    """Monitoring protocols, plans, checks, reminders and their delivery."""

    name = "followup"
    verbose_name = _("Monitoring")

    def ready(self) -> None:
        """Let the case page tell where a case stands here; a death ends the monitoring, until it is taken back."""
        from cases.lived import looks_at
        from cases.services.identity import ends_with_a_death
        from cases.standing import tells_where_cases_stand
        from cases.typed import makes_forms
        from followup.lived import DATED
        from followup.services.deaths import end_with_death, go_on_without_death
        from followup.services.locking import hold_plans_of
        from followup.standing import SOURCES
        from followup.typed import MADE

        for source in SOURCES:
            tells_where_cases_stand(source)
        makes_forms(MADE)
        looks_at(*DATED)
        ends_with_a_death(end_with_death, resuming=go_on_without_death, holding=hold_plans_of)
