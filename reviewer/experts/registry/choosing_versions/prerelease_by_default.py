"""REG020: the highest version is chosen, prereleases included, where nobody asked for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Binary,
    Call,
    Case,
    Comprehension,
    Conditional,
    ExprStatement,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Param,
    Regex,
    Switch,
    Unary,
    is_nothing,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, inside, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import said_in, surroundings
from reviewer.experts.place import locate_bytes
from reviewer.experts.registry.choosing_versions.choosing import NEWEST, is_choice, orderings
from reviewer.experts.registry.choosing_versions.counted_in import counted_in
from reviewer.experts.registry.choosing_versions.pointers import moved_pointers
from reviewer.experts.registry.version_parts import fields_behind
from reviewer.experts.registry.vocabulary import PLUGINS, VERSIONS

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry
    from reviewer.experts.registry.choosing_versions.choosing import Ordering

from collections.abc import Iterator

from reviewer.core.regex import regex

_PRE: Final = frozenset(
    "prerelease prereleases pre stable unstable beta alpha rc canary nightly preview channel channels".split()
)
_RESOLVES: Final = frozenset(
    "index vault resolver resolve latest newest best semver candidates candidate matching range versions wanted "
    "requested available offers offer feed updater upgrade upgrades published".split()
)
"""Words of code that chooses a version for somebody."""
_LIBRARY: Final = frozenset({"satisfies", "maxSatisfying", "max_satisfying", "contains", "select", "minSatisfying"})
"""Calls of version libraries that leave prereleases out unless the range names one."""
_LIBRARIES: Final = frozenset({"compare-versions", "semver", "packaging.version", "semantic_version", "semver-parser"})
"""Libraries that put prereleases in order."""
_ANY: Final = (None, "*", "", "latest")
"""What is asked for where nothing is."""
_WITHDRAWN: Final = frozenset("yanked withdrawn removed deleted retired deprecated disabled blocked".split())
"""Words of marks that say something else of a version."""
_KNOWS: Final = _PRE | {"semver", "packaging", "semantic", "looseversion"}
_NUMBERS_ALONE: Final = regex(r"\\d[+*{}\d,]*\)?\\\.\(?\\d[+*{}\d,]*\)?\\\.\(?\\d[+*{}\d,]*\)?\$")
"""A grammar of three numbers and nothing after them."""

_SIGN_BEHIND: Final = regex(r"(?:\\d|\[0-9\])[^\n]{0,120}(?:\(\?:-|\(-|\[-\+\]|-\[)")
"""A grammar that has room for a dash somewhere behind its digits."""

_CUT_AT_DASH: Final = regex(r"\b(?:split|partition|rpartition)\(\s*[\"']-[\"']")
"""A version that is cut where the numbers end."""
_GRAMMAR: Final = regex(
    rb"\^?\(?\\d[+*?{}\d,]{0,8}\)?\\\.\(?\\d[+*?{}\d,]{0,8}\)?(?:\\\.\(?\\d[+*?{}\d,]{0,8}\)?){0,2}([^\n/\"']{0,120})"
)
"""Numbers with dots between them in a regular expression, and what follows."""
_ESCAPES: Final = regex(rb"\\.|\{\d+(?:,\d*)?\}")
_BEHIND: Final = regex(rb"\(\??:?[^)]{0,12}(?:[-~]|[a-z])")
"""A group with a sign or letters in it: what may stand behind the numbers."""


@module_check("REG020", words=VERSIONS | {"satisfying"})
def prerelease_by_default(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find choices of the highest version that nothing keeps from being a prerelease."""
    if module.is_test:
        return
    spoken: set[int] = set()
    asked = list(counted_in(module))
    for call in asked:
        yield Match(
            call,
            f"'{call.name}' is told to count prereleases in, whoever asks: a range of stable versions gives a beta.",
        )
    moved = list(moved_pointers(module))
    for ordering in (*orderings(module), *moved):
        function = ordering.function
        if function is None or id(function) in spoken or not is_choice(ordering) or _lowest(ordering):
            continue
        if _of_numbers(module, ordering):
            continue
        if _left_out(module, ordering, function):
            continue
        if ordering.chooser is not None and _left_out(module, ordering, ordering.chooser):
            continue
        flag = _unread_flag(function)
        if flag:
            spoken.add(id(function))
            yield Match(
                locate_bytes(module, function.body[0].raw.start_byte, (ordering.taken or ordering.call).raw.end_byte),
                f"'{flag}' says whether prereleases are wanted, and nobody looks at it: '{function.name}' takes the "
                "highest version there is, for everybody.",
            )
            continue
        known = _known_to_exist(module, ordering)
        told = None if known is False else _told_by_grammar(inquiry) or _told_by_fields(inquiry)
        known = told if known is None else known
        if known is False or any(inside(call, function) for call in asked):
            continue
        spoken.add(id(function))
        whole = ordering.chooser is not None and _is_sole_use(module, function)
        at = ordering.call if whole else ordering.taken or ordering.call
        who = ordering.chooser if ordering.chooser is not None and not whole else function
        yield Match(
            at,
            f"'{who.name or 'this function'}' takes the highest version there is: when that is a prerelease, "
            "users get one that they did not ask for.",
            confidence=None
            if known
            and (
                (told and ordering.chooser)
                or (ordering in moved and _says_newest(ordering))
                or _of_packages(ordering, function)
                or _where_nothing_is_asked(ordering)
            )
            else Confidence.POSSIBLE,
        )


