"""SEC002: a word is turned into a verdict, and every word that nobody knows becomes the one that grants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import Condition, conditions, returns_of, siblings
from reviewer.code.reach.links import declared_type
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Class,
    Conditional,
    Expr,
    Function,
    Handler,
    If,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Return,
    Switch,
    Try,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.text_types import texts_of_type
from reviewer.code.walk import class_of, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.security.deciding.verdicts import GRANTING
from reviewer.experts.security.vocabulary import says, text_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node, Statement
    from reviewer.experts.check import Inquiry

_NO: Final = word_set("deny denied forbid forbidden refuse refused reject rejected block blocked prohibit prohibited")
"""Words that say no to a question of permission."""
_TABLES: Final = frozenset({"freeze", "MappingProxyType", "Map", "entries"})


@module_check("SEC002", words=_NO)
def unknown_word(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what turns a word into a verdict: by a switch, by tests one after the other, by a table, by an enum."""
    if module.is_test or not module.words & GRANTING:
        return
    for at in _granted_to_unknown(module):
        yield Match(
            at,
            f"'{short(module.text_of(at))}' is what every word becomes that is none of those known here: one that is "
            "misspelt, empty or new grants.",
        )


def _granted_to_unknown(module: Module) -> Iterator[Node]:
    for switch in module.all(Switch):
        yield from _of_switch(module, switch)
    for choice in module.all(Conditional):
        asked = _refused_word(choice.test)
        if asked is not None and _is_no(choice.then) and _is_yes(choice.other) and not _is_known(module, asked):
            yield choice.other
    for test in module.all(Binary):
        if test.op == "!=" and text_value(strip(test.right)) in _NO and _is_kept_as_yes(test):
            yield from [] if _is_known(module, strip(test.left)) else [test]
    for function in module.functions:
        yield from _of_tests(module, function)
    for look_up in module.some(Call, Binary):
        yield from _of_table(module, look_up)
    for cls in module.classes:
        yield from _of_enum(cls)
    for handler in module.all(Handler):
        yield from _of_failed_name(module, handler)


def _is_yes(value: Expr | None) -> bool:
    made = strip(value) if value is not None else None
    return isinstance(made, Literal | Member | Name) and says(made, GRANTING)


def _is_no(value: Expr | None) -> bool:
    made = strip(value) if value is not None else None
    return isinstance(made, Literal | Member | Name) and says(made, _NO)


def _refused_word(test: Expr) -> Expr | None:
    """Return what a test compares with the word that refuses: ``word == "deny"``, ``word in ("deny", "never")``."""
    test = strip(test)
    if not isinstance(test, Binary) or test.op not in ("==", "in"):
        return None
    asked, said = strip(test.left), strip(test.right)
    listed = said.items if isinstance(said, Array) and test.op == "in" else [said]
    texts = [text_value(strip(one)) for one in listed]
    return asked if isinstance(asked, Name | Member | Index | Call) and set(texts) & _NO and all(texts) else None


def _is_known(module: Module, asked: Expr, tests: list[Expr] | None = None) -> bool:
    """Tell whether the declared type of a word leaves only words that grant beside those that are asked for."""
    texts = texts_of_type(module, declared_type(module, asked))
    said = {text_value(one) for test in tests or [] for one in find(test, Literal)}
    return bool(texts) and all(text.lower() in GRANTING | _NO | said for text in texts)


def _is_kept_as_yes(test: Binary) -> bool:
    """Tell whether a comparison becomes the field of a record that says whether something is allowed."""
    around = test.parent
    names = [
        str(key.value) for key, value in getattr(around, "entries", ()) if value is test and isinstance(key, Literal)
    ]
    if isinstance(around, Call):
        names = [name for name, value in around.keywords.items() if value is test]
    return any(words(name)[-1:] and words(name)[-1] in GRANTING for name in names)


def _of_switch(module: Module, switch: Switch) -> Iterator[Node]:
    known = [case for case in switch.cases if case.tests]
    if not any(_is_no(one) for case in known for one in _answers(case.body)):
        return
    said = [case for case in known if any(text_value(strip(test)) in _NO for test in case.tests)]
    if not all(any(_is_no(one) for one in _answers(case.body)) for case in said):
        return
    tests = [test for case in known for test in case.tests]
    rest = next((case.body for case in switch.cases if not case.tests and case.guard is None), None)
    if rest is None:
        beside = siblings(switch)
        rest = beside[beside.index(switch) + 1 :] if switch in beside else []
    yield from (one for one in _answers(rest) if _is_yes(one) and not _is_known(module, switch.subject, tests))


def _answers(body: list[Statement]) -> list[Expr]:
    """Return what the first statement of a branch answers with, or gives a variable."""
    first = body[0] if body else None
    value = first.value if isinstance(first, Return) else getattr(first, "value", None)
    if isinstance(value, Assign):
        value = value.value
    return [value] if isinstance(value, Expr) else []


