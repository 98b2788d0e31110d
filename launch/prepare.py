"""Runs management commands one after another in one process, which saves the start-up of each.

`python -m launch.prepare NAME...`; commands that the project does not have are left out. Django is imported
where it is needed: the launcher reads this module's digest without it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

from launch import assets

STAMP = assets.ROOT / "static" / "collected" / ".sources"
QUIET = {"migrate": {"verbosity": 0}, "load_evidence": {"verbosity": 0}}
NOT_LOADED = {"var", "static", "templates", "node_modules", "tests", "bench", "docs", "launch"}


def _static_digest() -> str:
    digest = hashlib.sha256(assets.sources_digest().encode())
    # What an application brings itself, and what the packages do.
    own = [path for path in assets.ROOT.glob("*/static/**/*") if path.is_file()]
    for path in sorted([*own, *assets.ROOT.glob("requirements*.lock")]):
        digest.update(str(path.relative_to(assets.ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def static_is_current() -> bool:
    """Say whether the collected static files were made from the sources as they are."""
    return STAMP.exists() and STAMP.read_text() == _static_digest()


def collect_static() -> None:
    """Collect the static files anew, unless what they are made of is unchanged."""
    from django.core.management import call_command

    if static_is_current():
        return
    shutil.rmtree(STAMP.parent, ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    STAMP.write_text(_static_digest())


def product_digest() -> str:
    """Return a digest of what decides the database's first contents: code, migrations, data files."""
    digest = hashlib.sha256()
    for folder, folders, names in os.walk(assets.ROOT):
        here = Path(folder)
        if here == assets.ROOT:
            folders[:] = [n for n in folders if n not in NOT_LOADED and not n.startswith(".")]
        folders.sort()
        for name in sorted(names):
            if name.endswith((".py", ".json", ".yaml", ".lock")):
                path = here / name
                digest.update(
                    str(path.relative_to(assets.ROOT)).encode() + b"\0" + path.read_bytes()
                )
    return digest.hexdigest()


def main(names: list[str]) -> None:
    """Run the named commands in order."""
    import django
    from django.core.management import call_command, get_commands

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