def _is_sole_use(module: Module, function: Function) -> bool:
    """Tell whether an order is asked for in one place alone: there nothing else would miss the prereleases."""
    return function.name.startswith(("_", "#")) and sum(1 for _call in module.calls((function.name,))) == 1


def _told_by_grammar(inquiry: Inquiry) -> bool | None:
    """Tell whether a grammar of versions, in any file, has room behind the numbers; None where there is no grammar."""
    kept = inquiry.memory.get("registry.version_grammar")
    if isinstance(kept, tuple):
        return kept[0] if kept else None
    told: bool | None = None
    for _path, text in inquiry.project.texts():
        for hit in _GRAMMAR.finditer(text) if b"\\d" in text else ():
            told = bool(told) or _BEHIND.search(_ESCAPES.sub(b"", hit[1])) is not None
    inquiry.memory["registry.version_grammar"] = () if told is None else (told,)
    return told


def _told_by_fields(inquiry: Inquiry) -> bool | None:
    """Tell whether versions are records with three numbers and something behind them; None where they are not."""
    kept = inquiry.memory.get("registry.fields_behind")
    if not isinstance(kept, bool):
        kept = any(True for _name in fields_behind(inquiry.project))
        inquiry.memory["registry.fields_behind"] = kept
    return kept or None


def _of_numbers(module: Module, ordering: Ordering) -> bool:
    """Tell whether whole numbers are compared, of which none is a prerelease: ``[int(one.minor) for one in known]``."""
    made = module.scopes.origin(ordering.call.args[0]) if ordering.call.args else None
    element = strip(made.element) if isinstance(made, Comprehension) else None
    if isinstance(element, Conditional):
        element = strip(element.then)
    return isinstance(element, Call) and element.name in ("int", "Number", "parseInt")


def _unread_flag(function: Function) -> str:
    """Return the parameter, false unless somebody asks, that a choice of a version takes and never reads."""
    if function.name.startswith("__") or not function.body:
        return ""
    read = {node.id for node in find(function.body, Name)}
    return next((name for name in _flags(function) if name not in read), "")


def _flags(function: Function) -> list[str]:
    """Return the parameters of a function that are false unless somebody asks."""
    return [
        param.name
        for param in function.params
        if param.name and param.default is not None and getattr(strip(param.default), "value", None) is False
    ]


def _of_packages(ordering: Ordering, function: Function) -> bool:
    """Tell whether the versions are those of plugins or packages, by the names around."""
    around = surroundings(function) | said_in(ordering.items)
    for param in function.params:
        around.update(words(param.name), words(param.type))
    return bool(around & (PLUGINS | _RESOLVES))


def _where_nothing_is_asked(ordering: Ordering) -> bool:
    """Tell whether the highest is taken where a parameter that says what is wanted was left out, or is ``*``."""
    function = ordering.chooser or ordering.function
    given = {param.name for param in function.params} if function is not None else set()
    for condition in conditions(ordering.taken) if ordering.taken is not None else ():
        test = strip(condition.test)
        held = strip(test.left) if isinstance(test, Binary) and test.op == "==" else test
        value = strip(test.right) if isinstance(test, Binary) else None
        left_out = value is None or (isinstance(value, Literal) and value.value in _ANY)
        undefined = isinstance(value, Name) and value.id == "undefined"
        if isinstance(held, Name) and held.id in given and (left_out or undefined):
            return condition.holds is isinstance(test, Binary)
    return _in_case_of_nothing(ordering, given)


