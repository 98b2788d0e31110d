"""A reader of PDFs that gives up on a file whose parts are not where it says, in place of searching for each.

pypdf mends such a file by searching all of it once for every part: one file of 10 MB that names fifty thousand parts
wrongly would keep a process busy for hours.
"""

from __future__ import annotations

import io
import re
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PdfReadError
from pypdf.generic import IndirectObject

# What may be searched through in all, in bytes: some hundred parts of a small file, a few of a large one.
MOST_SEARCHED = 64 * 1024 * 1024
# What object streams may hold in all, unpacked: reading it takes seconds for each ten million bytes.
MOST_UNPACKED = 16 * 1024 * 1024
HEADER = re.compile(rb"\s*(\d{1,10})\s+(\d{1,5})\s*obj")


class SparingReader(PdfReader):
    """Reads as pypdf does, and raises PdfReadError where that would take more than a few searches."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._searched = self._unpacked = 0
        self._opened: set[int] = set()
        super().__init__(io.BytesIO(data), strict=False)

    def get_object(self, indirect_reference: int | IndirectObject) -> Any:
        """Return the object; count first what finding it takes."""
        number, generation = (
            (indirect_reference, 0)
            if isinstance(indirect_reference, int)
            else (indirect_reference.idnum, indirect_reference.generation)
        )
        if (generation, number) not in self.resolved_objects:
            if generation == 0 and number in self.xref_objStm:
                self._count_stream(self.xref_objStm[number][0])
            elif not self._is_in_place(number, generation):
                self._count_search()
        return super().get_object(indirect_reference)

    def _is_in_place(self, number: int, generation: int) -> bool:
        """Whether the object stands where the document's table says, or is said to be free."""
        place = self.xref.get(generation, {}).get(number)
        if place is None:
            return False
        if self.xref_free_entry.get(generation, {}).get(number, False):
            return True
        found = HEADER.match(self._data, max(place, 0))
        return found is not None and (int(found[1]), int(found[2])) == (number, generation)

    def _count_search(self) -> None:
        self._searched += len(self._data)
        if self._searched > MOST_SEARCHED:
            raise PdfReadError("too many parts are not where the document says")

    def _count_stream(self, stream: int) -> None:
        """Count what an object stream holds; opened once, it has given all that is in it."""
        if stream in self._opened:
            self._count_search()
            return
        self._opened.add(stream)
        holder = self.get_object(stream)
        if hasattr(holder, "get_data"):
            self._unpacked += len(holder.get_data())
        if self._unpacked > MOST_UNPACKED:
            raise PdfReadError("too much is packed into the document")
