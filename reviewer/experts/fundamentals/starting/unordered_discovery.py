"""FUN024: plugins are loaded in the order in which a folder happens to list them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import (
    Binary,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    If,
    Member,
    Name,
    Node,
    Return,
    With,
    strip,
)
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.patterns import found
from reviewer.experts.paths import last_words
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_UNORDERED: Final = (
    "listdir",
    "iterdir",
    "scandir",
    "glob",
    "rglob",
    "iglob",
    "readdir",
    "readdirSync",
    "opendir",
    "globSync",
)
_ORDERS: Final = r"(?i)sort|order|priorit|topolog|rank|heapq|toSorted|compareTo|localeCompare|level"
_PLUGIN: Final = r"(?i)plugin|extension|add-?on|add-?in|skill|manifest|widget|overlay|\bmods?\b"
_SAME_ORDER: Final = frozenset({"filter", "map", "slice", "flatMap", "reverse", "entries"})
_SAID: Final = regex(r'"""[^"]{0,3000}"""|#[^\n]{0,300}')
_ENDINGS: Final = regex(
    r"(?i)\b_*(?:file|check|valid|has|is|allowed|supported|get|strip|by|image|audio|media|music|known)\w{0,12}_?extensions?\w*"
    r"|\bextensions?\s*=\s*[\"'.(\[]|\.(?:suffix|splitext)\w*|\bsplitext\([^\n]*"
)
"""What speaks of the endings of files."""
_LARGEST: Final = 200_000
_WORD: Final = regex(r"[A-Za-z_][A-Za-z0-9_]*")
_CLEARS: Final = frozenset("remove unlink rmtree rmdir copy copy2 copyfile copytree move rename write chmod".split())
_PATHS: Final = frozenset(
    "join exists isdir isfile basename dirname pjoin is_dir is_file endswith startswith str".split()
)
_TELLS: Final = frozenset("debug info warning error print exception log".split())
_IDS: Final = frozenset({"id", "key", "slug", "ident"})
"""Last words of what one thing has that no other should have."""
_DESCRIBES: Final = frozenset({"json", "tomllib", "toml", "yaml", "import_module"})
_ANY: Final = frozenset(
    {"any", "all", "len", "set", "frozenset", "sorted", "max", "min", "sum", "some", "every", "Set"}
)


@module_check("FUN024", words={"listdir", "iterdir", "scandir", "glob", "rglob", "iglob", "readdir", "opendir"})
def unordered_discovery(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at listings of plugin folders that nothing puts into an order."""
    if module.is_test or is_tooling(module.path) or inquiry.subject.kind != "host":
        return
    if _puts_in_order(module):
        return
    for call in module.calls(_UNORDERED):
        function = function_of(call)
        text = f"{function.name} {_code(module, function)}" if function is not None else module.text_of(call)
        if not (found(_PLUGIN, text) or _first_counts(module, function)) or not _gone_through(module, call):
            continue
        yield Match(
            call,
            f"'{call.name}' lists a folder in no order that is promised: which plugin comes first, and which of two "
            "with one id wins, differs from machine to machine.",
            confidence=None if module.language == "python" else Confidence.POSSIBLE,
        )


def _first_counts(module: Module, function: Function | None) -> bool:
    """Tell whether a function passes over what has an id that it has met: of two the one that comes first counts.

    So do those who look for plugins, each of which says in a file of its own what it is.
    """
    if function is None or module.identifiers.isdisjoint(_DESCRIBES):
        return False
    for test in find(function.body, If):
        asked = strip(test.test)
        if not isinstance(asked, Binary) or asked.op != "in" or not exits(test.body):
            continue
        text = module.text_of(asked.left)
        kept = f"{module.text_of(asked.right)}[{text}]" in module.text_of(function) or any(
            call.name == "add" and call.args and module.text_of(call.args[0]) == text for call in _calls(function)
        )
        if kept and set(last_words(strip(asked.left))[-1:]) & _IDS:
            return True
    return False


def _calls(function: Function) -> Iterator[Call]:
    return find(function.body, Call)


def _puts_in_order(module: Module) -> bool:
    """Tell whether a file speaks of an order in its code, and not only in what it says of itself."""
    if not any(found(_ORDERS, name) for name in module.identifiers):
        return False
    if module.language != "python":
        return True
    text = _SAID.sub("", module.source[:_LARGEST].decode("utf-8", "replace"))
    return len(module.source) > _LARGEST or any(found(_ORDERS, name) for name in set(_WORD.findall(text)))


def _code(module: Module, function: Function) -> str:
    """Return the text of a function without what is said of it: ``an extension of os.scandir``."""
    text = _ENDINGS.sub("", module.text_of(function)[:4_000])
    return _SAID.sub("", text) if module.language == "python" else text


def _only_clears(loop: For) -> bool:
    """Tell whether a loop takes away, copies or packs what a folder holds, in whatever order."""
    calls = {call.name for call in find(loop.body, Call)} - _TELLS
    return bool(calls & _CLEARS) and not calls - _CLEARS - _PATHS


def _gone_through(module: Module, call: Call) -> bool:
    """Tell whether what is listed is gone through one by one, so that its order has effects."""
    if any(isinstance(around, Call) and around.name in _ANY for around in ancestors(call)):
        return False
    for around in ancestors(call):
        if isinstance(around, For) and around.iterable is not None and _within(call, around.iterable):
            return not _only_clears(around)
        if isinstance(around, Comprehension):
            return not any(isinstance(outer, Call) and outer.name in _ANY for outer in ancestors(around))
    function = function_of(call)
    if function is None:
        return False
    if _answers_with(call) and function.name:
        return any(_gone_through(module, other) for other in module.calls((function.name,)) if other is not call)
    return any(
        loop.iterable is not None and _comes_from(module, loop.iterable, call) for loop in find(function.body, For)
    )


def _answers_with(call: Call) -> bool:
    """Tell whether a function gives back what it lists, filtered and taken apart or not."""
    node: Node = call
    while isinstance(node.parent, Call | Member) and (
        isinstance(node.parent, Member) or node.parent.name in _SAME_ORDER
    ):
        node = node.parent
    return isinstance(node.parent, Return)


def _comes_from(module: Module, iterable: Expr, call: Call) -> bool:
    iterable = strip(iterable)
    while isinstance(iterable, Call) and iterable.name in _SAME_ORDER and iterable.receiver is not None:
        iterable = strip(iterable.receiver)
    for binding in module.scopes.lookup(iterable.id, iterable) if isinstance(iterable, Name) else ():
        if isinstance(binding, With):  # with os.scandir(folder) as entries
            return any(_within(call, value) for value, _target in binding.items)
    origin = module.scopes.origin(iterable) if isinstance(iterable, Name) else None
    return isinstance(origin, Node) and _within(call, origin)


def _within(node: Node, around: Node) -> bool:
    return around.raw.start_byte <= node.raw.start_byte and node.raw.end_byte <= around.raw.end_byte
