"""Asks this container's own web process for its health; run as a script, it imports nothing of ours.

The site answers to its own host names only, so the first of them is sent along.
"""

import http.client
import os
import sys


def main(page: str, port: int = 8000) -> int:
    """Return 0 when `/health/<page>` answers 200, else 1 after printing what it said."""
    host = (
        os.environ.get("RECHALLENGE_ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    )
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        line.request("GET", f"/health/{page}", headers={"Host": host, "X-Forwarded-Proto": "https"})
        answer = line.getresponse()
        said = answer.read(2000).decode(errors="replace")
    except OSError as fault:
        sys.stdout.write(f"no answer: {fault}\n")
        return 1
    sys.stdout.write(f"{answer.status} {said}\n")
    return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
