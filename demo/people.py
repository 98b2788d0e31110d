"""The demonstration's boards, and the people of every specialty that sit on them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.models import Board, Membership, Specialty, User
from accounts.permissions import Role
from launch.demo import PASSWORD

FOLDER = Path(__file__).parent
BOARDS = {
    "north": ("North Thoracic Board", "North Infirmary (demonstration)"),
    "riverside": ("Riverside Lung Board", "Riverside Hospital (demonstration)"),
}
TITLES = {
    Role.MEMBER: "Consultant medical oncologist",
    Role.CHAIR: "Professor of thoracic oncology",
    Role.COORDINATOR: "MDT coordinator",
    Role.NURSE: "Immunotherapy nurse specialist",
    Role.CURATOR: "Guidance curator",
    Role.REGISTRY: "Registry lead",
    Role.ADMINISTRATOR: "Systems administrator",
}
SITS_FOR: dict[str, Specialty] = {
    Role.MEMBER: Specialty.MEDICAL_ONCOLOGY,
    Role.CHAIR: Specialty.MEDICAL_ONCOLOGY,
    Role.COORDINATOR: Specialty.COORDINATOR,
    Role.NURSE: Specialty.SPECIALIST_NURSE,
}
STAFF = {Role.CURATOR, Role.ADMINISTRATOR}


@dataclass(frozen=True)
class Bench:
    """A board and who does what on it."""

    board: Board
    roles: dict[str, User]
    specialists: dict[str, User]

    def __getitem__(self, role: str) -> User:
        return self.roles[role]

    def sitting_for(self, specialty: str) -> User:
        """Return who sits for `specialty`; a role ("chair") names its holder as well."""
        held = {SITS_FOR[role]: role for role in (Role.NURSE, Role.COORDINATOR, Role.MEMBER)}
        role = held.get(Specialty(specialty), "") if specialty in Specialty.values else specialty
        return self.roles[role] if role else self.specialists[specialty]


def accounts() -> list[dict[str, Any]]:
    """Return the sign-ins by board and role, as the start of the demonstration prints them."""
    found: list[dict[str, Any]] = json.loads((FOLDER / "accounts.json").read_text())
    return found


def specialists() -> dict[str, list[list[str]]]:
    """Return name and title of the specialist of each board, by specialty."""
    found: dict[str, list[list[str]]] = json.loads((FOLDER / "specialists.json").read_text())
    return found


def make_people() -> dict[str, Bench]:
    """Make boards, users and memberships; everybody signs in with the same password."""
    # One hash for all: hashing is slow on purpose.
    password = make_password(PASSWORD)
    return {key: _make_bench(key, index, password) for index, key in enumerate(BOARDS)}


def _make_bench(key: str, index: int, password: str) -> Bench:
    name, hospital = BOARDS[key]
    board = Board.objects.create(name=name, hospital=hospital)
    roles = {
        row["role"]: _user(row["email"], row["name"], row["role"], password)
        for row in accounts()
        if row["board"] == name
    }
    for role, user in roles.items():
        _join(user, board, role, SITS_FOR.get(role, ""))
    others = {}
    for specialty, people in specialists().items():
        person, title = people[index]
        email = f"{specialty.replace('_', '-')}.{key}@example.org"
        others[specialty] = _user(email, person, Role.MEMBER, password, title=title)
        _join(others[specialty], board, Role.MEMBER, specialty)
    return Bench(board, roles, others)


def _user(email: str, name: str, role: str, password: str, *, title: str = "") -> User:
    return User.objects.create(
        email=email,
        name=name,
        title=title or TITLES[Role(role)],
        password=password,
        is_staff=role in STAFF,
    )


def _join(user: User, board: Board, role: str, specialty: str) -> None:
    Membership.objects.create(user=user, board=board, role=role, specialty=specialty)
