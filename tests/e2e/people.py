"""The demonstration's people, by board and role, as the tests sign in."""

from __future__ import annotations

import json
from dataclasses import dataclass

from launch.demo import PASSWORD
from launch.stack import ROOT

NORTH, RIVERSIDE = "North Thoracic Board", "Riverside Lung Board"
ROLES = ("member", "chair", "coordinator", "nurse", "curator", "registry", "administrator")
CLINICAL = ("member", "chair", "coordinator", "nurse")


@dataclass(frozen=True)
class Account:
    """One sign-in of the demonstration."""

    role: str
    email: str
    name: str
    board: str
    password: str = PASSWORD


def account(role: str, board: str = NORTH) -> Account:
    """Return who holds `role` on `board`."""
    rows = json.loads((ROOT / "demo" / "accounts.json").read_text())
    row = next(r for r in rows if r["role"] == role and r["board"] == board)
    return Account(role, row["email"], row["name"], board)