def _in_case_of_nothing(ordering: Ordering, given: set[str]) -> bool:
    """Tell whether the highest is taken in the arm of a ``match`` or ``switch`` for a parameter that was left out."""
    for around in ancestors(ordering.taken) if ordering.taken is not None else ():
        switch = around.parent if isinstance(around, Case) else None
        if isinstance(around, Case) and isinstance(switch, Switch):
            asked = strip(switch.subject)
            left_out = [is_nothing(one) or getattr(strip(one), "value", 0) in _ANY for one in around.tests]
            return isinstance(asked, Name) and asked.id in given and any(left_out)
    return False


def _says_newest(ordering: Ordering) -> bool:
    return ordering.taken is not None and bool(NEWEST & said_in([ordering.taken]))


def _lowest(ordering: Ordering) -> bool:
    function = ordering.function
    return function is not None and bool({"oldest", "lowest", "first", "min"} & set(words(function.name)))


def _is_fourth_empty(node: Node) -> bool:
    """Tell whether what stands behind the three numbers is asked to be nothing: ``parts(version)[3] === ""``."""
    if not isinstance(node, Binary) or node.op not in ("==", "!="):
        return False
    sides = [strip(node.left), strip(node.right)]
    fourth = any(
        isinstance(one, Index) and isinstance(key := strip(one.key), Literal) and key.value == 3 for one in sides
    )
    return fourth and any(isinstance(one, Literal) and not one.value for one in sides)


def _left_out(module: Module, ordering: Ordering, function: Function) -> bool:
    """Tell whether prereleases are left out before the choice, here or in what is called for it."""
    outer: Function = function
    while outer.outer is not None and outer.kind in ("arrow", "function") and not outer.name:
        outer = outer.outer
    if set(words(outer.name)) & _PRE:
        return True
    flags = set(_flags(outer))
    if any(isinstance(node, Name) and node.id in flags for node in walk(outer.body)):
        return True  # whoever wants them says so
    by = ordering.by
    if _asks_of_each(module, ordering):
        return True
    for node in walk([*outer.params, *outer.body]):
        if by is not None and inside(node, by):
            continue
        if _says(node) or _is_part_absent(module, node, by) or _is_whole(module, node) or _is_in_set(module, node):
            return True
        if _is_fourth_empty(node):
            return True
        if isinstance(node, Call) and not _only_for_ranges(node) and not isinstance(node.parent, ExprStatement):
            target = definition(module, node.callee)
            if isinstance(target, Function):
                if (
                    target is not by
                    and not _compares(target)
                    and (
                        _PRE & said_in(target)
                        or _PRE & set(words(target.name))
                        or any(_says(inner) or _is_part_absent(target.module, inner, by) for inner in walk(target.body))
                    )
                ):
                    return True
            elif (node.name in _LIBRARY or _narrows(module, node)) and not _asks_for_them(node):
                return True
    return False


def _is_in_set(module: Module, node: Node) -> bool:
    """Tell whether a version is looked for in a range of packaging, which leaves prereleases out by itself."""
    if not isinstance(node, Binary) or node.op not in ("in", "not in"):
        return False
    made = module.scopes.origin(node.right)
    named = module.resolve(node.right).startswith("packaging.specifiers.SpecifierSet")
    return named and isinstance(made, Call) and "prereleases" not in made.keywords


def _asks_of_each(module: Module, ordering: Ordering) -> bool:
    """Tell whether only those are put in order of which a property of theirs, made of the version, is true."""
    items = module.scopes.origin(ordering.items)
    tests = items.tests if isinstance(items, Comprehension) else []
    asked = {part.name for test in tests for part in find(test, Member)}
    about = VERSIONS | (said_in(ordering.by) if ordering.by is not None else set())
    return any(one.name in asked and one.owner is not None and said_in(one.body) & about for one in module.functions)


