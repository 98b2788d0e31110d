"""Makes the virtual environment and the assets on a bare machine. Standard library only.

Everything is skipped when nothing it depends on has changed, so a second start is quick.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from launch import assets
from launch.places import require_free_space
from launch.refusal import FULL, Refusal, full_disk, in_words
from launch.valkey import require_obtainable

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"demo": "requirements-demo.lock", "dev": "requirements-dev.lock"}
OLDEST, FIRST_UNKNOWN = (3, 11), (3, 15)
NEEDED_WHEN_NEW = 1500 * 1024 * 1024
NETWORK_WORDS = (
    "Temporary failure in name resolution",
    "Name or service not known",
    "NewConnectionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "Network is unreachable",
    "No route to host",
    "ProxyError",
    "Could not find a version that satisfies",
)


def require_python() -> None:
    """Refuse a Python that the product does not run on."""
    if not OLDEST <= sys.version_info[:2] < FIRST_UNKNOWN:
        here = ".".join(map(str, sys.version_info[:2]))
        raise Refusal(
            f"This is Python {here}, and Rechallenge needs 3.11 to 3.14: name another one, such as "
            "make demo PYTHON=python3.13"
        )


def make_environment(venv: Path) -> None:
    """Make the virtual environment, or make it again if it does not work."""
    python = venv / "bin" / "python"
    if python.exists() and _works(python):
        return
    print(f"Making a virtual environment in {venv} ...", flush=True)
    shutil.rmtree(venv, ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-m", "venv", str(venv)], capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return
    shutil.rmtree(venv, ignore_errors=True)
    said = (done.stdout + done.stderr).strip()
    if "ensurepip" in said:
        raise Refusal(
            "This Python comes without its venv part. On Debian and Ubuntu install it with "
            "`apt-get install python3-venv`, then type the same command again."
        )
    raise Refusal(f"{full_disk(said)}The virtual environment could not be made: {said}")


def _works(python: Path) -> bool:
    """Say whether the environment's Python starts, is of our version, and has pip."""
    probe = f"import sys, pip; print(sys.version_info[:2] == {tuple(sys.version_info[:2])!r})"
    try:
        done = subprocess.run(
            [str(python), "-c", probe], capture_output=True, text=True, check=False
        )
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.strip() == "True"


def install(venv: Path, extra: str) -> None:
    """Install the locked packages unless these very locks are installed already.

    The development lock contains the demonstration's at the same versions, so it serves both.
    """
    digests = {name: _digest(ROOT / lock) for name, lock in LOCKS.items()}
    stamp = venv / ".installed"
    installed = stamp.read_text().split() if stamp.exists() else []
    if digests[extra] in installed:
        return
    require_free_space(venv, NEEDED_WHEN_NEW)
    print("Installing the locked packages (a minute or two the first time) ...", flush=True)
    stamp.unlink(missing_ok=True)
    done = subprocess.run(
        [
            str(venv / "bin" / "python"),
            *("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"),
            *("--require-hashes", "--no-deps", "--retries", "2"),
            *("-r", str(ROOT / LOCKS[extra])),
        ],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode != 0:
        raise Refusal(_explain(done.stdout))
    have = digests.values() if extra == "dev" else [digests[extra]]
    stamp.write_text("\n".join(have))


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _explain(said: str) -> str:
    """Turn what pip said into a sentence, with its last lines below."""
    end = "\n".join(f"    {line}" for line in said.strip().splitlines()[-6:])
    if "DO NOT MATCH THE HASHES" in said:
        why = (
            "A package is not the one that was locked. Do not use it: check the package index, and "
            "if the change is meant, run `make lock`."
        )
    elif full_disk(said):
        why = FULL
    elif any(word in said for word in NETWORK_WORDS):
        why = (
            "The first start installs its packages over the network and reached no package index: "
            "connect the machine, or set up pip's own configuration for your mirror, and type the "
            "same command again. Later starts need no network."
        )
    else:
        why = "The packages could not be installed."
    return f"{why}\n{end}"


def main() -> None:
    """Make ready what `--extra` names: the demonstration, or development too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv")
    parser.add_argument("--extra", choices=sorted(LOCKS), default="demo")
    options = parser.parse_args()
    venv = ROOT / options.venv.expanduser()
    try:
        require_python()
        require_obtainable()
        require_free_space(ROOT)
        make_environment(venv)
        install(venv, options.extra)
        assets.build(venv)
    except Refusal as refusal:
        sys.exit(str(refusal))
    except OSError as fault:
        sys.exit(in_words(fault))
    except KeyboardInterrupt:
        sys.exit("Stopped. Type the same command again to go on.")


if __name__ == "__main__":
    main()
