"""The letter of a decision, set by Typst from plain data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

TEMPLATE = Path(__file__).with_name("decision.typ")
TEMPLATE_VERSION = 2


class CannotTypeset(ValueError):
    """The letter holds something that cannot be set, such as a character without a glyph."""


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
            # The same letter on every machine: only the fonts that come with Typst.
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as error:
        raise CannotTypeset(str(error)) from error
    return pdf
