"""Where the words to translate are. `python -m rechallenge.catalogue` writes them to `locale/en`.

`babel.cfg` names the files and, besides Babel's own, the two extractors here. Code lists are words of the
interface; guidance, protocols and what a hospital enters are content with a language of its own, and are
not extracted. Babel is a development dependency: it is imported where it is needed.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.pot"
NOT_SEARCHED = {"node_modules", "var", "static", "docs", "deploy", "__pycache__"}
# Beside Babel's own: the names under which the product marks words.
KEYWORDS: dict[str, Any] = {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
# Code list and key of its rows -> the context under which `cases.vocabulary` looks the words up.
CONTEXTS = {
    ("drugs", "label"): "drug",
    ("drugs", "dose"): "drug dose",
    ("drugs", "dose_mark"): "drug dose",
    ("entities", "label"): "irAE",
}

Message = tuple[int, str, Any, list[str]]


def code_list(
    file: IO[bytes], keywords: Any, comment_tags: Any, options: Mapping[str, Any]
) -> Iterator[Message]:
    """Yield the words of every row of a code list, under their context."""
    text = file.read().decode()
    content = json.loads(text)
    lines = text.splitlines()
    for (name, key), context in CONTEXTS.items():
        for words in (row.get(key) for row in content.get(name, [])):
            if words:
                line = next((n for n, t in enumerate(lines, 1) if f'"{key}": "{words}"' in t), 1)
                yield line, "pgettext", (context, words), []


def django_template(
    file: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Any]:
    """Yield what `translate` and `blocktranslate` mark in a template of Django's language."""
    from babel.messages.extract import extract_python

    code = templatize(file.read().decode(), origin=getattr(file, "name", None))
    # It keeps the template's indentation, which Python's reader does not forgive.
    code = "\n".join(line.strip() for line in code.splitlines())
    yield from extract_python(io.BytesIO(code.encode()), keywords, comment_tags, options)


def _searched(folder: str) -> bool:
    name = Path(folder).name
    return name not in NOT_SEARCHED and not name.startswith((".", "_"))


def catalogue() -> Catalog:
    """Return every message that the product marks, with the places where it stands."""
    from babel.messages.catalog import Catalog
    from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
    from babel.messages.frontend import parse_mapping_cfg

    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found = Catalog(project="Rechallenge", charset="utf-8")
    rows = extract_from_dir(
        ROOT,
        methods,
        options,
        keywords=DEFAULT_KEYWORDS | KEYWORDS,
        directory_filter=_searched,
    )
    for path, line, message, comments, context in rows:
        place = (Path(path).as_posix(), line)
        found.add(message, locations=[place], auto_comments=comments, context=context)
    return found


def main() -> None:
    """Write the template from which translations are begun and brought up to date."""
    from babel.messages.pofile import write_po

    TEMPLATE.parent.mkdir(parents=True, exist_ok=True)
    with TEMPLATE.open("wb") as file:
        write_po(file, catalogue(), width=0, sort_by_file=True)


if __name__ == "__main__":
    main()
