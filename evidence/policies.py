"""Who may curate, and the second pair of eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.policies import check_anywhere
from evidence.states import TRANSITIONS, VersionState

if TYPE_CHECKING:
    from accounts.models import User
    from evidence.models import StatementVersion


class CurationRefused(PermissionDenied):
    """A step of curation that is not open, with the reason in words."""


def check_curator(by: User) -> None:
    """Raise NotAllowed unless `by` may curate."""
    check_anywhere(by, "evidence.curate")


def check_transition(version: StatementVersion, to: VersionState) -> None:
    """Raise CurationRefused unless the version may go from its state to `to`."""
    if to not in TRANSITIONS[VersionState(version.state)]:
        message = _("Version %(number)s of %(code)s is %(state)s; it cannot become %(to)s.")
        raise CurationRefused(
            message
            % {
                "number": version.number,
                "code": version.statement.code,
                "state": str(version.get_state_display()).lower(),
                "to": str(to.label).lower(),
            }
        )


def check_editable(by: User, version: StatementVersion) -> None:
    """Raise unless `by` may change the text of `version`."""
    check_curator(by)
    if version.state == VersionState.IN_REVIEW:
        raise CurationRefused(
            _("This version is in review and closed. Send it back to its author first.")
        )
    if version.state != VersionState.DRAFT:
        raise CurationRefused(
            _("A version that was published is never changed. Begin a new draft from it.")
        )
    if version.author_id is None:
        raise CurationRefused(
            _("This draft came with the product and stays as it came. Begin a new draft from it.")
        )


def check_not_overtaken(version: StatementVersion, current: StatementVersion | None) -> None:
    """Raise CurationRefused where a version that came after `version` was begun holds now, and would be undone."""
    if current is None or current.number <= version.number:
        return
    message = _(
        "Version %(current)s of %(code)s came after version %(number)s was begun and holds now. Begin a new draft "
        "from version %(current)s and take over into it what is to change."
    )
    raise CurationRefused(
        message
        % {
            "code": version.statement.code,
            "number": version.number,
            "current": current.number,
        }
    )


def check_second_person(by: User, version: StatementVersion) -> None:
    """Raise CurationRefused when `by` wrote any part of `version`, by the history of its edits."""
    edits = version.events.values_list("edited_by_id", flat=True)  # type: ignore[attr-defined]
    if by.pk in {version.author_id, version.edited_by_id, *edits}:
        raise CurationRefused(
            _("You wrote or edited this version. A second curator has to publish it.")
        )
