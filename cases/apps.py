"""Configuration of the cases application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """Patients, cases, their clinical history and the facts derived from it."""

    name = "cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        """Let the trail name cases, curation know which of them a publication reaches, the library what is attached."""
        from audit.subjects import register, register_cases
        from cases.guidance import attached_ids
        from cases.naming import find_case, name_cases
        from cases.reach import cases_to_try, changed_cases, facts_to_try
        from evidence.curation.reach import finds_changed_cases
        from evidence.curation.trying import lends_cases_to_try
        from evidence.from_case import knows_what_is_attached

        register(name_cases)
        register_cases(find_case)
        finds_changed_cases(changed_cases)
        knows_what_is_attached(attached_ids)
        lends_cases_to_try(cases_to_try, facts_to_try)
