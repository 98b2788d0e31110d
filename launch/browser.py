"""Finds a Chromium for the browser tests, or gets one. Browser tests are never skipped for want of it.

`python -m launch.browser` prints the program's path; `find` is what the tests' fixtures call.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from launch.refusal import Refusal

# The shell is the same Chromium without windows, as Playwright's own is: it takes half the computing.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """Return the path of a Chromium: CHROMIUM's, the machine's, or Playwright's own; None without."""
    named = os.environ.get("CHROMIUM")
    if named:
        path = shutil.which(named)
        if path is None:
            raise Refusal(f"CHROMIUM is {named!r}, which is no program: name one, or unset it.")
        return path
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    return _playwrights_own()


def _playwrights_own() -> str | None:
    # In a process of its own: Playwright's loop must not run in a process that tests.
    ask = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: print(p.chromium.executable_path)"
    )
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False)
    path = done.stdout.strip()
    return path if path and Path(path).exists() else None


def ensure() -> str:
    """Return a Chromium's path; install one where that can be done; else refuse with the ways."""
    found = find()
    if found:
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing the browser for the tests (the chromium package) ...", flush=True)
        _run(["apt-get", "update", "-qq"])
        for packages in (["chromium", SHELL], ["chromium"]):  # not every release has the shell
            _run(["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages])
            found = find()
            if found:
                break
    if found is None:
        print("Installing the browser for the tests (Playwright's own) ...", flush=True)
        _run([sys.executable, "-m", "playwright", "install", "chromium"])
        found = find()
    if found is None:
        raise Refusal(
            "No Chromium for the browser tests: install the package chromium (Debian: apt-get install "
            "chromium), or Google Chrome, or set CHROMIUM to a browser's program, and run this again."
        )
    return found


def _run(command: list[str]) -> None:
    """Run one step of an installation; whether it helped is seen afterwards."""
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command, check=False, env=quiet, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode != 0:
        print(f"{' '.join(command)} failed:\n{done.stdout.strip()[-1500:]}", file=sys.stderr)


if __name__ == "__main__":
    try:
        print(f"Browser: {ensure()}")
    except Refusal as refusal:
        sys.exit(str(refusal))
