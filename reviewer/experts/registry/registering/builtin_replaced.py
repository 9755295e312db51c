"""REG092: what is found is entered over what the host itself has under the same name, in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import conditions, enclosing_loop
from reviewer.code.syntax import Assign, Call, Expr, Index, Literal, Name, Object, Spread, strip
from reviewer.code.walk import find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words
from reviewer.experts.registry.registering.builtin_shadowed import OVERRIDES, OWN_THINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry


@module_check("REG092", words=OWN_THINGS)
def builtin_replaced(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table that begins with the host's own things for what is entered in it unasked."""
    if module.is_test:
        return
    for begun in module.all(Assign):
        function, target = function_of(begun), begun.target
        own = _own_copied(begun.value) if begun.value is not None else None
        if function is None or own is None or not isinstance(target, Name) or set(last_words(target)) & OVERRIDES:
            continue
        for node in find(function.body, Assign | Call):  # type: ignore[arg-type]  # a union works as a kind
            if _enters(node, target.id) and enclosing_loop(node) is not None and not _asked(node, target.id, own):
                yield Match(
                    node,
                    f"'{target.id}' begins with the host's own ({short(module.text_of(own))}), and what is found is "
                    "entered in it without a look: whatever has the name of one of them takes its place.",
                    related=((begun, "begins with the host's own"),),
                )
                break


def _own_copied(value: Expr) -> Expr | None:
    """Return the table of the host's own things of which another one is a copy: ``dict(BUILTIN)``, ``{...BUILTIN}``."""
    made = strip(value)
    if isinstance(made, Call) and made.name in ("dict", "Map", "copy", "assign"):
        parts = [one.value if isinstance(one, Spread) else one for one in made.args]
        parts += [made.receiver] if made.name == "copy" and made.receiver is not None else []
    elif isinstance(made, Object):
        parts = list(made.spreads)
    else:
        return None
    return next((one for one in parts if _is_own(strip(one))), None)


def _is_own(held: Expr) -> bool:
    """Tell whether something is named as the host's own, and not as its settings."""
    said = last_words(held)
    named = bool(set(said) & OWN_THINGS) or "".join(said).startswith("builtin")
    return isinstance(held, Name) and named and not set(said) & {"settings", "config", "options", "limits"}


def _enters(node: Node, name: str) -> bool:
    """Tell whether a node puts something into a table under a name that is not written there."""
    if isinstance(node, Assign):
        put = node.target if isinstance(node.target, Index) and node.op == "=" else None
        key, holder = (put.key, strip(put.object)) if put is not None else (None, None)
    elif isinstance(node, Call) and node.name == "set" and len(node.args) > 1 and node.receiver is not None:
        key, holder = node.args[0], strip(node.receiver)
    else:
        return False
    return isinstance(holder, Name) and holder.id == name and key is not None and not isinstance(strip(key), Literal)


def _asked(node: Node, name: str, own: Expr) -> bool:
    """Tell whether something is entered only after a look into the table, or into what the host has itself."""
    held = {name, *names_in(own)}
    return any(names_in(one.test) & held for one in conditions(node))
