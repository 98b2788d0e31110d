"""Starts a program that ends when its starter does, also when the starter is killed.

Run as a script with no import path: `tether.py PARENT SIGNAL USER PROGRAM ARGUMENTS...`; USER may be
empty. On Linux the kernel sends SIGNAL when the starter dies; elsewhere the next start cleans up.
"""

import ctypes
import os
import pwd
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, signal_number: int, user: str, command: list[str]) -> None:
    """Become `user` if one is named, tie this process to `parent`, and become the program."""
    if user:
        account = pwd.getpwnam(user)
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
    if sys.platform == "linux":
        # After the change of user: a change of user clears the setting.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit("The program that started this one has ended.")
    os.execv(command[0], command)  # noqa: S606 - becoming the program is this file's purpose


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
