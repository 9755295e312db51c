"""What a record of Python is given where it is made: the fields of a dataclass or a named tuple are its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import definition, lineage
from reviewer.code.syntax import Call, Class, Expr, Imported, Member, Name, Spread, strip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module


def record_class(module: Module, call: Call) -> Class | None:
    """Return the class of the subject of which a call makes an instance without a constructor written out, or None."""
    if not _may_be_class(module, call):
        return None
    found = definition(module, call.callee)
    if not isinstance(found, Class) or found.method("__init__") is not None or found.method("constructor") is not None:
        return None
    return found


def _may_be_class(module: Module, call: Call) -> bool:
    """Tell whether what is called may be a class of Python; a function that is imported needn't be looked up for it."""
    named = root = strip(call.callee)
    while isinstance(root, Member):
        root = strip(root.object)
    if module.language != "python" or module.project is None or not isinstance(root, Name):
        return True
    bound = module.scopes.lookup(root.id, root)
    last = bound[-1] if bound else None
    if not isinstance(last, Imported):
        return True
    return module.project.classes.may_be(named.name if isinstance(named, Member) else last.name)


def given_fields(module: Module, call: Call) -> Iterator[tuple[str, Expr]]:
    """Yield (field, value) for what a call of such a class hands over, by place and by name."""
    cls = record_class(module, call)
    if cls is None:
        return
    names = [field.name for owner in reversed(lineage(cls)) for field in owner.fields]
    for name, value in zip(names, call.args, strict=False):
        if isinstance(value, Spread):
            break
        yield name, strip(value)
    for name, value in call.keywords.items():
        if name in names:
            yield name, strip(value)