def _is_part_absent(module: Module, node: Node, by: Expr | None) -> bool:
    """Tell whether a version is taken apart as for the order, and asked whether a part of it is absent."""
    if by is None or not isinstance(node, Binary) or node.op not in ("==", "is"):
        return False
    part, nothing = strip(node.left), strip(node.right)
    absent = (isinstance(nothing, Literal) and nothing.value is None) or getattr(nothing, "id", "") == "undefined"
    made = module.scopes.origin(part.object) if absent and isinstance(part, Member) else None
    asked = list(find(by, Call)) if absent else []
    helpers = (definition(module, call.callee) for call in asked)
    asked += [call for helper in helpers if isinstance(helper, Function) for call in find(helper.body, Call)]
    return isinstance(made, Call) and made.name in {call.name for call in asked}


def _is_whole(module: Module, node: Node) -> bool:
    """Tell whether one of several is asked whether a part of it is absent: ``edition.tag is None``, ``!one.label``."""
    part: Expr | None = None
    if isinstance(node, Binary) and node.op == "==":
        nothing = strip(node.right)
        absent = (isinstance(nothing, Literal) and not nothing.value) or getattr(nothing, "id", "") == "undefined"
        part = strip(node.left) if absent else None
    elif isinstance(node, Unary) and node.op == "not":
        part = strip(node.operand)
    holder = strip(part.object) if isinstance(part, Member) else None
    if isinstance(holder, Member) and set(words(holder.name)) & VERSIONS:  # ``not release.version.tail``
        holder = strip(holder.object)
    if not isinstance(part, Member) or not isinstance(holder, Name) or set(words(part.name)) & _WITHDRAWN:
        return False
    bound = module.scopes.lookup(holder.id, holder)
    return any(isinstance(one, For | Comprehension) or _is_of_callback(one) for one in bound)


def _is_of_callback(binding: object) -> bool:
    function = binding.parent if isinstance(binding, Param) else None
    return isinstance(function, Function) and isinstance(function.parent, Call)


def _says(node: Node) -> bool:
    """Tell whether one node speaks of prereleases by its name or as a text."""
    if isinstance(node, Literal):
        return node.value == "-" or (isinstance(node.value, str) and bool(_PRE & set(words(node.value[:60]))))
    if isinstance(node, Regex):
        return "-" in node.pattern
    name = getattr(node, "name", None) or getattr(node, "id", None)
    return isinstance(name, str) and bool(_PRE & set(words(name)))


def _narrows(module: Module, call: Call) -> bool:
    """Tell whether a Python specifier picks from versions, which leaves prereleases out by itself."""
    return module.language == "python" and call.name == "filter" and call.receiver is not None


def _asks_for_them(call: Call) -> bool:
    """Tell whether a library is told to count prereleases in."""
    return any(word in said_in([*call.args, *call.keywords.values()]) for word in ("prerelease", "prereleases", "true"))


def _only_for_ranges(call: Call) -> bool:
    """Tell whether a call is made only where a range is given: the default goes another way."""
    tests = [around.test for around in ancestors(call) if isinstance(around, Conditional)]
    tests += [condition.test for condition in conditions(call)]
    for test in tests:
        said = said_in(test)
        literals = {node.value for node in find(test, Literal)}
        if said & {"range", "spec", "constraint", "requirement", "wanted", "requested"} or "*" in literals:
            return True
    return False


def _compares(function: Function) -> bool:
    name = set(words(function.name))
    return bool(
        name & {"compare", "cmp", "parse", "by", "order", "key", "sort", "tuple", "split", "precedence", "newer"}
    )


def _known_to_exist(module: Module, ordering: Ordering) -> bool | None:
    """Tell whether versions can be prereleases by the file, else by those of the functions that put them in order."""
    known = _prereleases_exist(module)
    calls = find(ordering.by, Call) if known is None and ordering.by is not None else ()
    others = {
        id(made.module): made.module for call in calls if isinstance(made := definition(module, call.callee), Function)
    }
    said = [_prereleases_exist(other) for other in others.values() if other is not module]
    return said[0] if said else known


def _prereleases_exist(module: Module) -> bool | None:
    """Tell whether versions here can be prereleases; None where the file doesn't say."""
    if _KNOWS & module.words or any(one.source in _LIBRARIES for one in module.imports):
        return True
    text = module.source.decode("utf-8", "replace")
    if _NUMBERS_ALONE.search(text):
        return False
    return True if _SIGN_BEHIND.search(text) or _CUT_AT_DASH.search(text) else None
