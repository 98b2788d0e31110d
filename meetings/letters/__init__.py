"""The letter of a decision, set by Typst from plain data."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from django.conf import settings

TEMPLATE = Path(__file__).with_name("decision.typ")
# Noto faces under the SIL Open Font License; README.md beside them says whence and which scripts.
FONTS = Path(__file__).with_name("fonts")
TEMPLATE_VERSION = 7
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')


class CannotTypeset(ValueError):
    """The letter holds something that cannot be set; `characters` are those without a glyph, if that is why."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        found = _NO_GLYPH.search(why)
        self.characters = found[1] if found else ""


def typeset(data: dict[str, Any]) -> bytes:
    """Return the letter as an accessible PDF (PDF/UA-1).

    `data` holds texts, lists and dictionaries only; Typst reads it as JSON and never as markup.
    """
    # Here, since its import alone costs a web process several megabytes.
    import typst

    try:
        pdf: bytes = typst.compile(
            str(TEMPLATE),
            format="pdf",
            sys_inputs={"data": json.dumps(data)},
            # The same letter on every machine: the fonts of Typst and of the product, and those that
            # the installation names.
            ignore_system_fonts=True,
            font_paths=[str(FONTS), *filter(None, [settings.LETTER_FONTS])],
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as error:
        raise CannotTypeset(str(error)) from error
    return pdf
