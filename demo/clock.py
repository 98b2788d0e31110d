"""Sets the product's clock back while something that lies in the past is entered.

The services take "now" from Django's clock alone; the database's own times (history, trail) stay true.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let Django's clock stand at `moment` within the block."""
    with patch("django.utils.timezone.now", return_value=moment):
        yield
