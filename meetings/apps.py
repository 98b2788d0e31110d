"""Configuration of the meetings application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """Meetings, agendas, attendance, decisions and letters."""

    name = "meetings"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        """Let the case page tell where a case stands here, the trail name meetings, monitoring know the decisions.

        Curation is told which of them relied on a version.
        """
        from audit.subjects import register
        from cases.standing import tells_where_cases_stand
        from cases.timeline.sources import draws_on_timelines
        from cases.typed import makes_forms
        from evidence.curation.reach import finds_relying_decisions
        from followup.later import knows_later_decisions
        from followup.services.agents import names_the_drugs
        from meetings.drawing import DECISIONS
        from meetings.naming import name_meetings
        from meetings.reach import relying_decisions, totals
        from meetings.services.follow_up import decided_later, drugs_decided_on
        from meetings.standing import SOURCES
        from meetings.typed import MADE

        for source in SOURCES:
            tells_where_cases_stand(source)
        draws_on_timelines(DECISIONS)
        makes_forms(MADE)
        register(name_meetings)
        names_the_drugs(drugs_decided_on)
        knows_later_decisions(decided_later)
        finds_relying_decisions(relying_decisions, totals)
