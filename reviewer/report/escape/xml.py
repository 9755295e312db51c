"""Text for XML 1.0, which knows no way to write a control character; markup is escaped by the writer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.report.escape.terminal import field

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element


def element(parent: Element, tag: str, attributes: Mapping[str, str | int], *lines: str) -> Element:
    """Append an element whose attributes and lines of text are visible and bounded, and return it.

    Tag and names of attributes are ours. The tree escapes markup when it is written; what it
    would write and no reader would take, such as a NUL, is shown as its code point here.
    """
    from xml.etree.ElementTree import SubElement

    made = SubElement(parent, tag, {name: field(str(value)) for name, value in attributes.items()})
    if lines:
        made.text = "\n".join(field(line) for line in lines)
    return made
