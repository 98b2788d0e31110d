"""The one exception of the launcher, a sentence for the person at the keyboard, and that of a full disk."""

from __future__ import annotations

import errno

FULL = "The disk is full: free some space and type the same command again."
FULL_CODES = {errno.ENOSPC, errno.EDQUOT}
FULL_WORDS = ("No space left", "ENOSPC", "Disk quota exceeded", "EDQUOT")


class Refusal(Exception):
    """Says what is wrong and what to do about it; printed as it is, without a traceback."""


def full_disk(said: str) -> str:
    """Return the sentence about a full disk, ending its line, if a program said so; else nothing."""
    return f"{FULL}\n" if any(word in said for word in FULL_WORDS) else ""


def in_words(fault: OSError) -> str:
    """Return the sentence for a fault of the machine; one that no person can mend is raised again."""
    if fault.errno in FULL_CODES or full_disk(str(fault)):
        return FULL
    raise fault
