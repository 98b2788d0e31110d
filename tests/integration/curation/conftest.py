"""Two curators, and a draft that one of them wrote."""

from __future__ import annotations

import pytest

from accounts.models import Board, User
from evidence import services
from evidence.models import Source, StatementVersion, VersionSource
from tests.factories.people import make_user
from tests.integration.curation import CONTENT


@pytest.fixture
def author(board: Board) -> User:
    return make_user("curator", board, is_staff=True)


@pytest.fixture
def second(board: Board) -> User:
    return make_user("curator", board, is_staff=True)


@pytest.fixture
def source() -> Source:
    return Source.objects.create(
        code="heo-2021", short="Heo 2021", citation="Heo", kind="study", mark="seen"
    )


@pytest.fixture
def draft(author: User, source: Source) -> StatementVersion:
    version = services.begin_statement(by=author, code="S80", content=CONTENT)
    VersionSource.objects.create(version=version, source=source)
    return version
