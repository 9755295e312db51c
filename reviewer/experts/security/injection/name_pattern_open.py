"""SEC500: the pattern of a name that becomes part of a path or a key is open: the rest of it may be anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assert,
    Assign,
    Binary,
    Call,
    Class,
    Conditional,
    Expr,
    Field,
    Function,
    If,
    Literal,
    Member,
    Name,
    Object,
    Regex,
    Return,
    Template,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.fundamentals.held_patterns import tested
from reviewer.experts.fundamentals.pattern_texts import text_of
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.security.deciding.asked_to_refuse import answer_uses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_NAMES: Final = word_set("id ids identifier ident slug name handle key uid")
"""Last words of what something is known by."""
_PEOPLE: Final = word_set("display full first last user author person title label file host domain event env variable")
"""Words before those of a name for people, or of something else than a part of a path."""
_SOUGHT: Final = frozenset({"regex", "matches", "pattern"})
"""Calls of schema libraries by which a text has to match a pattern anywhere."""
_FIELDS: Final = frozenset({"Field", "StringConstraints", "constr", "Query", "Path", "Param"})
"""Calls of pydantic and its like that take a pattern, which is sought anywhere in a text."""
_TESTS: Final = frozenset({"test", "match", "search", "exec"})
_COMPILES: Final = frozenset({"compile", "RegExp", "match", "search"})
"""Calls that take the text of a pattern first."""
_QUESTIONS: Final = word_set("is valid safe ok check acceptable allowed permitted")
"""First words of a function that answers whether something is as it has to be."""
_JOINS: Final = frozenset({"join", "joinpath", "resolve", "Path", "PurePath", "import_module"})
_BEGINS: Final = ("^", "\\A", "(?:^", "(^")
_ENDS: Final = ("$", "$)", "\\Z", "\\z")
_SPELLS: Final = regex(
    r"^(?:\[(?:[^\]^\\]|\\.)(?:[^\]\\]|\\.)*\]|\\w|\((?:\?:)?(?:\[|\\w)|@)"
    r".*(?:\]|\\[wd]|\))(?:[+*]|\{\d*,?\d*\})\)?$"
)
"""A pattern that says of which signs a text is made, from its beginning to its end: nobody seeks a part with it."""


@module_check("SEC500", words={"pattern", "regex", "matches", "test", "match", "search"})
def name_pattern_open(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the pattern of each name that a schema describes, or that is refused where it doesn't fit."""
    if module.is_test:
        return
    told: set[int] = set()
    for pattern, name, begins in (*_described(module), *_checked(module)):
        text = text_of(module, pattern)
        gap = _gap(text, begins=begins)
        at = _written(module, pattern)
        if not gap or id(at) in told:
            continue
        told.add(id(at))
        yield Match(
            at,
            f"The pattern of '{name}' is open at {gap} ('{short(text)}'), and the rest of the text may be anything: "
            "'../../other' fits as well, and becomes part of a path or a key.",
        )


def _gap(text: str, *, begins: bool) -> str:
    """Return where a pattern that spells a whole name is open; ``begins``: it is held against the beginning."""
    first = text.startswith(_BEGINS)
    last = text.endswith(_ENDS) and not text.endswith("\\$")
    if last and not first and not begins:
        bare = text[: -1 if text.endswith("$") else -2]
        return "its beginning" if _SPELLS.search(bare) and "|" not in bare else ""
    if last:
        return ""
    bare = text.removeprefix("\\A").removeprefix("^")
    if "|" in bare or not _SPELLS.search(bare):
        return ""
    return "its end" if first or begins else "both ends"


def _written(module: Module, pattern: Expr) -> Expr:
    """Return where a pattern stands that is put right there: its constant in JavaScript, where it has one."""
    made = module.scopes.origin(pattern)
    return made if isinstance(made, Regex) else strip(pattern)


