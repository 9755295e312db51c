"""SEC025: a frame for a plugin's page that lets the page out again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Expr, Literal, Member, Name, Node, Template, strip
from reviewer.code.walk import class_of, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import text_of
from reviewer.experts.security.handing.sandboxes import PLUGIN_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_GUESTS: Final = PLUGIN_WORDS | {"panel", "panels", "applet", "app", "apps", "embed", "preview"}
_OPENERS: Final = frozenset({"allow-scripts", "allow-same-origin"})


@module_check("SEC025", words={"iframe", "sandbox"})
def frame_sandbox(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each frame that is made for a plugin: what its sandbox allows, and from where its page comes."""
    if module.is_test or module.language == "python" or not module.words & _GUESTS:
        return
    for call in module.calls(("createElement",)):
        kind = call.arg(0)
        frame = _held(call)
        if not isinstance(kind, Literal) or kind.value != "iframe" or not frame:
            continue
        around: Node | None = class_of(call) if frame.startswith("this.") else function_of(call)
        given = _given(module, around, frame)
        own = _is_own(module, given)
        allowed, at = _allowed(given)
        if at is None:
            if own is Confidence.LIKELY and not any("sandbox" in name for name, _value, _at in given):
                yield Match(
                    call,
                    "The frame has no 'sandbox', and its page is of the host's own origin: its scripts read what the "
                    "host's page can, its storage and its cookies included.",
                )
        elif allowed >= _OPENERS and own is not None:
            yield Match(
                at,
                "'allow-scripts' together with 'allow-same-origin' is no boundary for a page of the host's own origin: "
                "its scripts take the attribute off and reach the host's page.",
                confidence=own,
            )


def _held(call: Call) -> str:
    """Return the name that a new frame is kept under."""
    kept = call.parent
    target = kept.target if isinstance(kept, Assign) else None
    if isinstance(target, Name):
        return target.id
    this = isinstance(target, Member) and isinstance(target.object, Name) and target.object.id == "this"
    return f"this.{target.name}" if this and isinstance(target, Member) else ""


def _given(module: Module, around: Node | None, frame: str) -> list[tuple[str, Expr, Node]]:
    """Return what the attributes of a frame are given: name, value, place."""
    where: Node | list[Node] = around if around is not None else [*module.body]
    found: list[tuple[str, Expr, Node]] = []
    for assign in find(where, Assign):
        target = strip(assign.target)
        if isinstance(target, Member) and assign.value is not None:
            name, holder = target.name, target.object
            if name == "value" and isinstance(holder, Member):  # frame.sandbox.value = …
                name, holder = holder.name, holder.object
            if module.text_of(holder) == frame:
                found.append((name, assign.value, assign))
    for call in find(where, Call):
        on = call.receiver
        if on is None or not call.args:
            continue
        if call.name == "setAttribute" and len(call.args) == 2 and module.text_of(on) == frame:
            found.append((text_of(call.args[0]), call.args[1], call))
        elif call.name == "add" and isinstance(on, Member) and module.text_of(on.object) == frame:
            found += [(on.name, arg, call) for arg in call.args]
    return found


def _allowed(given: list[tuple[str, Expr, Node]]) -> tuple[set[str], Node | None]:
    """Return what the sandbox of a frame allows, and where that is said last."""
    said = [(value, at) for name, value, at in given if name == "sandbox"]
    words = {word for value, _at in said for word in text_of(strip(value)).split()}
    return words, said[-1][1] if said else None


def _is_own(module: Module, given: list[tuple[str, Expr, Node]]) -> Confidence | None:
    """Tell how sure it is that a frame's page is of the host's own origin; None where it comes from elsewhere."""
    pages = [value for name, value, _at in given if name == "srcdoc"]
    if pages:
        # What is taken from an element was built by the host itself, as a text of elements.
        built = any(part.name in ("outerHTML", "innerHTML") for page in pages for part in find(page, Member))
        return Confidence.POSSIBLE if built else Confidence.LIKELY
    for name, value, _at in given:
        if name != "src":
            continue
        made = module.scopes.origin(value)
        first = made.items[0] if isinstance(made, Template) and made.items else made
        text = text_of(first) if isinstance(first, Literal) else ""
        if isinstance(made, Literal) and _ships(module, text):
            return None
        if text.startswith(("/", "./", "../")) and not text.startswith("//"):
            return Confidence.LIKELY
        if isinstance(made, Call) and made.name == "createObjectURL":
            return Confidence.LIKELY
        if text.startswith(("https://", "http://", "//", "about:")):
            return None
        return Confidence.POSSIBLE
    return None


def _ships(module: Module, page: str) -> bool:
    """Tell whether a page is one of the files beside the code, and so nobody else's."""
    path = page.partition("?")[0].partition("#")[0].lstrip("./")
    files = module.project.files if module.project is not None else ()
    return bool(path) and any(file == path or file.endswith(f"/{path}") for file in files)
