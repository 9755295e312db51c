"""LIF045: plugins name what they depend on, and the host starts them in the order in which it found them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat
from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Binary,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Unary,
    strip,
)
from reviewer.code.text.ideas import DEPENDENCIES
from reviewer.code.walk import ancestors
from reviewer.experts.check import Inquiry, Match, subject_check
from reviewer.experts.lifecycle.bringing.dependencies import outermost
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hook_uses
from reviewer.experts.lifecycle.vocabulary import PLUGIN_WORDS, has_word
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.core.location import Location

_FIELDS: Final = DEPENDENCIES | frozenset("peerdependencies".split())
_FIRM: Final = frozenset({"dependencies", "dependson", "peerdependencies", "prerequisites"})
"""Fields that name others by which something is built, whatever the record around them is called."""
_MANIFESTS: Final = PLUGIN_WORDS | frozenset("manifest descriptor metadata spec info record meta definition".split())
_LOOKS: Final = frozenset({"filter", "some", "every", "find"})
_EACH: Final = frozenset({"map", "forEach"})
_MOST: Final = 400
"""Modules that are looked at; a host larger than that resolves dependencies somewhere."""


@subject_check("LIF045")
def load_order_unknown(inquiry: Inquiry) -> Iterator[Match]:
    """Speak at the loop that starts all plugins where dependencies are declared in a type and read nowhere."""
    declared: tuple[Location, str] | None = None
    if len(inquiry.project.sources) > _MOST:
        return
    for module in inquiry.project.modules(DEPENDENCIES, tests=False):
        spelled = {name for name in module.identifiers if flat(name) in _FIELDS}
        if spelled:
            asked = _reads(module, spelled)
            if asked is None:
                return
            declared = declared or _declared(module, spelled) or asked or None
    if declared is None:
        return
    loops = (next(_loops(inquiry, module), None) for module in inquiry.project.modules(HOOK_WORDS, tests=False))
    loop = next((found for found in loops if found is not None), None)
    if loop is not None:
        yield Match(
            loop[0],
            f"The plugins of '{loop[1]}' are started in the order in which they were found, though their manifests "
            f"name '{declared[1]}': one that needs another starts before it, or without it.",
            related=((declared[0], "declared here, and nothing is put in order by it"),),
        )


def _reads(module: Module, spelled: set[str]) -> tuple[Location, str] | tuple[()] | None:
    """Return the place that only looks whether all are there, nothing for none, None where more is done with them."""
    asked: tuple[Location, str] | tuple[()] = ()
    for node in module.all_nodes:
        said: object = None
        if isinstance(node, Member):
            said = node.name
        elif isinstance(node, Name):
            said = node.id
        elif isinstance(node, Index) and isinstance(node.key, Literal):
            said = node.key.value
        elif isinstance(node, Literal) and isinstance(node.parent, Call):
            said = node.value
        elif isinstance(node, Object) and any(not _default(node, name) for name in spelled & set(node.keys)):
            return None
        if said in spelled and not _is_item(module, node):
            if not isinstance(node, Expr) or not _only_looked_for(node):
                return None
            asked = asked or (locate(module, node), str(said))
    return asked


def _is_item(module: Module, node: Node) -> bool:
    """Tell whether a name is one of a list, gone through by a loop: ``need`` of ``for need in card.needs``."""
    bound = module.scopes.lookup(node.id, node) if isinstance(node, Name) else []
    return bool(bound) and all(isinstance(one, For | Comprehension) for one in bound)


def _only_looked_for(named: Expr) -> bool:
    """Tell whether a list of needs is only gone through for those that are not there, right where all are started.

    ``missing = [need for need in module.requires if need not in self.modules]``
    """
    node: Node = named
    while isinstance(node.parent, Binary) and node.parent.op in ("or", "??", "||") and node.parent.left is node:
        node = node.parent
    around = node.parent
    if not any(isinstance(one, For) for one in ancestors(named)):
        return False
    if isinstance(around, Comprehension):
        return around.clauses[0][1] is node and all(_is_membership(test) for test in around.tests or [around.element])
    if isinstance(around, Member) and isinstance(around.parent, Call) and around.parent.callee is around:
        given = around.parent.arg(0)
        answers = [one.value for one in returns_of(given)] if isinstance(given, Function) else []
        return around.name in _LOOKS and bool(answers) and all(_is_membership(one) for one in answers)
    if isinstance(around, For) and around.iterable is node and len(around.body) == 1:
        only = around.body[0]
        return isinstance(only, If) and not only.orelse and _is_membership(only.test)
    return False


def _is_membership(test: Expr | None) -> bool:
    """Tell whether a test asks whether something is in a table: ``not in table``, ``!table.has(name)``."""
    made = strip(test) if test is not None else None
    while isinstance(made, Unary) and made.op == "not":
        made = strip(made.operand)
    if isinstance(made, Binary):
        return made.op in ("in", "not in")
    return isinstance(made, Call) and made.name in ("has", "includes", "hasOwn", "some")


def _declared(module: Module, spelled: set[str]) -> tuple[Location, str] | None:
    """Return the field of a manifest's type that names dependencies."""
    for cls in module.classes:
        known = has_word(cls.name, _MANIFESTS)
        for field in cls.fields:
            if field.name in spelled and (known or flat(field.name) in _FIRM):
                return locate(module, field), field.name
    for made in module.all(Object):
        for name in sorted(spelled & set(made.keys)):
            if _default(made, name):
                return locate(module, made), name
    return None


def _default(made: Object, name: str) -> bool:
    """Tell whether a field is only given its default: ``{ dependencies: [], ...manifest }``."""
    value = made.get(name)
    return isinstance(value, Array) and not value.items and bool(made.spreads)


def _loops(inquiry: Inquiry, module: Module) -> Iterator[tuple[Location, str]]:
    """Yield the calls that start each of several plugins, by a hook or by the host's own function."""
    sites: list[Call] = [
        use.site
        for use in hook_uses(inquiry, module)
        if use.kind == "start" and (use.name != "load" or use.call.args)  # entry_point.load() only imports
    ]
    own = {f.name for site in sites if (f := outermost(site)) is not None and f.params and f.name}
    sites += [call for call in module.calls(own) if isinstance(definition(module, call.callee), Function)]
    for site in sites:
        iterable = _over(site)
        if iterable is not None:
            yield locate(module, site), module.text_of(iterable)


def _over(site: Call) -> Expr | None:
    """Return what the nearest loop around a call goes over."""
    for around in ancestors(site):
        if isinstance(around, For):
            return around.iterable
        if isinstance(around, Comprehension):
            return around.clauses[0][1]
        if isinstance(around, Call) and around.name in _EACH:
            return around.receiver
        if isinstance(around, Function) and (around.owner is not None or around.kind != "arrow"):
            return None
    return None