def _named(name: str) -> bool:
    """Tell whether a name is of what something is known by, and not what people read."""
    said = words(name)
    return bool(said) and said[-1] in _NAMES and not set(said[:-1]) & _PEOPLE


# What a schema describes


def _described(module: Module) -> Iterator[tuple[Expr, str, bool]]:
    """Yield the patterns of members in schemas: with the name of the member, and whether they hold the beginning."""
    paths = _in_paths(module)
    for members in module.all(Object):
        for key, value in members.entries:
            name = str(key.value) if isinstance(key, Literal) else ""
            if not name or not (_named(name) or name in paths):
                continue
            found = _of_member(module, value)
            if found is not None:
                yield found[0], name, found[1]
    for call in module.calls(_FIELDS) if module.language == "python" else ():
        pattern = call.keywords.get("pattern") or call.keywords.get("regex")
        name = _field_of(call) if pattern is not None else ""
        if pattern is not None and name and (_named(name) or name in paths):
            yield pattern, name, False


def _of_member(module: Module, value: Expr) -> tuple[Expr, bool] | None:
    """Return the pattern of a member: ``{ type: "string", pattern }``, ``z.string().regex(ID)``, ``text(ID)``."""
    made = strip(value)
    if isinstance(made, Object):
        kind = made.get("type")
        pattern = made.get("pattern")
        if pattern is None or not (kind is None or getattr(strip(kind), "value", "") == "string"):
            return None
        return pattern, False
    call: Expr | None = made
    while isinstance(call, Call) and call.receiver is not None:
        if call.name in _SOUGHT and call.args and isinstance(module.scopes.origin(call.args[0]), Regex):
            return call.args[0], False
        call = strip(call.receiver)
    return _of_helper(module, made) if isinstance(made, Call) and made.receiver is None else None


def _of_helper(module: Module, call: Call) -> tuple[Expr, bool] | None:
    """Return the pattern that a function or a class of the subject is handed, which holds texts against it as it is."""
    handed = [(place, arg, module.scopes.origin(arg)) for place, arg in enumerate(call.args) if text_of(module, arg)]
    helper = definition(module, call.callee) if handed else None
    functions = helper.methods if isinstance(helper, Class) else [helper] if isinstance(helper, Function) else []
    asked = [one for function in functions for one in find(function.body, Call)]
    used = {one.name for one in asked} & (_TESTS | {"fullmatch"})
    if not used or "fullmatch" in used:
        return None
    taker = next((one for one in functions if one.kind == "constructor"), None) or functions[0]
    patterns = [
        arg
        for place, arg, made in handed
        if isinstance(made, Regex | Call) or (isinstance(made, Literal) and _compiles(taker, place))
    ]
    if len(patterns) != 1:
        return None
    return patterns[0], taker.module.language == "python" and used == {"match"}


def _compiles(taker: Function, place: int) -> bool:
    """Tell whether a function makes a pattern of the text that it is handed at a place."""
    name = taker.params[place].name if place < len(taker.params) else ""
    made = (one for one in find(taker.body, Call) if one.name in _COMPILES and one.args)
    return bool(name) and any(isinstance(first := strip(one.args[0]), Name) and first.id == name for one in made)


def _field_of(call: Call) -> str:
    """Return the field, the constant or the parameter for which something says what it has to be."""
    for around in ancestors(call):
        if isinstance(around, Field):
            return around.name
        if isinstance(around, Assign):
            return around.target.id if isinstance(around.target, Name) else ""
        if isinstance(around, Function):
            return ""
    return ""


def _in_paths(module: Module) -> frozenset[str]:
    """Return the members that become part of a path anywhere in the subject: ``join(root, bot.mark)``."""
    project = module.project
    if project is None:
        return _joined(module)
    told = project.answers("security.members in paths", _joined, _JOINS, tests=False)
    return frozenset().union(*told)


