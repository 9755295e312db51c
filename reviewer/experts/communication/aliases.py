"""What a type alias of the subject stands for: ``type Handler = (event: Event) => Promise<void>``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Imported

if TYPE_CHECKING:
    from tree_sitter import Node as RawNode

    from reviewer.code.module import Module

_DEEPEST: Final = 4


def alias_text(module: Module, name: str, depth: int = 0) -> str:
    """Return the text of the type that a name stands for, imports followed; an empty string where it is no alias."""
    if not name.isidentifier() or depth > _DEEPEST:
        return ""
    if module.language != "python":
        found = _aliases(module).get(name)
        if found is not None:
            return " ".join(module.text(found).split())
    for binding in module.scopes.table(None).get(name, ()):
        if isinstance(binding, Assign) and binding.value is not None:
            return " ".join(module.text_of(binding.value).split())
        if isinstance(binding, Imported) and module.project is not None:
            path = module.project.target(module.path, binding.source)
            other = module.project.module(path) if path else None
            if other is not None:
                return alias_text(other, binding.name, depth + 1)
    return ""


def _aliases(module: Module) -> dict[str, RawNode]:
    """Return the values of the type aliases at the top of a file of TypeScript, by name."""
    key = "communication.aliases"
    known = module.memory.get(key)
    if isinstance(known, dict):
        return known
    found: dict[str, RawNode] = {}
    for raw in module.tree.root_node.named_children:
        inner = raw.child_by_field_name("declaration") or raw
        if inner.type == "type_alias_declaration":
            name, value = inner.child_by_field_name("name"), inner.child_by_field_name("value")
            if name is not None and value is not None:
                found[module.text(name)] = value
    module.memory[key] = found
    return found
