"""SEC025: a frame that is written as a text of elements, and whose sandbox lets its page out again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Binary, Call, Expr, Literal, Template
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_FRAME: Final = regex(r"<iframe\b([^>]{0,2000})", 0)
_SANDBOX: Final = regex(r"\bsandbox\s{0,9}=\s{0,9}\\?[\"']?([a-z \t\n-]{0,400})")
_SRCDOC: Final = regex(r"\bsrcdoc\s{0,9}=")
_HOLE: Final = "\x00"
"""What stands for a hole in a text."""
_OWN_PAGE: Final = regex(rf"\bsrc\s{{0,9}}=\s{{0,9}}\\?[\"']?\.{{0,2}}/(?!/)[^\"'>]{{0,300}}{_HOLE}")


@module_check("SEC025", words={"iframe", "sandbox", "srcdoc", "html", "markup", "frame", "render", "widget", "view"})
def frame_in_text(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each frame in a text for what its sandbox allows, and from where its page comes."""
    if module.is_test or b"allow-same-origin" not in module.source or b"iframe" not in module.source:
        return
    for node in module.some(Template, Literal, Binary, Call):
        if isinstance(node.parent, Template) or (isinstance(node.parent, Binary) and node.parent.op == "+"):
            continue  # a part of a longer text
        text = _text(node) if isinstance(node, Expr) else ""
        for frame in _FRAME.finditer(text) if "allow-same-origin" in text else ():
            said = _SANDBOX.search(frame.group(1))
            allowed = set(said.group(1).split()) if said is not None else set()
            if not {"allow-scripts", "allow-same-origin"} <= allowed:
                continue
            if not _SRCDOC.search(frame.group(1)) and not _OWN_PAGE.search(frame.group(1)):
                continue
            yield Match(
                node,
                "'allow-scripts' together with 'allow-same-origin' is no boundary for a page of the host's own origin: "
                "its scripts take the attribute off and reach the host's page.",
                fix="Leave out 'allow-same-origin': the page then has an origin of its own.",
            )
            break


def _text(node: Expr) -> str:
    """Return a text that is put together, with a mark for each part that is not written out."""
    if isinstance(node, Literal):
        return node.value if isinstance(node.value, str) else _HOLE
    if isinstance(node, Template):
        return "".join(map(_text, node.items))
    if isinstance(node, Binary) and node.op == "+":
        return _text(node.left) + _text(node.right)
    if isinstance(node, Call) and node.name in ("join", "format"):
        listed = node.receiver if isinstance(node.receiver, Array) else node.args[0] if node.args else None
        if node.name == "join" and isinstance(listed, Array):
            return "".join(map(_text, listed.items))
        return _text(node.receiver).replace("{}", _HOLE) if isinstance(node.receiver, Literal) else _HOLE
    return _HOLE