def _joined(module: Module) -> frozenset[str]:
    found: set[str] = set()
    for call in module.calls(_JOINS):
        if call.receiver is not None and isinstance(strip(call.receiver), Literal):
            continue  # ", ".join(names)
        for arg in call.args:
            found.update(_parts(arg))
    for joined in module.all(Binary) if module.language == "python" else ():
        if joined.op == "/" and isinstance(strip(joined.right), Template):  # root / f"{name}.txt"
            found.update(_parts(joined.right))
    return frozenset(found)


def _parts(arg: Expr) -> Iterator[str]:
    arg = strip(arg)
    for one in arg.items if isinstance(arg, Template) else (arg,):
        if isinstance(strip(one), Member | Name):
            yield last_name(one)


# What is refused


def _checked(module: Module) -> Iterator[tuple[Expr, str, bool]]:
    """Yield the patterns that a name has to fit to be let through: the name, and whether they hold the beginning."""
    for call in module.calls(_TESTS):
        pattern, value = tested(module, call)
        if pattern is None or value is None or not _lets_through(call):
            continue
        name = last_name(value)
        function = function_of(call)
        of_name = _named(name) or (function is not None and _named(function.name))  # is_plugin_id(text)
        if not name or not (of_name or _becomes_path(call, name)) or _is_of_assignment(call, name):
            continue
        begins = module.language == "python" and call.name == "match"
        if _is_refused(call) and (begins or text_of(module, pattern).startswith("^")):
            continue  # of those FUN440 speaks
        yield pattern, name, begins


def _is_of_assignment(call: Call, name: str) -> bool:
    """Tell whether a text is parted into names and their values, as a file of settings is: ``name, sign = tokens``."""
    function = function_of(call)
    given = list(find(function.body, Assign, into_functions=False)) if function is not None else []
    places = {one.raw.start_byte for one in given if isinstance(one.target, Name) and one.target.id == name}
    beside = {one.target.id for one in given if isinstance(one.target, Name) and one.raw.start_byte in places}
    return not {"op", "operator", "value", "sign", "sep", "equals"}.isdisjoint(beside)


def _is_refused(call: Call) -> bool:
    """Tell whether an error is thrown right where a text doesn't fit."""
    around = call.parent
    branch = around.parent if isinstance(around, Unary) else None
    return isinstance(branch, If) and branch.test is around and any(isinstance(one, Throw) for one in branch.body)


def _lets_through(call: Expr) -> bool:
    """Tell whether only what fits gets through: what doesn't is refused, or the answer is that of a question."""
    inner: Expr = call
    negated = False
    around = call.parent
    while isinstance(around, Unary | Binary) and around.op in ("not", "and", "or", "!=", "is", "==", "is not"):
        negated = negated is not (isinstance(around, Unary) or around.op in ("==", "is"))
        inner, around = around, around.parent
    if isinstance(around, Assign) and around.value is inner and isinstance(call, Call) and inner is call:
        return any(_lets_through(use) for use in answer_uses(around))  # found = ID.search(name); if found is None: …
    if isinstance(around, If) and around.test is inner:
        return negated and exits(around.body)
    if isinstance(around, Return | Function):
        function = function_of(call)
        return not negated and function is not None and not _QUESTIONS.isdisjoint(words(function.name)[:2])
    if isinstance(around, Call) and around.name in ("refine", "assert", "ok", "superRefine"):
        return not negated
    if isinstance(around, Assert):
        return not negated
    return isinstance(around, Conditional) and around.test is inner and not negated and _throws_or_nothing(around.other)


def _throws_or_nothing(other: Expr) -> bool:
    value = strip(other)
    return isinstance(value, Call) or (isinstance(value, Literal) and value.value is None)


def _becomes_path(call: Call, name: str) -> bool:
    """Tell whether the function around puts what was checked into a path."""
    function = function_of(call)
    joins = (one for one in find(function.body, Call) if one.name in _JOINS) if function is not None else ()
    return any(part.id == name for one in joins for arg in one.args for part in find(arg, Name))
