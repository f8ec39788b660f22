"""Paths of elements, as explanations name them: with positions only where names repeat."""

from __future__ import annotations

from collections import Counter

from lxml import etree

from kobikom_emulator.protocol.names import name_of, step_of


class ElementPaths:
    """The paths of some elements of a document. Siblings are counted once for each parent, however many paths are
    wanted below it: say first which ones are.
    """

    def __init__(self) -> None:
        self._positions: dict[etree._Element, dict[etree._Element, int]] = {}
        """By parent, the children on a path and the position of each among those of its name; 0 while not counted."""

    def want(self, element: etree._Element) -> None:
        """Say that the path of an element will be asked for."""
        while (parent := element.getparent()) is not None:
            positions = self._positions.setdefault(parent, {})
            if element in positions:
                return
            positions[element] = 0
            element = parent

    def path(self, element: etree._Element) -> str:
        """The path of an element that is wanted."""
        steps: list[str] = []
        while (parent := element.getparent()) is not None:
            if not self._positions[parent][element]:
                self._count(parent)
            nth = self._positions[parent][element]
            steps.append(step_of(element) + (f"[{nth}]" if nth > 1 else ""))
            element = parent
        steps.append(step_of(element))
        return "/" + "/".join(reversed(steps))

    def _count(self, parent: etree._Element) -> None:
        positions = self._positions[parent]
        names = {name_of(child) for child in positions}
        seen: Counter[str] = Counter()
        left = len(positions)
        for child in parent:
            name = name_of(child)
            if name in names:
                seen[name] += 1
                if child in positions:
                    positions[child] = seen[name]
                    left -= 1
                    if not left:
                        break
