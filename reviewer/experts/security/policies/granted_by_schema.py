"""SEC367: the schema of the manifest gives rights to a plugin that asks for none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import named_type
from reviewer.code.syntax import Array, Call, Field, Function, Literal, Object, strip
from reviewer.code.text.ideas import RIGHTS
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.api.manifest_shapes import manifest_shapes
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_RIGHTS: Final = RIGHTS | word_set("access allow allowed")
_RESOURCES: Final = word_set(
    "network net hosts storage filesystem files fs clipboard process exec secrets camera microphone"
)
_DEEPEST: Final = 3
"""Models in models that are looked into."""
_TRUST: Final = frozenset({"trust", "trusted", "privileged", "verified", "sandboxed", "unsafe", "elevated"})
_ALL: Final = frozenset({"*", "all", "full", "any", "<all_urls>", "*:*", "admin", "root", "trusted", "high"})


@subject_check("SEC367")
def granted_by_schema(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the defaults below what a manifest asks for."""
    for shape in manifest_shapes(inquiry):
        for name, described in shape.fields.items():
            said = set(words(name))
            if not said & (_RIGHTS | _RESOURCES | _TRUST):
                continue
            for owner, default in _defaults(shape.module, described):
                if _gives(default, {*said, *words(owner)}):
                    yield Match(
                        locate(shape.module, default),
                        f"A manifest that says nothing of '{owner or name}' is given "
                        f"'{short(shape.module.text_of(default))}': what nobody asked for is granted.",
                    )


def _defaults(module: Module, described: Node, depth: int = 0) -> Iterator[tuple[str, Expr]]:
    """Yield (member, default) below a description: ``z.boolean().default(true)``, ``{ default: true }``, ``= True``."""
    for call in find(described, Call):
        if call.name in ("default", "prefault") and call.args and call.receiver is not None:
            yield _called(call), strip(call.args[0])
        elif call.name in ("Field", "field") and "default" in call.keywords:
            yield _called(call), strip(call.keywords["default"])
        elif call.name in ("Field", "field") and isinstance(made := call.keywords.get("default_factory"), Function):
            yield from ((_called(call), strip(one.value)) for one in returns_of(made) if one.value is not None)
    for made in find(described, Object):
        default = made.get("default")
        if default is not None and made.get("type") is not None:
            yield _called(made), strip(default)
    if isinstance(described, Field) and described.value is not None:
        yield described.name, strip(described.value)
    below = named_type(module, described.type) if isinstance(described, Field) and depth < _DEEPEST else None
    if below is not None and below.kind == "class":
        for part in below.fields:
            for name, default in _defaults(below.module, part, depth + 1):
                yield name or part.name, default


def _called(node: Node) -> str:
    """Return the member of a schema that a description belongs to."""
    inner, around = node, node.parent
    while around is not None and not isinstance(around, Object):
        inner, around = around, around.parent
    if not isinstance(around, Object):
        return ""
    return next((str(key.value) for key, value in around.entries if value is inner and isinstance(key, Literal)), "")


def _gives(default: Expr, said: set[str]) -> bool:
    """Tell whether a default is a right, and not the lack of one."""
    if isinstance(default, Array):
        return any(_gives(strip(one), said) for one in default.items if isinstance(strip(one), Literal))
    if isinstance(default, Object):
        return any(_gives(strip(value), said) for _key, value in default.entries)
    if not isinstance(default, Literal):
        return False
    if default.value is True:
        return not said & {"sandboxed", "required", "optional", "strict", "deny", "denied"}
    return isinstance(default.value, str) and default.value.lower() in _ALL
