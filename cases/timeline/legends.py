"""What the signs of a picture mean: those that it uses, and no others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from cases.timeline.content import History
from cases.timeline.rows import CLASSES, OTHER_CLASS, PURPLE, STEROID
from cases.timeline.shapes import Item, LegendItem

KNOWN = (*CLASSES.values(), OTHER_CLASS, ("steroid", STEROID, PURPLE))


def fades_of(items: Sequence[Item]) -> tuple[tuple[str, str], ...]:
    """Return name and colour of each class that has a soft edge somewhere."""
    used = {m.cls for item in items for m in item.marks if m.cls.startswith("tl-fade ")}
    return tuple(
        (name, colour) for name, colour, _on in KNOWN if f"tl-fade tl-fade--{name}" in used
    )


def legend_of(history: History, items: Sequence[Item]) -> Iterator[LegendItem]:
    """Yield the signs and their words."""
    targets = {t for c in history.courses for t in c.targets}
    for target in ("PD-1", "PD-L1", "CTLA-4"):
        if target in targets:
            yield LegendItem(CLASSES[target][0], target)
    if any(c.targets == () or set(c.targets) - CLASSES.keys() for c in history.courses):
        yield LegendItem("other", _("another class, or not known"))
    names = {t.kind: t.name for t in (*history.treatments, *history.second_line)}
    for kind in sorted(names):
        if kind != "surgery":
            name = _("second-line agent") if kind == "second_line" else names[kind].lower()
            yield LegendItem(CLASSES.get(kind, OTHER_CLASS)[0], name)
    for g in sorted({e.grade for e in history.events if e.grade}):
        yield LegendItem(f"grade{g}", _("grade %(g)s") % {"g": g})
    used = {m.cls.split()[0] for item in items for m in item.marks}
    signs = (
        ("tl-steroid", "steroid", _("steroid")),
        ("tl-steroid-point", "steroid", _("steroid")),
        ("tl-steroid-untold", "untold", _("dashed: steroid, dose not told there")),
        ("tl-decision", "decision", _("decision")),
        ("tl-trend", "trend", _("laboratory, each row to its own scale")),
        ("tl-fade", "soft", _("soft edge: that end is known in part")),
        ("tl-span", "span", _("dotted: somewhere within")),
        ("tl-undated", "undated", _("dashed frame: no place on the axis")),
    )
    shown = dict.fromkeys((kind, words) for cls, kind, words in signs if cls in used)
    yield from (LegendItem(kind, words) for kind, words in shown)
    if history.proposed:
        yield LegendItem("proposed", _("proposed"))
