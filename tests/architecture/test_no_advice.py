"""The product recommends nothing, ranks nothing and scores nothing: in its guidance, its pages and its messages."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evidence.content import texts
from tests.architecture.sources import APPLICATIONS, ROOT, name, python_files, tree

if TYPE_CHECKING:
    from collections.abc import Iterator

ADVICE = re.compile(
    r"\brecommend|\bprefer(?:red|able|ably)\b|\badvis(?:e|ed|es|able|ably)\b|\boptimal|\bsuperior\b"
    r"|\b(?:should|ought to|must)(?: not)? (?:be (?:given|stopped|resumed|offered|avoided|considered"
    r"|switched)|get|have|receive|stop|resume|avoid|restart|switch|undergo)\b"
    r"|\b(?:best|ideal|right) (?:option|choice|regimen|treatment|agent|candidate)|\bfirst choice"
    r"|\bof choice\b|\bgood candidate|\bwe (?:suggest|propose)|\bsuggested (?:treatment|regimen|option|agent)"
    r"|\bscor(?:e|es|ed|ing)\b|\brank(?:s|ed|ing)?\b",
    re.IGNORECASE,
)
CARRIED_ON = re.compile(r"""["']\s*\n\s*[fr]?["']""")
# What denies it, names it as somebody else's word, or speaks of something else.
DENIED = (
    "whether this patient should be given an ICI again",
    "whether this patient should have one, and no score follows from it",
    "Nothing here is a recommendation for this patient.",
    "It does not decide and gives no score.",
    "never pooled, never ranked",
    "all kept, none preferred",
)
OF_SOURCES = ("resuming may not be advisable", "the authors advise to stop for good")
OF_SOMETHING_ELSE = ("PD-L1 tumour proportion score",)
ALLOWED = (*DENIED, *OF_SOURCES, *OF_SOMETHING_ELSE)
SAID = re.compile("|".join(re.escape(words) for words in ALLOWED), re.IGNORECASE)
GUIDANCE = [
    ROOT / "evidence" / "data" / f"{kind}.json" for kind in ("statements", "findings", "sources")
]
LISTS = [
    p for app in APPLICATIONS for p in (ROOT / app / "data").glob("*.json") if p not in GUIDANCE
]
PAGES = [
    p
    for folder in (ROOT / "templates", *(ROOT / app for app in APPLICATIONS))
    for p in folder.rglob("*")
    if p.suffix in {".html", ".txt", ".typ"} and "styleguide" not in p.parts
]
# What is in the catalogue, and every other string: a label need not be marked to be shown.
SPEAKING = python_files(*APPLICATIONS, "rechallenge")


@cache
def source(path: Path) -> str:
    """Return a file's text, strings that go on in the next line in one piece."""
    return CARRIED_ON.sub("", path.read_text()) if path.suffix == ".py" else path.read_text()


def strings(path: Path) -> Iterator[str]:
    """Yield what a file may put before a reader, docstrings of modules left out."""
    if path.suffix == ".json":
        yield from texts(json.loads(source(path)))
    elif path.suffix != ".py":
        yield source(path)
    elif SAID.search(source(path)) or ADVICE.search(source(path)):
        module = tree(path)
        told = {id(n.value) for n in ast.walk(module) if isinstance(n, ast.Expr)}
        for node in ast.walk(module):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in told
            ):
                yield node.value


def advice(text: str) -> list[str]:
    """Return what advises in a text, with the words around it."""
    if not ADVICE.search(text):
        return []
    plain = SAID.sub("", " ".join(text.split()))
    found = ADVICE.finditer(plain)
    return [plain[max(0, m.start() - 40) : m.end() + 40] for m in found]


@pytest.mark.parametrize("path", [*GUIDANCE, *LISTS], ids=name)
def test_no_delivered_text_advises(path: Path) -> None:
    """Whole rows: titles, contradictions, rules, corrections, reasons, findings and sources, drafts too."""
    found = list(strings(path))
    assert found and [words for text in found for words in advice(text)] == []


def test_no_page_and_no_message_advises() -> None:
    assert len(PAGES) > 150 and len(SPEAKING) > 250
    assert {
        name(path): words
        for path in (*PAGES, *SPEAKING)
        for text in strings(path)
        if (words := advice(text))
    } == {}


def test_every_allowed_sentence_is_still_said() -> None:
    whole = " ".join(
        " ".join(t.split()) for p in (*GUIDANCE, *PAGES, *SPEAKING) for t in strings(p)
    ).lower()
    unused = [words for words in ALLOWED if words.lower() not in whole]
    assert unused == []


@pytest.mark.parametrize(
    "words",
    [
        "We recommend the same agent",
        "This patient should be given nivolumab",
        "The ICI should not be resumed",
        "Pembrolizumab is preferred",
        "the preferable regimen",
        "The best option is a switch",
        "the treatment of choice",
        "Rechallenge is advisable",
        "A risk score of 3",
        "Options, ranked by response",
        "the optimal interval",
        "It does not decide and gives no score. We recommend it.",
    ],
)
def test_advice_would_be_found(words: str) -> None:
    assert advice(words)
