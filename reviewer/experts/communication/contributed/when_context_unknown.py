"""COM204: a condition of the manifest asks for a context key of the extension's own that no code sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UnreadableError
from reviewer.core.nearest import nearest
from reviewer.experts.check import Match, subject_check
from reviewer.experts.editor.contributions import commands, contributed, prefix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_PLACES: Final = (
    ("contributes.menus.*.*", "when"),
    ("contributes.keybindings.*", "when"),
    ("contributes.keybindings", "when"),
    ("contributes.commands.*", "enablement"),
    ("contributes.views.*.*", "when"),
    ("contributes.viewsWelcome.*", "when"),
    ("contributes.viewsWelcome.*", "enablement"),
)
_PART: Final = r"'[^']*'|/(?:[^/\\]|\\.)+/[a-z]*|==?=?|!=|=~|<=?|>=?|&&|\|\||!|\(|\)|[A-Za-z_][\w.:\-]*|\S"
_COMPARES: Final = frozenset({"==", "===", "!=", "=~", "in", "<", "<=", ">", ">="})
_SET: Final = r"""setContext['"`]\s*,\s*(?:['"`]([\w.:\-]+)['"`])?"""
_QUOTED: Final = r"""['"`]([A-Za-z][\w:\-]*\.[\w.:\-]+)['"`]"""
_OF_EDITOR: Final = frozenset(
    "config view workbench editor resource git scm debug testing notebook terminal explorer list vscode".split()
)
_MOST: Final = 40


@subject_check("COM204")
def when_context_unknown(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the keys of each condition against the texts of the code."""
    own = {prefix(name) for name in commands(inquiry)} - {"", *_OF_EDITOR}
    asked = [(key, value) for key, value in _asked(inquiry) if prefix(key) in own]
    if not asked:
        return
    try:
        texts = list(_texts(inquiry))
    except UnreadableError:
        return  # what can't be read may set any key
    if not texts:
        return
    views = {value.text for value in contributed(inquiry, "contributes.views.*.*.id")}
    known, made = _set(texts)
    known |= _spoken(texts, own) - set(commands(inquiry)) - {key for key, _value in asked}
    told: set[str] = set()
    for key, value in asked:
        if key in told or any(key.startswith(view) for view in views if view) or any(key in text for text in texts):
            continue
        near = nearest(key, known) or ""
        if (made and not near) or len(told) == _MOST:
            continue  # the name of the key is made while the code runs
        told.add(key)
        hint = f"; did you mean '{near}'?" if near else ""
        yield Match(
            value,
            f"The condition asks for '{key[:60]}', which no code sets and the editor takes for not there{hint or '.'}",
        )


def _asked(inquiry: Inquiry) -> Iterator[tuple[str, Value]]:
    """Yield each key of a condition with the condition."""
    for path, member in _PLACES:
        for item in contributed(inquiry, path):
            value = item.get(member)
            if value is not None and value.text:
                for key in _keys(value.text):
                    yield key, value


def _keys(condition: str) -> Iterator[str]:
    """Yield the keys of a condition: what stands behind a comparison is a value."""
    import re2

    before = ""
    for token in re2.findall(_PART, condition[:2000]):
        is_name = token[0].isalpha() or token[0] == "_"
        if is_name and before not in _COMPARES and token not in ("in", "not", "true", "false"):
            yield token
        before = token


def _texts(inquiry: Inquiry) -> Iterator[str]:
    """Yield the texts of all code, what was bundled included; raises `UnreadableError` where one can't be had."""
    for path in inquiry.project.sources:
        yield inquiry.subject.read(path).decode("utf-8", "replace")


def _set(texts: list[str]) -> tuple[set[str], bool]:
    """Return the keys that code sets, and whether it sets one whose name it makes."""
    import re2

    found = [key for text in texts for key in re2.findall(_SET, text)]
    return {key for key in found if key}, "" in found


def _spoken(texts: list[str], own: set[str]) -> set[str]:
    """Return the texts of code that begin like a key of the extension's own: one may be handed to what sets it."""
    import re2

    found = {key for text in texts for key in re2.findall(_QUOTED, text)}
    return {key for key in found if prefix(key) in own}
