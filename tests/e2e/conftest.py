"""The browser of the browser tests: the machine's own Chromium where there is one."""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the machine's Chromium, else Playwright's own; as root it needs to leave its sandbox."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    found = next(filter(None, map(shutil.which, NAMES)), None)
    own = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, **own, "args": arguments}
