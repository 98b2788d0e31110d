"""Runs management commands one after another in one process, which saves the start-up of each.

`python -m launch.prepare NAME...`; commands that the project does not have are left out.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys

import django
from django.conf import settings
from django.core.management import call_command, get_commands

from launch import assets

QUIET = {"migrate": {"verbosity": 0}}


def collect_static() -> None:
    """Collect the static files, unless what they are made of is unchanged."""
    locks = sorted(assets.ROOT.glob("requirements*.lock"))
    digest = hashlib.sha256(assets.sources_digest().encode())
    for lock in locks:
        digest.update(lock.read_bytes())
    stamp = settings.STATIC_ROOT / ".sources"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(digest.hexdigest())


def main(names: list[str]) -> None:
    """Run the named commands in order."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rechallenge.settings")
    django.setup()
    known = get_commands()
    for name in names:
        if name == "collectstatic":
            collect_static()
        elif name in known:
            call_command(name, **QUIET.get(name, {}))


if __name__ == "__main__":
    main(sys.argv[1:])
