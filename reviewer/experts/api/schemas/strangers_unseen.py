"""API016: a check by hand looks only at the members that it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Comprehension,
    Expr,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    strip,
)
from reviewer.code.walk import class_of, find, function_of, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.api.vocabulary import spelled
from reviewer.experts.check import Match, module_check
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_IDENTIFY: Final = frozenset({"id", "name", "slug", "key"})
"""Members by which a description says whose it is."""
_RULES: Final = (Object, Call, Member)
"""What stands for a rule in a table: a record of it, what makes it, or a check of somebody else."""
_ENTRIES: Final = frozenset({"entries", "keys", "items"})
_READS: Final = frozenset({"get", "has", "hasOwn"})
_REST: Final = frozenset({"keys", "ownKeys", "delete", "pop", "difference", "symmetric_difference", "size"})
_MAKERS: Final = frozenset({"Map", "Object", "JSON", "dict", "Set", "set"})
_FIELDS: Final = frozenset({"fields", "__dataclass_fields__", "__annotations__", "model_fields", "__slots__"})


@module_check("API016", words={"entries", "keys", "items", "fields"})
def strangers_unseen(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at loops over a table of rules, and at members that are sorted out by the fields of a class."""
    if module.is_test or is_tooling(module.path) or inquiry.subject.kind != "host":
        return
    for loop in module.all(For):
        function = function_of(loop)
        given = _read_by(module, loop)
        if function is not None and given and not _asks_for_the_rest(module, function, given, loop):
            yield Match(
                loop,
                f"This goes through the members that it knows and never through those of '{given}': a misspelt "
                "permission or limit passes without a word.",
            )
    for made in module.all(Comprehension) if module.language == "python" else ():
        if _sorts_out(module, made):
            yield Match(
                made,
                "Members that the class does not know are left out here without a word: a misspelt permission or "
                "limit is as if it had not been written, and the default holds.",
                confidence=None if _describes_guests(module, made) else Confidence.POSSIBLE,
            )


def _read_by(module: Module, loop: For) -> str:
    """Return the name of what a loop over a constant table of rules reads member by member."""
    through = strip(loop.iterable) if loop.iterable is not None else None
    if not isinstance(through, Call) or through.name not in _ENTRIES:
        return ""
    table = strip(through.args[0]) if through.args else through.receiver
    rules = module.scopes.origin(table) if table is not None else None
    if not isinstance(rules, Object) or len(rules.entries) < 3 or not set(map(str, rules.keys)) & _IDENTIFY:
        return ""
    if not all(_is_rule(module, strip(value)) for _key, value in rules.entries):
        return ""
    turned = names_in(loop.target) if loop.target is not None else set()
    for node in find(loop.body, Call):
        if node.name in _READS and node.args and isinstance(key := strip(node.args[-1]), Name) and key.id in turned:
            holder = node.receiver if node.name != "hasOwn" else node.args[0]
            if holder is not None and isinstance(strip(holder), Name):
                return spelled(holder)
    for read in find(loop.body, Index):
        held = strip(read.object)
        written = isinstance(read.parent, Assign) and read.parent.target is read
        if isinstance(key := strip(read.key), Name) and key.id in turned and isinstance(held, Name) and not written:
            return held.id
    return ""


def _is_rule(module: Module, value: Expr) -> bool:
    """Tell whether a value of a table says how a member has to be; a bare type is read with the tables of fields."""
    named = definition(module, value) if isinstance(value, Name) else value
    return isinstance(value, _RULES) or (isinstance(named, Expr) and _is_function(named))


def _is_function(value: Expr) -> bool:
    return isinstance(strip(value), Function)


def _asks_for_the_rest(module: Module, function: Function, given: str, own: For) -> bool:
    """Tell whether a function looks at the keys that came: goes through them, takes known ones away, counts them."""
    alike = {given} | _made_with(function, given)
    asked: list[Node] = [
        one.iterable for one in find(function.body, For) if one is not own and one.iterable is not None
    ]
    asked += [call for call in find(function.body, Call) if call.name in _REST]
    for made in find(function.body, Comprehension):
        asked += [through for _target, through in made.clauses]
    for node in find(function.body, Binary):
        if node.op in ("-", "^", "<=", "==") and "keys" in module.text_of(node):
            asked.append(node)
    return any(names_in(node) & alike for node in asked)


def _made_with(function: Function, given: str) -> set[str]:
    """Return the names of what a value was made of in a function, and of what was made of it."""
    alike: set[str] = set()
    for made in find(function.body, Assign):
        if isinstance(made.target, Name) and made.value is not None:
            named = names_in(made.value)
            if made.target.id == given:
                alike |= named - _MAKERS
            elif given in named:
                alike.add(made.target.id)
    return alike


def _describes_guests(module: Module, made: Comprehension) -> bool:
    """Tell whether the class whose fields are kept says by one of them whose description it is."""
    test = strip(made.tests[0])
    known = module.scopes.origin(test.right) if isinstance(test, Binary) else None
    for name in find(known, Name) if isinstance(known, Expr) else ():
        target = definition(module, name)
        target = class_of(name) if name.id == "cls" else target
        if isinstance(target, Class) and any(field.name in _IDENTIFY for field in target.fields):
            return True
    return False


def _makes_its_own(made: Comprehension, read: object) -> bool:
    """Tell whether a mapping is handed to a method of the class that makes one of the class: ``Slip.read(given)``."""
    function = function_of(made)
    owner = function.owner if function is not None else None
    if owner is None or not isinstance(read, Param):
        return False
    return any(spelled(mark) == "classmethod" for mark in function.decorators) if function is not None else False


def _sorts_out(module: Module, made: Comprehension) -> bool:
    """Tell whether a comprehension keeps what the fields of a class name of a mapping, to make one of the class."""
    if len(made.clauses) != 1 or len(made.tests) != 1:
        return False
    through = strip(made.clauses[0][1])
    test = strip(made.tests[0])
    if not isinstance(through, Call) or through.name != "items" or not isinstance(test, Binary) or test.op != "in":
        return False
    known = module.scopes.origin(test.right) if isinstance(strip(test.right), Name) else strip(test.right)
    read = module.scopes.origin(through.receiver) if through.receiver is not None else None
    if not isinstance(known, Expr) or not (isinstance(read, Call) or _makes_its_own(made, read)):
        return False
    named = {call.name for call in find(known, Call)} | {spelled(known)} | names_in(known)
    function = function_of(made)
    given = read.args if isinstance(read, Call) else []
    fresh = function is not None and not any(isinstance(strip(one), Literal) for one in given)
    return fresh and bool(named & _FIELDS)
