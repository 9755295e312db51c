"""LIF010: a plugin replaces something that all share, and its end does not put it back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Call,
    Expr,
    ExprStatement,
    Function,
    Imported,
    Index,
    Member,
    Name,
    Node,
    strip,
)
from reviewer.code.walk import walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.owners import Owner, owners
from reviewer.experts.lifecycle.vocabulary import BEGINNINGS

if TYPE_CHECKING:
    from reviewer.code.module import Module

_ROOTS: Final = frozenset({"globalThis", "window", "global", "self", "builtins"})
_SHARED: Final = frozenset(
    (
        "console JSON Math Date Promise Array Object String Number Map Set Function Reflect Error RegExp "
        "XMLHttpRequest WebSocket EventTarget Element HTMLElement Node Event History history localStorage fetch "
        "process require navigator Buffer Response Request Headers Symbol"
    ).split()
)
"""Global objects of JavaScript whose members are nobody's own."""
_FUNCTIONS: Final = frozenset("alert open setTimeout setInterval print input __import__ exec eval".split())
_PLAIN: Final = frozenset({"exitCode", "title", "returnValue", "opener", "name", "location", "href", "onbeforeunload"})
"""Members that are made to be set."""
_CALLS: Final = {
    "sys.path.insert": "sys.path",
    "sys.path.append": "sys.path",
    "sys.meta_path.insert": "sys.meta_path",
    "sys.meta_path.append": "sys.meta_path",
    "sys.path_hooks.append": "sys.path_hooks",
    "signal.signal": "the signal handler",
    "locale.setlocale": "the locale",
    "os.chdir": "the working directory",
    "process.chdir": "the working directory",
    "socket.setdefaulttimeout": "the default timeout",
    "sys.setrecursionlimit": "the recursion limit",
    "sys.settrace": "the trace function",
    "sys.setprofile": "the profile function",
    "os.umask": "the umask",
    "logging.disable": "the level of all logging",
}
_OF_NODE: Final = frozenset(
    "fs fs.promises http https net tls dns child_process crypto module path os util timers vm events url zlib".split()
)
"""Modules of Node whose members are the same for all who import them."""
_DEFINES: Final = frozenset({"Object.defineProperty", "Object.assign", "Reflect.set", "Object.defineProperties"})


