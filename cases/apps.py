"""Configuration of the cases application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """Patients, cases, their clinical history and the facts derived from it."""

    name = "cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        """Let the trail name cases, curation know whom a publication reaches, the library what is attached."""
        from audit.subjects import register, register_cases
        from cases.answers import (
            counted_elsewhere,
            counted_here,
            named_here,
            newest_here,
            open_here,
        )
        from cases.guidance import attached_ids
        from cases.listed import drugs_by_brand
        from cases.naming import find_case, name_cases
        from cases.reach import cases_to_try, facts_to_try
        from evidence.curation.counting import counts_cases
        from evidence.curation.trying import lends_cases_to_try
        from evidence.from_case import knows_what_is_attached
        from evidence.synonyms import lends_brands

        register(name_cases)
        register_cases(find_case)
        counts_cases(
            here=counted_here,
            newest=newest_here,
            named=named_here,
            elsewhere=counted_elsewhere,
            open_cases=open_here,
        )
        lends_brands(drugs_by_brand)
        knows_what_is_attached(attached_ids)
        lends_cases_to_try(cases_to_try, facts_to_try)
