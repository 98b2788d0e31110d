"""A newer version of published guidance, by two curators as curation does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.acting import acting_as
from evidence import services
from evidence.models import StatementVersion
from evidence.shown import shown
from tests.factories.people import make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import Board


def renew(
    board: Board,
    version: StatementVersion,
    before_submitting: Callable[[StatementVersion], None] = lambda draft: None,
    **changes: str,
) -> StatementVersion:
    """Return a published version in place of `version`, with `changes` of its text."""
    writer, second = make_user("curator", board), make_user("curator", board)
    with acting_as(writer):
        draft = services.new_draft_from(by=writer, version=version)
        for name, value in {"says": f"{version.says} Read again.", **changes}.items():
            setattr(draft, name, value)
        draft = services.save_draft(by=writer, version=draft)
        before_submitting(draft)
        draft = services.submit(by=writer, version=draft)
    with acting_as(second):
        return services.publish(by=second, version=draft, seen=shown(draft))


def withdraw(board: Board, version: StatementVersion, reason: str = "Overtaken.") -> None:
    """Retire a published version; nothing takes its place."""
    curator = make_user("curator", board)
    with acting_as(curator):
        services.retire(by=curator, version=version, reason=reason)