@module_check("LIF010", words=BEGINNINGS | {"prototype"})
def globals_patched(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the replacing of a global, a prototype or a foreign module's member that no end undoes."""
    if module.is_test:
        return
    if inquiry.subject.kind == "plugin" and not _of_a_page(inquiry, module):
        yield from _at_import(module)
    for owner in owners(inquiry, module):
        if not owner.plugin:
            continue
        told: set[str] = set()
        starting = [node for top in owner.nodes for node in walk(top)]
        for node in starting:
            target, named = _patched(module, node)
            if target is None or named in told or _in_end(owner, node) or _restored(module, owner, target, named):
                continue
            told.add(named)
            yield Match(
                node,
                f"'{module.text_of(target)}' is shared by the host and all plugins, and is changed here: nothing at "
                "the end of the plugin puts it back, so the change outlives it.",
            )


def _of_a_page(inquiry: Inquiry, module: Module) -> bool:
    """Tell whether a file is a script of a web page that a plugin of something else serves: it loads no module."""
    loads = {"require", "module", "exports", "import", "export", "define"} & module.identifiers
    return inquiry.subject.ecosystem == "generic" and not loads and not module.imports


def _at_import(module: Module) -> Iterator[Match]:
    """Find what a file of a plugin adds to the prototype of a built-in class as soon as it is read."""
    for statement in module.body:
        node = statement.value if isinstance(statement, ExprStatement) else None
        target, _named = _patched(module, node) if node is not None else (None, "")
        if module.language == "python" and isinstance(node, Assign) and _replaces_method(module, node):
            yield Match(
                node,
                f"'{module.text_of(node.target)}' is set in a class that the host and all plugins share, as soon "
                "as this file is read: nothing puts it back.",
            )
            continue
        of_prototype = isinstance(target, Member) and "prototype" in (target.name, getattr(target.object, "name", ""))
        if node is not None and of_prototype and target is not None:
            yield Match(
                node,
                f"'{module.text_of(target)}' is added to a class that the host and all plugins share, as soon as this "
                "file is read: nothing takes it back, and another plugin's of the same name replaces it.",
            )


def _replaces_method(module: Module, node: Assign) -> bool:
    """Tell whether a function of a file is put in the place of a method of a class from elsewhere."""
    target = node.target
    if not isinstance(target, Member) or node.value is None or node.op != "=":
        return False
    base = strip(target.object)
    of_class = isinstance(base, Member | Name) and (base.name if isinstance(base, Member) else base.id)[:1].isupper()
    made = strip(node.value)
    ours = isinstance(made, Function) or isinstance(definition(module, made), Function)
    return of_class and ours and _foreign_module(module, base)


def _patched(module: Module, node: Node) -> tuple[Expr | None, str]:
    """Return what of the shared things a node changes, and the name by which its restoring is known."""
    if isinstance(node, Assign) and isinstance(node.target, Member | Index) and not node.declare:
        return (node.target, module.text_of(node.target)) if _shared(module, node.target) else (None, "")
    if isinstance(node, Call):
        named = module.resolve(node.callee)
        if named in _CALLS:
            return node.callee, _CALLS[named]
        first = node.arg(0)
        if named in _DEFINES and first is not None and _is_shared_object(module, first):
            return first, module.text_of(first)
        if node.name == "setattr" and first is not None and _foreign_module(module, first):
            return first, module.text_of(first)
    return None, ""


def _shared(module: Module, target: Member | Index) -> bool:
    name = target.name if isinstance(target, Member) else ""
    base = strip(target.object)
    if name in _PLAIN or name.startswith("on"):
        return False
    if _of_host(module, target):
        return True
    if isinstance(base, Name) and base.id in _ROOTS and not module.scopes.lookup(base.id, base):
        return name in _SHARED or name in _FUNCTIONS
    if module.language != "python":
        return _is_shared_object(module, base) or (isinstance(base, Name) and module.resolve(base) in _OF_NODE)
    return _foreign_module(module, base) or module.resolve(base) in ("sys.modules", "os.environ")


def _of_host(module: Module, target: Member | Index) -> bool:
    """Tell whether a function of the plugin's is put in the place of a member of something the host handed in.

    ``context.clock.now = self._now``
    """
    around = target.parent
    given = strip(around.value) if isinstance(around, Assign) and around.value is not None else None
    if not isinstance(target, Member) or given is None or module.resolve(target.object).count(".") != 1:
        return False
    if not module.resolve(target.object).startswith("context."):
        return False
    return isinstance(given, Function) or isinstance(definition(module, given), Function)


def _is_shared_object(module: Module, base: Expr) -> bool:
    """Tell whether an expression is a global object of JavaScript, or the prototype of any class not made here."""
    base = strip(base)
    if isinstance(base, Member) and base.name == "prototype":
        root = strip(base.object)
        return isinstance(root, Name) and (_unbound(module, root) or _foreign_module(module, root))
    if isinstance(base, Member) and base.name == "env":
        return isinstance(base.object, Name) and base.object.id == "process" and _unbound(module, base.object)
    return isinstance(base, Name) and base.id in _SHARED and _unbound(module, base)


def _unbound(module: Module, name: Name) -> bool:
    return not module.scopes.lookup(name.id, name)


def _foreign_module(module: Module, base: Expr) -> bool:
    """Tell whether an expression is a module, or a class, that comes from outside of the subject."""
    base = strip(base)
    root = base
    while isinstance(root, Member):
        root = strip(root.object)
    if not isinstance(root, Name):
        return False
    for binding in module.scopes.lookup(root.id, root):
        if isinstance(binding, Imported) and module.project is not None:
            inside = module.project.target(module.path, binding.source) or binding.source.startswith(".")
            return not inside
    return False


def _in_end(owner: Owner, node: Node) -> bool:
    return any(end.raw.start_byte <= node.raw.start_byte < end.raw.end_byte for end in owner.reached)


def _restored(module: Module, owner: Owner, target: Expr, named: str) -> bool:
    """Tell whether an end speaks of the same thing again, whatever it does with it."""
    said = module.text_of(target)
    if named in _CALLS.values() and named.startswith("sys.") and isinstance(target, Member):
        said = module.text_of(target.object)
    return any(said in module.text_of(end) for end in owner.reached)
