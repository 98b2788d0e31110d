"""Every word that a person reads can be translated: what a machine can see of that without a page."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import jinja2
import pytest

from tests.architecture.sources import APPLICATIONS, ROOT, name, python_files, tree

WORD = re.compile(r"[A-Za-z]{2,}")
SPOKEN = re.compile(r'\b(?:aria-label|placeholder|title|alt|data-saved|data-failed)="([^"]*)"')
TAG = re.compile(r"<script.*?</script>|<style.*?</style>|<[^<>]*>|&\w+;", re.DOTALL)
# What stands between the signs of a template and is no word: the product's name, and blocks that
# hold a class or an attribute.
NOT_WORDS = re.compile(
    r'\bRechallenge\b|\bapp-main--narrow\b|\bdata-theme="dark"|\baria-describedby="'
)
MARKERS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
# Keyword arguments that end up on a page.
SHOWN = {
    "label",
    "help_text",
    "legend",
    "hint",
    "empty_label",
    "verbose_name",
    "description",
    "error_messages",
}
SAYING = {"ValidationError", "success", "error", "warning", "info", "add_error"}

ENVIRONMENT = jinja2.Environment(
    extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True
)


def plain_words(source: str) -> list[str]:
    """Return the words of a Jinja template that stand outside `_()` and `{% trans %}`."""
    parts: list[str] = []
    translated = False
    tokens = list(ENVIRONMENT.lex(source))
    for at, (_line, kind, value) in enumerate(tokens):
        if kind == "block_begin":
            names = [v for _l, k, v in tokens[at + 1 : at + 4] if k == "name"][:1]
            translated = names == ["trans"] or (translated and names != ["endtrans"])
        parts.append(value if kind == "data" and not translated else " ")
    text = "".join(parts)
    spoken = " ".join(SPOKEN.findall(text))
    return WORD.findall(NOT_WORDS.sub(" ", TAG.sub(" ", text) + " " + spoken))


@pytest.mark.parametrize(
    "path",
    [p for p in sorted((ROOT / "templates").rglob("*.html")) if "styleguide" not in p.parts],
    ids=name,
)
def test_templates_mark_their_words(path: Path) -> None:
    assert not plain_words(path.read_text())


def test_plain_words_in_a_template_are_seen() -> None:
    assert plain_words('<p class="x">{{ _("Fine") }}{% trans %}fine{% endtrans %}</p>') == []
    assert plain_words('<p title="Not this">{{ x }} nor this</p>') == ["nor", "this", "Not", "this"]


def _is_marked(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in MARKERS
    )


def _bare(node: ast.AST) -> bool:
    """Whether an argument is English as it stands: a string, or an f-string, with a word in it."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(
            re.search(r"[A-Z][a-z]|[a-z] [a-z]", node.value)
        )
    if isinstance(node, ast.JoinedStr):
        return any(_bare(part) for part in node.values)
    return isinstance(node, ast.List | ast.Tuple) and any(_bare(part) for part in node.elts)


def unmarked(module: ast.Module) -> list[int]:
    """Return the lines where something shown to a person is given as plain English."""
    found = []
    for node in ast.walk(module):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        shown = [k.value for k in node.keywords if k.arg in SHOWN]
        shown += node.args if called in SAYING else []
        found += [value.lineno for value in shown if _bare(value)]
    return found


@pytest.mark.parametrize("path", python_files(*APPLICATIONS), ids=name)
def test_modules_mark_what_they_show(path: Path) -> None:
    if path.name == "styleguide.py" or "management" in path.parts:
        return
    assert not unmarked(tree(path))


@pytest.mark.parametrize("path", python_files(*APPLICATIONS, "rechallenge"), ids=name)
def test_no_word_is_marked_where_it_cannot_be_found(path: Path) -> None:
    """Within an f-string Babel sees no call before Python 3.12."""
    inner = [
        call.lineno
        for string in ast.walk(tree(path))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if _is_marked(call)
    ]
    assert not inner


def test_unmarked_words_in_a_module_are_seen() -> None:
    sample = (
        "f(label='Plain words')\nf(label=_('Fine'))\nraise ValidationError('Not so')\nlog.info('x')"
    )
    assert unmarked(ast.parse(sample)) == [1, 3]


def test_scripts_hold_no_words() -> None:
    """What a script says comes from the page, in data attributes and templates."""
    strings = re.compile(r"""(["'`])((?:(?!\1).)*)\1""")
    for path in (ROOT / "static" / "js").glob("*.js"):
        code = re.sub(r"^\s*//.*$", "", path.read_text(), flags=re.MULTILINE)
        said = [s for _q, s in strings.findall(code) if re.search(r"[A-Z][a-z]+ [a-z]+ ", s)]
        assert not said, name(path)
