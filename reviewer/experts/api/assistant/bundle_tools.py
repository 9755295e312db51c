"""API272: the tools in the manifest of a bundle and those that its server has are not the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from reviewer.code.syntax import Call, Function, Literal, Object, strip
from reviewer.experts.assistant.host import BUNDLE
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_CLOSE: Final = 0.8
_REGISTERS: Final = frozenset({"tool", "registerTool", "addTool", "add_tool", "register_tool", "defineTool"})
_DESCRIBES: Final = frozenset({"inputSchema", "input_schema", "inputschema", "parameters"})


class _Tools(Struct, dict=True):
    """The tools that the code has, and whether there may be more than can be read."""

    places: dict[str, Location] = field(default_factory=dict)
    open: bool = False


@subject_check("API272")
def bundle_tools(inquiry: Inquiry) -> Iterator[Match]:
    """Compare the names in both directions, where the code can be read."""
    manifest = inquiry.manifest
    listed = manifest.get("tools") if manifest is not None else None
    if inquiry.subject.ecosystem != BUNDLE or manifest is None or listed is None or listed.kind != "array":
        return
    generated = manifest.get("tools_generated")
    names = [entry.get("name") for entry in listed.items()]
    said = {value.text: value for value in names if value is not None and value.text}
    tools = _tools(inquiry)
    if not tools.places or not said:
        return
    for name, value in said.items():
        if name not in tools.places and not tools.open:
            near = _near(name, tools.places.keys() - said.keys())
            hint = f"; the server has '{near}'" if near else ""
            yield Match(value, f"The server has no tool '{short(name)}'{hint}.")
    if generated is not None and generated.data is True:
        return
    for name, place in tools.places.items():
        if name not in said and not _near(name, said.keys() - tools.places.keys()):
            yield Match(
                place, f"The manifest does not list the tool '{short(name)}': people can't see what they install."
            )


def _near(name: str, known: Iterable[str]) -> str:
    """Return the name that another is a slip away from, or an empty string."""
    close = get_close_matches(name[:100], sorted(known), n=1, cutoff=_CLOSE)
    return close[0] if close else ""


def _tools(inquiry: Inquiry) -> _Tools:
    found = _Tools()
    for path in inquiry.project.sources:
        module = inquiry.project.module(path)
        if module is not None and not module.is_test:
            for name, node in (*_calls(module, found), *_objects(module), *_decorated(module)):
                found.places.setdefault(name, locate(module, node))
    return found


def _calls(module: Module, found: _Tools) -> Iterator[tuple[str, Call]]:
    """Yield the tools that calls register, and note that a name was not a plain text."""
    for call in module.all(Call):
        if call.name == "Tool" and (name := call.arg(0, "name")) is not None:
            text = _text(name)
            if text:
                yield text, call
        elif call.name in _REGISTERS and call.args and call.receiver is not None:
            first = strip(call.args[0])
            named = first.get("name") if isinstance(first, Object) else first
            text = _text(named)
            if text:
                yield text, call
            elif not isinstance(call.parent, Function):
                found.open = found.open or len(call.args) > 1


def _objects(module: Module) -> Iterator[tuple[str, Object]]:
    """Yield the tools that are listed as objects with a name and a schema."""
    for node in module.all(Object):
        if _DESCRIBES.intersection(node.keys) and (text := _text(node.get("name"))):
            yield text, node


def _decorated(module: Module) -> Iterator[tuple[str, Function]]:
    """Yield the tools that are functions under a decorator ``@server.tool()``."""
    for function in module.functions:
        for decorator in function.decorators:
            bare = strip(decorator)
            call = bare if isinstance(bare, Call) else None
            name = call.name if call is not None else getattr(bare, "name", "")
            if name == "tool":
                named = call.arg(0, "name") if call is not None else None
                yield _text(named) or function.name, function


def _text(expr: Expr | None) -> str:
    bare = strip(expr) if expr is not None else None
    return bare.value if isinstance(bare, Literal) and isinstance(bare.value, str) else ""
