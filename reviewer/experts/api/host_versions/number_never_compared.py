"""API048: the host has a number of its contract which it never reads, and takes that of a plugin without comparing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Cast,
    Comprehension,
    Expr,
    For,
    Function,
    Imported,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, subject_check
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.place import locate
from reviewer.experts.registry.running_modules import runs, runs_inside, tells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_HOSTS: Final = word_set("host own our current this supported version level revision number v")
"""Words by which a host's constant differs from what a plugin says under the same name."""
_PLAIN: Final = word_set(
    "max min limit limits timeout port size count keep most retries interval default width height depth weight "
    "priority order sort page pages length delay debug verbose level minutes seconds hours days litres "
    "price amount quantity"
)
"""Words of numbers that are no contract's."""
_RELEASES: Final = word_set("version release edition ver")
_NAMES: Final = word_set("name id slug key")
_GREATEST: Final = 99


_NUMBER: Final = regex(rb"\b[A-Z][A-Z\d_]{0,60}\s{0,9}(?::[^=\n]{0,60})?=\s{0,9}(?:\w{0,20}[\[({]\s{0,40})?\d")
"""What the text of a file has that gives a number, or a list of numbers, to a constant."""


class _Said(Struct):
    constants: dict[str, tuple[str, Location]] = field(default_factory=dict)
    """What a host's numbers are called without what makes them the host's: their names, and places."""
    read: set[str] = field(default_factory=set)
    """Constants that a line reads."""
    taken: dict[str, list[tuple[Module, Node]]] = field(default_factory=dict)
    """Where something of such a name is taken of what a plugin says of itself."""


@subject_check("API048")
def number_never_compared(inquiry: Inquiry) -> Iterator[Match]:
    """Look for a number of the host that no line reads, where a plugin's own number of that name is taken."""
    if inquiry.subject.kind == "plugin":
        return
    said = _Said()
    for module in inquiry.project.modules(tests=False, showing=_shows_number):
        _constants(module, said)
    if not said.constants:
        return
    reading = {constant for constant, _place in said.constants.values()} | {
        name.split("_")[0] for name in said.constants
    }
    for module in inquiry.project.modules(naming=reading, tests=False, showing=_shows):
        _reads(module, said)
    for name, (constant, place) in said.constants.items():
        taken = said.taken.get(name, [])
        if constant in said.read or not taken:
            continue
        module, at = next(((one, node) for one, node in taken if not _only_noted(node)), taken[0])
        if _only_noted(at):
            module, at = _loads(inquiry) or (module, at)
        yield Match(
            locate(module, _looked_at(at)),
            f"What a plugin says of itself has a '{name}', the host has '{constant}', and no line holds one against "
            "the other: a plugin that was made for another contract is started all the same.",
            related=((place, "the host's own"),),
        )


def _shows(text: bytes) -> bool:
    return b"import" in text or b"require" in text


def _shows_number(text: bytes) -> bool:
    """Tell whether a file may give a number to a constant of its own."""
    return _shows(text) and _NUMBER.search(text) is not None


def _bare(name: str) -> str:
    return "_".join(word for word in words(name) if word not in _HOSTS)


def _constants(module: Module, said: _Said) -> None:
    for assign in module.all(Assign):
        target = assign.target
        if not isinstance(target, Name) or not target.id.isupper() or function_of(assign) is not None:
            continue
        bare = _bare(target.id)
        if bare and not set(words(bare)) & _PLAIN and _is_number(assign.value):
            said.constants.setdefault(bare, (target.id, locate(module, assign)))


def _is_number(value: Expr | None) -> bool:
    made = strip(value) if value is not None else None
    if isinstance(made, Array):
        return bool(made.items) and all(_is_number(one) for one in made.items)
    whole = isinstance(made, Literal) and isinstance(made.value, int) and not isinstance(made.value, bool)
    return whole and isinstance(made, Literal) and 0 < int(str(made.value)) <= _GREATEST


