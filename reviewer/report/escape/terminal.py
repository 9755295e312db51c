"""Text for a terminal or a person's eye: what would act, hide or reorder is shown as its code point."""

from __future__ import annotations

from unicodedata import category

from reviewer.core.regex import regex

FIELD_LIMIT = 500
"""Characters of a message, a name or a reason that a report repeats."""
LINE_LIMIT = 400
"""Characters of a source line that a report repeats."""

# Control, format, unassigned, private use, surrogate, line and paragraph separator. The tag
# characters that can carry a hidden text are format characters.
_ACTING = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
# Letters and marks that no font shows: fillers and variation selectors have carried hidden code.
_INVISIBLE = (
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0xE0100, 0xE01EF),
)

# Build services read commands from the output: Azure Pipelines and TeamCity anywhere in a line.
_COMMAND = regex(r"##(?=[A-Za-z]*\[)")


def show(text: str, *, ascii_only: bool = False) -> str:
    """Return ``text`` with every character that is not plainly visible as ``<U+XXXX>``.

    That includes the tab and the line feed: whoever wants those to act splits and expands
    beforehand. With ``ascii_only`` every character beyond ASCII is shown so. Commands to a build
    service lose one of their signs likewise. Showing twice changes nothing.
    """
    if "##" in text:
        text = _COMMAND.sub("#<U+0023>", text)
    if text.isascii() and text.isprintable():
        return text
    return "".join([show_character(character, ascii_only=ascii_only) for character in text])


def show_character(character: str, *, ascii_only: bool = False) -> str:
    """Return one character, or its code point where it is not plainly visible."""
    if " " <= character <= "~":
        return character
    if ascii_only or acts(character):
        return f"<U+{ord(character):04X}>"
    return character


def acts(character: str) -> bool:
    """Tell whether a character would act, hide or reorder instead of being seen."""
    if category(character) in _ACTING:
        return True
    point = ord(character)
    return any(first <= point <= last for first, last in _INVISIBLE)


def no_command(start: str) -> str:
    """Return the start of a line so that GitHub reads no workflow command (``::error …``) there."""
    return start.replace("::", "<U+003A>:", 1) if start.lstrip().startswith("::") else start


def shorten(text: str, limit: int = FIELD_LIMIT) -> str:
    """Cut ``text`` after ``limit`` characters and say how many were left out."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}... ({len(text) - limit} more characters)"


def field(text: str) -> str:
    """Return one field of a result as a single visible line of bounded length."""
    return show(shorten(text))
