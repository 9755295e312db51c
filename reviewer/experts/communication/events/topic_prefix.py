"""COM014: a subscription also gets the events of everybody whose name begins alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Binary,
    Call,
    Expr,
    For,
    Function,
    Literal,
    Member,
    Name,
    Param,
    Return,
    Template,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.vocabulary import EVENTS, HANDLERS, spoken
from reviewer.experts.paths import last_name, name_words, path_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_TOPICS: Final = frozenset("topic topics event events channel subject routing signal".split())
"""Words of what is sent. A name, a type or a kind is one where its path says of what: ``event.name``."""
_NAMES: Final = frozenset("name type kind key".split())
_PATTERNS: Final = frozenset(
    "pattern patterns prefix topic namespace filter wanted subscribed scope ns subscription base".split()
)
_CUT: Final = frozenset({"slice", "removesuffix", "rstrip", "strip", "replace", "substring"})
"""Calls by which the sign for anything is taken from the end of a pattern."""
_EACH: Final = frozenset({"filter", "forEach", "some", "find", "flatMap", "map"})
_PAIR: Final = 2
_SEPARATORS: Final = (".", ":", "/", "-", "_", "#")


@module_check("COM014", words=EVENTS)
def topic_prefix(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison of a topic with the beginning that a subscription names."""
    if module.is_test:
        return
    for call in module.calls({"startsWith", "startswith", "indexOf"}):
        given = call.arg(0)
        function = function_of(call)
        if call.name == "indexOf" and not _at_beginning(call):
            continue
        if given is None or function is None or not _is_topic(call.receiver):
            continue
        named = bool(set(name_words(given)) & _PATTERNS) and isinstance(strip(given), Name | Member)
        cut = _cuts_separator(module, given)
        if not named and not cut and not _is_key_of_many(module, given):
            continue
        around = {w for name in (function.name, *(p.name for p in function.params)) for w in words(name)}
        if function.owner is not None:
            around |= set(words(function.owner.name))
        if not (around | spoken(function.body)) & (EVENTS - {"message", "post"} | HANDLERS):
            continue
        if _is_fixed(given) or (not cut and _ends_with_separator(module, given)) or _says_separator(module, call):
            continue
        yield Match(
            call,
            f"'{module.text_of(call)}' also holds for a longer word: who subscribes to 'user' gets the events of "
            "'users' and 'username', which belong to others.",
        )


def _cuts_separator(module: Module, given: Expr) -> bool:
    """Tell whether the separator is cut off with the sign for anything: ``pattern.slice(0, -2)`` of ``notes.*``."""
    made = module.scopes.origin(given)
    if not isinstance(made, Call) or made.name not in _CUT or made.receiver is None or not made.args:
        return False
    if not set(name_words(made.receiver)) & _PATTERNS:
        return False
    first = strip(made.args[0])
    if made.name in ("removesuffix", "replace"):
        return isinstance(first, Literal) and _is_any_part(first)
    last = strip(made.args[-1])
    length = strip(last.operand) if isinstance(last, Unary) and last.op == "-" else last
    size = length.value if isinstance(length, Literal) else None
    if not isinstance(size, int) or len(made.args) != _PAIR:
        return False
    text = module.text_of(made.receiver)
    ends = (one for one in module.calls(("endsWith",)) if one.receiver is not None and one.args)
    return any(
        module.text_of(one.receiver) == text  # type: ignore[arg-type]  # asked above
        and isinstance(sign := strip(one.args[0]), Literal)
        and _is_any_part(sign)
        and len(str(sign.value)) == abs(size)
        for one in ends
    )


def _is_any_part(sign: Literal) -> bool:
    """Tell whether a text is a separator with the sign for anything behind it: ``.*``."""
    return isinstance(sign.value, str) and sign.value.startswith(_SEPARATORS) and sign.value.endswith("*")


def _is_key_of_many(module: Module, given: Expr) -> bool:
    """Tell whether what is compared with is the key of one of those who listen: ``for prefix, calls in heard.items()``.

    So it is in ``[...this.sockets].filter(([name]) => topic.startsWith(name))``, and in a record of one of them:
    ``seats.filter(({ space }) => topic.startsWith(space))``.
    """
    name = strip(given)
    if not isinstance(name, Name):
        return False
    bound = module.scopes.lookup(name.id, name)
    only = bound[0] if len(bound) == 1 else None
    if isinstance(only, For):
        over, pair = only.iterable, only.target
        first = pair.items[0] if isinstance(pair, Array) and len(pair.items) == 2 else None
        entries = isinstance(over, Call) and over.name in ("items", "entries")
        return (entries or only.style == "of") and isinstance(first, Name) and first.id == name.id
    taken = isinstance(only, Param) and name.id in only.fields.values()
    if taken and isinstance(only, Param) and only.fields.get("0", name.id) != name.id:
        taken = False
    callback = only.parent if taken and isinstance(only, Param) else None
    call = callback.parent if isinstance(callback, Function) else None
    return isinstance(call, Call) and call.name in _EACH


def _is_topic(receiver: Expr | None) -> bool:
    said = set(name_words(receiver))
    if said & _TOPICS:
        return True
    return bool(said & _NAMES) and receiver is not None and bool(path_words(receiver) & _TOPICS)


def _is_fixed(given: Expr) -> bool:
    """Tell whether a prefix is a constant of the program, which knows what begins so: ``SYSTEM_PREFIX``."""
    name = last_name(given).lstrip("_")
    return name.isupper() and len(name) > 1


def _at_beginning(call: Call) -> bool:
    """Tell whether ``topic.indexOf(prefix)`` is held against 0."""
    around = call.parent
    if not isinstance(around, Binary) or around.op != "==":
        return False
    other = strip(around.right if around.left is call else around.left)
    return isinstance(other, Literal) and other.value == 0 and other.value is not False


def _ends_with_separator(module: Module, given: Expr) -> bool:
    """Tell whether what is compared with was made with a separator at its end."""
    origin = module.scopes.origin(given)
    made = strip(origin) if isinstance(origin, Expr) else None
    last: Expr | None = None
    if isinstance(made, Template) and made.items:
        last = made.items[-1]
    elif isinstance(made, Binary) and made.op == "+":
        last = strip(made.right)
    elif isinstance(made, Literal):
        last = made
    elif isinstance(made, Call) and made.name in _CUT:
        return True
    elif isinstance(made, Call) and isinstance(maker := definition(module, made.callee), Function):
        answers = [one.value for one in find(maker.body, Return, into_functions=False) if one.value is not None]
        return bool(answers) and all(_ends_with_separator(maker.module, one) for one in answers)
    return isinstance(last, Literal) and str(last.value).endswith(_SEPARATORS)


def _says_separator(module: Module, call: Call) -> bool:
    """Tell whether the test around a comparison looks at the character behind the prefix, or at its end."""
    function = function_of(call)
    text = module.text_of(function) if function is not None else ""
    return any(
        f"{opening}{sign}{closing}" in text
        for sign in _SEPARATORS
        for opening, closing in (('"', '"'), ("'", "'"), ("}", "`"), ("}", '"'), ("}", "'"))
    )
