"""Every sentence that the code marks to be translated is found by what collects them, wherever it stands."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rechallenge.catalogue import ROOT, catalogue

# The names under which the code marks words -> which of the arguments are the words.
MARKS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (0,)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (1,)),
}
# `audit` to `ui` are those of the product; what the commands print is English, and marks nothing.
PACKAGES = (
    "accounts", "audit", "cases", "demo", "evidence", "followup", "launch", "meetings", "rechallenge", "ui",
)  # fmt: skip
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
IN_PAGE = re.compile(r"""\b_\("((?:[^"\\]|\\.)*)"\)""")


@pytest.fixture(scope="module")
def collected() -> set[str]:
    found: set[str] = set()
    for message in catalogue():
        found.update([message.id] if isinstance(message.id, str) else message.id)
    return found


def marked(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        for place in MARKS.get(node.func.id, ()):
            words = node.args[place] if place < len(node.args) else None
            if isinstance(words, ast.Constant) and isinstance(words.value, str):
                yield words.value


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


def marked_in_page(text: str) -> list[str]:
    """Return the sentences that a template marks by a call."""
    return [words for words in IN_PAGE.findall(COMMENT.sub("", text)) if words]


def test_no_sentence_of_the_code_is_left_out(collected):
    files = sources()
    assert len(files) > 500
    left = {
        f"{path.relative_to(ROOT)}: {words}"
        for path in files
        for words in marked(path.read_text(encoding="utf-8"))
        if words and words not in collected and "management" not in path.parts
    }
    assert not left, "\n".join(sorted(left))


def test_no_sentence_of_a_page_is_left_out(collected):
    # The style guide is for those who build pages, and English.
    pages = [p for p in (ROOT / "templates").rglob("*.html") if "styleguide" not in p.parts]
    found = [(page, words) for page in pages for words in marked_in_page(page.read_text())]
    assert len(found) > 1000
    left = {f"{page.name}: {words}" for page, words in found if words not in collected}
    assert not left, "\n".join(sorted(left))


def test_a_sentence_that_is_newer_than_what_was_collected_is_seen(collected):
    code = '_("A sentence of no page %(n)s") + ngettext("One of none", "Many of none", 2)'
    assert set(marked(code)) == {"A sentence of no page %(n)s", "One of none", "Many of none"}
    assert not set(marked(code)) & collected
    assert marked_in_page('{# _("No") #}{{ card(_("Of no page"), _("")) }}') == ["Of no page"]