def _reads(module: Module, said: _Said) -> None:
    names = {constant: name for name, (constant, _place) in said.constants.items()}
    wanted = {*names, *said.constants}
    if not any(word in module.identifiers or _in_other_case(module, word) for word in wanted):
        return
    for node in module.some(Name, Member, Index, Call):
        if isinstance(node, Name):
            own = isinstance(node.parent, Assign) and node.parent.target is node
            if node.id in names and not own:
                said.read.add(node.id)
            continue
        key, holder = _asked(node)
        if key in names and isinstance(node, Member) and _of_a_file(module, node):
            said.read.add(key)
        elif (bare := _bare(key)) in said.constants and (
            _of_what_was_loaded(module, node) or _says_of_itself(module, node, holder)
        ):
            said.taken.setdefault(bare, []).append((module, node))


def _in_other_case(module: Module, bare: str) -> bool:
    return any(_bare(one) == bare for one in module.identifiers)


def _asked(node: Node) -> tuple[str, str]:
    """Return the name that is asked for, and that of what is asked."""
    if isinstance(node, Member):
        return node.name, last_name(node.object)
    if isinstance(node, Index):
        key = strip(node.key)
        told = key.value if isinstance(key, Literal) and isinstance(key.value, str) else ""
        return told, last_name(node.object)
    if isinstance(node, Call) and node.name == "get" and node.receiver is not None and node.args:
        key = strip(node.args[0])
        return (key.value if isinstance(key, Literal) and isinstance(key.value, str) else ""), last_name(node.receiver)
    return "", ""


def _of_a_file(module: Module, member: Member) -> bool:
    """Tell whether a member is taken of a file of the host's own that was imported: ``contract.API``."""
    bound = module.scopes.lookup(member.object.id, member.object) if isinstance(member.object, Name) else []
    return len(bound) == 1 and isinstance(bound[0], Imported)


def _says_of_itself(module: Module, node: Node, holder: str) -> bool:
    """Tell whether something is taken of what has a release too, or of what a function loads by its name."""
    function = function_of(node)
    if not holder or holder in ("this", "self") or function is None:
        return False
    beside = {
        word
        for one in find(function.body, Expr)
        if isinstance(one, Member | Index | Call) and _asked(one)[1] == holder
        for word in words(_asked(one)[0])
    }
    if beside & _RELEASES:
        return True
    return bool(beside & _NAMES) and any(runs(module, call) for call in find(function.body, Call))


def _looked_at(node: Node) -> Node:
    """Return where what was taken is first looked at, where it has a name of its own: ``const { contract } = raw``."""
    around = node.parent
    while isinstance(around, Cast):
        around = around.parent
    name = around.target.id if isinstance(around, Assign) and isinstance(around.target, Name) else ""
    function = function_of(node)
    uses = find(function.body, Name) if function is not None and name else iter(())
    return next((use for use in uses if use.id == name and use.start > node.start and use.parent is not around), node)


def _of_what_was_loaded(module: Module, node: Node) -> bool:
    """Tell whether something is taken of a module that was just loaded: ``import_module(name).API``."""
    holder = node.object if isinstance(node, Member | Index) else None
    made = module.scopes.origin(holder) if holder is not None else None
    if not isinstance(made, Call):
        return False
    target = definition(module, made.callee)
    return runs(module, made) or (isinstance(target, Function) and runs_inside(target.module, target) is not None)


def _only_noted(node: Node) -> bool:
    """Tell whether what a plugin says is only put into a record of what it says: ``Card(name, module.API)``."""
    for around in ancestors(node):
        if isinstance(around, Call) and around.name in ("int", "str", "Number", "String"):
            continue
        if isinstance(around, Object):
            return True
        if isinstance(around, Call):
            return around.name[:1].isupper()
        if not isinstance(around, Expr):
            return isinstance(around, Return)
    return False


def _loads(inquiry: Inquiry) -> tuple[Module, Node] | None:
    """Return where the host has the code of a plugin run to start it, and not only to tell what there is."""
    for module in inquiry.project.modules(tests=False, showing=_shows):
        for call in reversed(list(module.all(Call))):
            function = function_of(call)
            if function is None or tells(function) or any(_reads_on(around) for around in ancestors(call)):
                continue
            target = definition(module, call.callee)
            if isinstance(target, Function) and runs_inside(target.module, target) is not None:
                return module, call
    for module in inquiry.project.modules(tests=False, showing=_shows):
        for call in module.all(Call):
            if function_of(call) is not None and runs(module, call):
                return module, call
    return None


def _reads_on(around: Node) -> bool:
    """Tell whether a node goes on in a loop, as the listing of what there is does."""
    return isinstance(around, For | Comprehension | While)
