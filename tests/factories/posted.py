"""The fields of a page's form as a browser would send them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


class _Fields(HTMLParser):
    """The fields of the forms that are sent to one address, as a browser would send them unchanged."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.inside, self.select = address, False, ""
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        if tag == "form":
            self.inside = given.get("method") == "post" and given.get("action", "") in (
                "",
                self.address,
            )
        if not self.inside:
            return
        name = given.get("name", "")
        if tag == "input" and (
            given.get("type") not in ("radio", "checkbox", "submit") or "checked" in given
        ):
            self.found[name] = given.get("value", "on")
        elif tag == "textarea":
            self.found[name] = ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and ("selected" in given or self.select not in self.found):
            self.found[self.select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


def fields_of(html: str, address: str) -> dict[str, str]:
    """Return what the form of a page would send to `address` if nothing were changed in it."""
    reader = _Fields(address)
    reader.feed(html)
    return {name: value for name, value in reader.found.items() if name}
