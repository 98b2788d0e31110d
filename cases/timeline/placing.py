"""Keeps labels apart: inside its bar, right of it, left of it, else in lanes below with a leader."""

from __future__ import annotations

from dataclasses import dataclass, field

from cases.timeline.lettering import fit, width
from cases.timeline.shapes import Box, Label, Mark, Value

LANE = 17.0
LANES = 8
GAP = 6.0
SIZE = 12.5
SOFT = "#51626f"


@dataclass
class Placer:
    """The room of one row: what is taken, and the labels placed so far."""

    right: float
    taken: list[Box] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    leaders: list[Mark] = field(default_factory=list)

    def free(self, box: Box) -> bool:
        """Whether `box` lies in the picture and touches nothing that is there."""
        inside = box.x0 >= 0 and box.x1 <= self.right
        return inside and not any(box.overlaps(other) for other in self.taken)

    def take(self, box: Box) -> None:
        """Keep `box` free of labels from now on."""
        self.taken.append(box)

    def write(self, x: float, y: float, text: str, **look: object) -> bool:
        """Write `text` from `x` with its middle at `y` if there is room; say whether it was done."""
        size = float(look.get("size", SIZE))  # type: ignore[arg-type]
        wide = width(text, size, bold=look.get("weight", 400) != 400)
        box = Box(x, y - size * 0.62, x + wide, y + size * 0.62)
        if not self.free(box):
            return False
        self._add(box, text, look)
        return True

    def _add(self, box: Box, text: str, look: dict[str, object]) -> None:
        size = float(look.get("size", SIZE))  # type: ignore[arg-type]
        self.take(box)
        baseline = (box.y0 + box.y1) / 2 + size * 0.35
        self.labels.append(Label(box.x0, baseline, text, box, **look))  # type: ignore[arg-type]

    def beside(self, bar: Box, text: str, **look: object) -> bool:
        """Write right of `bar`, else left of it."""
        middle = (bar.y0 + bar.y1) / 2
        wide = width(text, SIZE, bold=look.get("weight", 400) != 400)
        return self.write(bar.x1 + GAP, middle, text, **look) or self.write(
            bar.x0 - GAP - wide, middle, text, **look
        )

    def below(self, bar: Box, text: str, **look: object) -> bool:
        """Write in the first free lane below `bar`, joined to it by a leader."""
        shown = fit(text, self.right - 2 * GAP, bold=look.get("weight", 400) != 400)
        wide = width(shown, SIZE, bold=look.get("weight", 400) != 400)
        x = min(max(bar.x0, 0), self.right - wide)
        for lane in range(LANES):
            y = bar.y1 + LANE * (lane + 0.6)
            leader = Box(bar.x0, bar.y1, bar.x0 + 1, y - SIZE * 0.62)
            if self.free(leader) and self.write(
                x, y, shown, full=text if shown != text else "", **look
            ):
                self._lead(bar, leader)
                return True
        return False

    def _lead(self, bar: Box, leader: Box) -> None:
        self.take(leader)
        line: dict[str, Value] = {
            "x1": round(bar.x0 + 0.5, 1),
            "x2": round(bar.x0 + 0.5, 1),
            "y1": round(bar.y1, 1),
            "y2": round(leader.y1, 1),
            "stroke": "#6e8290",
            "stroke-width": 1,
        }
        self.leaders.append(Mark("line", "tl-leader", line))

    def bottom(self, least: float) -> float:
        """Return the lowest edge of any label, or `least` where that is lower."""
        return max([least, *(label.box.y1 for label in self.labels)])
