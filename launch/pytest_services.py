"""A pytest plugin: starts embedded services before the settings load, unless variables name others.

Loaded early by `-p launch.pytest_services` in pyproject.toml; so run the tests as `python -m pytest`.
"""

from __future__ import annotations

import pytest

from launch.ephemeral import start_services
from launch.refusal import Refusal, in_words

try:
    start_services()
except Refusal as refusal:
    raise pytest.UsageError(str(refusal)) from refusal
except OSError as fault:
    raise pytest.UsageError(in_words(fault)) from fault
