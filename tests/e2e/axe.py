"""Accessibility rules, run in the page as it stands, also after a swap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

# WCAG 2.2 AA, axe's own best practices, and links that say where they lead.
OPTIONS: dict[str, Any] = {
    "resultTypes": ["violations"],
    "rules": {"identical-links-same-purpose": {"enabled": True}},
}


def findings(page: Page) -> list[str]:
    """Return what axe finds, one line a rule with the first elements."""
    result = Axe().run(page, options=OPTIONS)
    return [
        f"{v['id']}: {v['help']} — " + " | ".join(_where(node) for node in v["nodes"][:4])
        for v in result.response["violations"]
    ]


def _where(node: dict[str, Any]) -> str:
    return f"{node['target']} {node['html'][:140]} ({node.get('failureSummary', '')[:160]})"


def check(page: Page) -> None:
    """Fail with what axe finds on the page."""
    found = findings(page)
    assert not found, f"axe on {page.url}:\n" + "\n".join(found)
