"""REG081: modules are imported one after the other, and only facts are read from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Cast,
    Comprehension,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Yield,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.listing.importers import gives_guest
from reviewer.experts.registry.running_modules import runs, runs_inside, tells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_FACTS: Final = frozenset(
    "title name names version versions description doc summary kinds kind renders author authors label labels meta "
    "info manifest capabilities commands icon category categories tags license homepage keywords metadata provides "
    "supports features types formats".split()
)
"""Last words of what a plugin says about itself."""
_SAID: Final = frozenset("title label version description summary icon author category tagline caption doc".split())
"""Those of them that are only shown."""
_DOES: Final = frozenset(
    "activate start setup run handle handler handlers create make factory factories hook hooks init initialize render "
    "component components middleware routes route router plugin plugins default exports register tests test main exec "
    "execute call callback fn func function middlewares listener listeners schema schemas models model view views "
    "extension extensions module modules class classes instance load install mount apply app entry transform dict "
    "path file spec loader package".split()
)
"""Words of what is taken of a module to be used, and not to be shown."""
_COLLECTS: Final = frozenset({"append", "push", "add", "set", "extend", "update"})


@module_check(
    "REG081",
    words={"import", "importlib", "importer", "loader", "require", "iter", "pkgutil", "scandir", "readdir", "iterdir"}
    | {"runpy"},
)
def listed_by_import(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find loops that load each plugin, read what it says of itself, and let it go again."""
    if module.is_test:
        return
    for call in module.all(Call):
        function = function_of(call)
        if function is None or not (_in_loop(call) or _for_each(module, function)):
            continue
        if _is_asked(call) and not tells(function) and (runs(module, call) or _runs_by_loader(module, call)):
            yield Match(
                call,
                f"'{_named(function)}' runs the code of every plugin, and only reads what it says of itself: looking "
                "at the plugins is enough to be attacked by one.",
            )
            continue
        if tells(function) and runs(module, call):
            continue  # said where listings are looked at
        if not (runs(module, call) or _runs_by_loader(module, call) or gives_guest(module, call)):
            continue
        kept = next((one for one in ancestors(call) if isinstance(one, Assign)), None)
        if kept is None or not isinstance(kept.target, Name):
            continue
        if _only_facts(module, function, kept.target):
            yield Match(
                call,
                f"'{_named(function)}' runs the code of every plugin, and only reads what it says of itself: looking "
                "at the plugins is enough to be attacked by one.",
            )


def _named(function: Function) -> str:
    """Return the name of a function, or of the one around a nameless one."""
    while not function.name and function.outer is not None:
        function = function.outer
    return function.name or "this"


def _is_asked(call: Call) -> bool:
    """Tell whether of what a call gives one thing is read that plugins say of themselves: ``load(name).TITLE``."""
    used = call.parent
    while isinstance(used, Await | Cast):
        used = used.parent
    if isinstance(used, Call) and used.name == "getattr" and used.args and used.args[0] is call:
        fact = used.arg(1)
    elif isinstance(used, Index):
        fact = used.key
    elif isinstance(used, Member):
        return words(used.name)[-1:] != () and _is_shown(used.name) and not _is_called(used)
    else:
        return False
    told = fact.value if isinstance(fact, Literal) and isinstance(fact.value, str) else ""
    return bool(words(told)) and _is_shown(told)


def _is_shown(said: str) -> bool:
    return words(said)[-1] in _SAID or (said.isupper() and _is_fact(said))


def _is_called(used: Member) -> bool:
    return isinstance(used.parent, Call) and used.parent.callee is used


def _runs_by_loader(module: Module, call: Call) -> bool:
    """Tell whether a call is of a function of the subject that runs what it is asked for."""
    target = definition(module, call.callee)
    return isinstance(target, Function) and runs_inside(target.module, target) is not None


def _for_each(module: Module, function: Function) -> bool:
    """Tell whether a function is called for each of several: ``[self._row(folder) for folder in folders]``.

    What a function calls that says by its name that it lists is said where listings are looked at.
    """
    if not function.name:
        return False
    return any(
        definition(module, call.callee) is function
        and _in_loop(call)
        and not ((around := function_of(call)) is not None and tells(around))
        for call in module.calls((function.name,))
    ) or any(
        (isinstance(one := strip(call.args[0]), Name) and one.id == function.name)
        for call in module.calls(("map", "flatMap"))
        if call.args
    )


def _in_loop(call: Call) -> bool:
    if enclosing_loop(call) is not None or any(isinstance(one, Comprehension) for one in _within(call)):
        return True
    function = function_of(call)
    each = function.parent if function is not None else None
    return isinstance(each, Call) and each.name in ("map", "forEach", "flatMap")


def _within(call: Call) -> Iterator[Node]:
    for around in ancestors(call):
        if isinstance(around, Function):
            return
        yield around


def _only_facts(module: Module, function: Function, name: Name) -> bool:
    """Tell whether nothing is done with a module but reading facts from it into what is collected."""
    read: list[str] = []
    for node in walk(function.body):
        if not isinstance(node, Name) or node.id != name.id or node is name:
            continue
        around: Node | None = node.parent
        while isinstance(around, Cast) or (isinstance(around, Member) and around.name == "default"):
            around = around.parent  # a module's only export stands for the plugin
        if isinstance(around, Call) and around.name == "getattr" and around.args and strip(around.args[0]) is node:
            fact = around.arg(1)
            said = fact.value if isinstance(fact, Literal) and isinstance(fact.value, str) else ""
            used: Node = around
        elif isinstance(around, Member):
            said, used = around.name, around
        else:
            return False
        called = used.parent
        if not words(said) or (isinstance(called, Call) and called.callee is used):
            return False
        read.append(said)
    facts = [said for said in read if _is_fact(said)]
    others = [said for said in read if said not in facts]
    if not facts or any(said[:1].isupper() or set(words(said)) & _DOES for said in others):
        return False
    return _collects(function) or _for_each(module, function)


def _is_fact(said: str) -> bool:
    """Tell whether a member is something that a plugin says of itself, by its word or as a constant is spelled."""
    return words(said)[-1] in _FACTS or (said.isupper() and not set(words(said)) & _DOES)


def _collects(function: Function) -> bool:
    """Tell whether a function gives back a list of what it read, or is asked for each of one."""
    each = function.parent
    if isinstance(each, Call) and each.name in ("map", "flatMap") and function in each.args:
        return True
    return any(
        (isinstance(node, Call) and node.name in _COLLECTS)
        or (isinstance(node, Yield))
        or (isinstance(node, Call) and node.name in ("map", "all") and strip(node) is node)
        or (isinstance(node, Call) and node.name == "setdefault")
        or (isinstance(node, Assign) and isinstance(node.target, Index))
        for node in walk(function.body)
    )
