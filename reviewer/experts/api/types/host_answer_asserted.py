"""API210: what the host may have nothing for is asserted to be there, or taken apart in JavaScript as if it were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Call, Cast, Expr, Index, Literal, Member, Name, strip
from reviewer.code.walk import walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_NOTHING: Final = {
    "vscode": {
        "activeTextEditor": "no editor has the focus",
        "activeNotebookEditor": "no notebook is open",
        "activeTerminal": "no terminal is open",
        "activeDebugSession": "nothing is debugged",
        "workspaceFolders": "no folder is open",
        "getWorkspaceFolder": "the file lies outside of every folder",
        "getExtension": "the extension is not installed, or disabled",
    },
    "obsidian": {
        "getActiveFile": "no note is open",
        "getActiveViewOfType": "another kind of view has the focus",
        "activeEditor": "no editor has the focus",
        "getFileByPath": "there is no such file",
        "getAbstractFileByPath": "there is no such file",
        "getFileCache": "the file is not indexed yet",
    },
}
"""Members of each host that may be nothing, and when; by @types/vscode 1.90 and obsidian 1.5."""
_HOLDERS: Final = frozenset({"window", "workspace", "debug", "extensions", "vault", "metadataCache"})


@module_check("API210", words={"active", "folders", "folder", "extension", "path", "cache"})
def host_answer_asserted(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each ``!`` behind such a member, and in JavaScript at what is taken from one at once."""
    absent = _NOTHING.get(inquiry.subject.ecosystem, {})
    if module.is_test or not absent:
        return
    told: set[int] = set()
    for node in module.some(Cast, Member, Index):
        value = _taken_for_granted(module, node)
        named = _member(module, value) if value is not None else None
        if value is None or named is None or named.name not in absent or id(value) in told:
            continue
        if _asked(module, node, named.name) or _is_itself(inquiry, _behind(module, value)):
            continue
        told.add(id(value))
        yield Match(
            node,
            f"'{short(module.text_of(value))}' is nothing where {absent[named.name]}: what is taken from it then is a "
            "TypeError.",
        )


def _taken_for_granted(module: Module, node: Node) -> Expr | None:
    """Return the value that is said to be there, or from which something is taken as if it were."""
    if isinstance(node, Cast):
        return node.value if node.kind == "!" else None
    plain = (
        module.language == "javascript" and isinstance(node, Member | Index) and not getattr(node, "optional", False)
    )
    return node.object if plain and isinstance(node, Member | Index) else None


def _behind(module: Module, value: Expr) -> Expr | None:
    """Return what a value is, a variable seen through."""
    given = strip(value)
    made = module.scopes.origin(given) if isinstance(given, Name) else given
    return strip(made) if isinstance(made, Expr) else None


def _member(module: Module, value: Expr) -> Member | None:
    """Return the host's member that a value comes from, a variable seen through."""
    found = _behind(module, value)
    found = strip(found.callee) if isinstance(found, Call) else found
    if not isinstance(found, Member):
        return None
    holder = strip(found.object)
    held = holder.name if isinstance(holder, Member) else holder.id if isinstance(holder, Name) else ""
    return found if held in _HOLDERS else None


def _is_itself(inquiry: Inquiry, call: Expr | None) -> bool:
    """Tell whether an extension asks for itself, which is there while it runs: ``getExtension("acme.tone")``."""
    told = strip(call.args[0]) if isinstance(call, Call) and call.name == "getExtension" and call.args else None
    manifest = inquiry.manifest
    parts = [manifest.get(key) for key in ("publisher", "name")] if manifest is not None else []
    own = ".".join(part.text for part in parts if part is not None)
    return isinstance(told, Literal) and str(told.value).lower() == own.lower()


def _asked(module: Module, node: Node, name: str) -> bool:
    """Tell whether somebody has asked before whether there is one."""
    held = node.value if isinstance(node, Cast) else node.object if isinstance(node, Member | Index) else None
    value = strip(held) if held is not None else None
    variable = value.id if isinstance(value, Name) else ""
    return any(
        (isinstance(part, Member) and part.name == name) or (isinstance(part, Name) and part.id == variable)
        for one in conditions(node)
        for part in walk(one.test)
    )