def _of_tests(module: Module, function: Function) -> Iterator[Node]:
    """Find the answer that grants behind tests that leave for one word each: ``if word == "deny": return DENY``."""
    answers = list(returns_of(function))
    if len(answers) > 1 and any(_is_no(one.value) for one in answers):
        for answer in answers:
            if answer.value is not None and _is_yes(answer.value) and _is_rest(module, answer, conditions(answer)):
                yield answer.value
    for test in find(function.body, If, into_functions=False):
        yield from _of_start(module, test)


def _is_rest(module: Module, answer: Node, known: list[Condition]) -> bool:
    """Tell whether all that is known at an answer is which words a text is not, the one that refuses among them."""
    asked = [held for one in known if not one.holds and (held := _refused_word(one.test)) is not None]
    if not asked or _is_known(module, asked[0], [one.test for one in known]):
        return False
    about = module.text_of(asked[0])
    others = [one for one in known if _speaks_of(module, one.test, about)]
    return all(not one.holds and _is_one_word(one.test) for one in others) and bool(answer)


def _speaks_of(module: Module, test: Expr, about: str) -> bool:
    return any(module.text_of(one) == about for one in find(test, Expr) if isinstance(one, Name | Member | Index))


def _is_one_word(test: Expr) -> bool:
    """Tell whether a test asks for single words: ``word == "ask"``, ``word in ("ask", "prompt")``."""
    test = strip(test)
    said = strip(test.right) if isinstance(test, Binary) and test.op in ("==", "in") else None
    return bool(text_value(said)) or (
        isinstance(said, Array) and all(bool(text_value(strip(one))) for one in said.items)
    )


def _of_start(module: Module, test: If) -> Iterator[Node]:
    """Find a verdict that begins as yes and is changed for one word alone: ``if (word === "deny") effect = DENY``."""
    asked = _refused_word(test.test)
    changed = getattr(test.body[0], "value", None) if len(test.body) == 1 and not test.orelse else None
    beside = siblings(test)
    if asked is None or not isinstance(changed, Assign) or not _is_no(changed.value) or test not in beside:
        return
    place = beside.index(test)
    first = getattr(beside[place - 1], "value", None) if place > 0 else None
    if isinstance(first, Assign) and _is_yes(first.value) and not _is_known(module, asked):
        same = module.text_of(first.target) == module.text_of(changed.target)
        yield from [first.value] if same and first.value is not None else []


def _of_table(module: Module, node: Node) -> Iterator[Node]:
    """Find what stands in for a word that a table of verdicts lacks: ``EFFECTS.get(word, Effect.ALLOW)``."""
    table: Expr | None = None
    missing: Expr | None = None
    if isinstance(node, Call) and node.name == "get" and len(node.args) == 2:
        table, missing = node.receiver, node.args[1]
    elif isinstance(node, Binary) and node.op in ("??", "or"):
        missing, found = node.right, strip(node.left)
        table = found.object if isinstance(found, Index) else None
        if isinstance(found, Call) and found.name == "get" and len(found.args) == 1:
            table = found.receiver
    if table is None or missing is None or not _is_yes(missing):
        return
    made = module.scopes.origin(table)
    if isinstance(made, Call) and made.args and made.name in _TABLES:
        made = strip(made.args[0])
    verdicts = [value for _key, value in made.entries] if isinstance(made, Object) else _seconds(made)
    if any(map(_is_no, verdicts)) and all(
        _is_no(one) or isinstance(strip(one), Literal | Member | Name) for one in verdicts
    ):
        yield missing


def _seconds(made: object) -> list[Expr]:
    """Return the second of each pair of a list: ``[["deny", DENY], …]``."""
    pairs = [strip(one) for one in made.items] if isinstance(made, Array) else []
    return [one.items[1] for one in pairs if isinstance(one, Array) and len(one.items) == 2]


def _of_enum(cls: Class) -> Iterator[Node]:
    """Find what an enum makes of a value that it lacks: ``_missing_`` that answers with ``cls.ALLOW``."""
    method = cls.method("_missing_")
    if method is not None and any(set(says_of.lower().split("_")) & _NO for says_of in _members(cls)):
        yield from (one.value for one in returns_of(method) if one.value is not None and _is_yes(one.value))


def _members(cls: Class) -> list[str]:
    return [field.name for field in cls.fields]


def _of_failed_name(module: Module, handler: Handler) -> Iterator[Node]:
    """Find what stands in for a word that an enum does not take: ``except ValueError: return Effect.ALLOW``."""
    around = handler.parent
    answer = handler.body[-1] if handler.body else None
    if not isinstance(around, Try) or not isinstance(answer, Return) or not _is_yes(answer.value):
        return
    tried = [one.value for one in find(around.body, Return, into_functions=False) if one.value is not None]
    made = strip(tried[0]) if len(tried) == 1 else None
    named = made.callee if isinstance(made, Call) and len(made.args) == 1 else None
    if isinstance(made, Index):
        named = made.object
    if named is None or answer.value is None:
        return
    own = isinstance(named, Name) and named.id == "this"
    cls = class_of(answer) if own else module.scopes.origin(named)
    if isinstance(cls, Class) and any(set(one.lower().split("_")) & _NO for one in _members(cls)):
        yield answer.value
