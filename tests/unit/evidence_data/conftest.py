"""What the product is delivered with, read once."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.loading import Delivery, read


@pytest.fixture(scope="module")
def delivery() -> Delivery:
    return read()


@pytest.fixture(scope="module")
def statements(delivery: Delivery) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in delivery.statements}


@pytest.fixture(scope="module")
def findings(delivery: Delivery) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in delivery.findings}
