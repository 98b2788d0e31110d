"""The reminders of review in the admin: to whom, about what, and whether they went out. Curators read them."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from evidence.curation.base_admin import CuratorAdmin, curator_of
from evidence.models import ReviewMail
from evidence.reminding import send_again


@admin.register(ReviewMail)
class ReviewMailAdmin(CuratorAdmin):
    """Mails that were written by themselves; a failed one may be sent again."""

    list_display = (
        "recipient",
        "codes",
        "state",
        "attempts",
        "created_at",
        "sent_at",
        "last_error",
    )
    list_filter = ("state",)
    list_select_related = ("recipient",)
    fields = readonly_fields = list_display
    actions = ("send_chosen_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewMail]:
        """With what each mail names, in two queries more."""
        return super().get_queryset(request).prefetch_related("items__version__statement")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: they are written when a day of review comes near."""
        return False

    @admin.display(description=_("statements"))
    def codes(self, obj: ReviewMail) -> str:
        """The codes of the statements that it names."""
        return ", ".join(sorted(item.version.statement.code for item in obj.items.all()))

    @admin.action(description=_("Send failed ones again"))
    def send_chosen_again(self, request: HttpRequest, chosen: QuerySet[ReviewMail]) -> None:
        """Put the failed ones among those chosen back in the queue."""
        number = sum(send_again(by=curator_of(request), mail=row) for row in chosen)
        words = ngettext("%(n)s mail is sent again.", "%(n)s mails are sent again.", number)
        self.message_user(request, words % {"n": number}, messages.SUCCESS)
