"""SEC032: a wildcard of a grant becomes a pattern that fits more than it says."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    Literal,
    Name,
    Node,
    Object,
    Regex,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, surroundings, word_set
from reviewer.experts.security.deciding.decisions import is_decision
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MAKERS: Final = frozenset({"RegExp", "match", "fullmatch", "search", "compile"})
_ABOUT: Final = PERMISSION | word_set("scope scopes rule rules host hosts origin origins domain can may covers matches")
_LINTS: Final = word_set("eslint lint linter linting severity severities")
"""Words of what has rules of another kind."""
_ESCAPES: Final = frozenset(
    {"escape", "escapeRegExp", "escapeRegex", "escape_regex", "quote", "translate", "quotemeta"}
)
_STEPS: Final = 6
"""Texts kept under a name from which one pattern is put together."""
_MOST: Final = 12
"""Calls of one function whose arguments are looked at."""


@module_check("SEC032", words={"replace", "split"})
def wildcard_pattern(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every pattern that is made of a text by putting ``.*`` in place of a star."""
    if module.is_test:
        return
    for call in module.calls(_MAKERS):
        if call.name != "RegExp" and not module.resolve(call.callee).startswith(("re.", "regex.")):
            continue
        made = strip(call.args[0]) if call.args else None
        begins = _begins_alone(module, call) if call.name != "RegExp" else None
        if made is None or not (_about(module, call) or begins is not None):
            continue
        made = _followed(module, made)
        calls = list(_calls_in(module, made))
        star = next((part for part in calls if _widens(part)), None)
        if star is None:
            continue
        if any(_escapes(part) for part in calls):
            if call.name == "RegExp" and made is star and not _sets_ends(made):
                yield Match(
                    call,
                    f"'{short(module.text_of(star))}' is sought anywhere in a text: without '^' and '$' a grant also "
                    "covers whatever has it inside.",
                )
            elif begins is not None and not _sets_ends(made):
                yield Match(
                    begins,
                    f"'{short(module.text_of(begins))}' asks only how the text begins: a grant also covers whatever "
                    "goes on behind it.",
                    related=((call, "the pattern has no end"),) if begins is not call else (),
                )
            continue
        whole = call.name == "fullmatch" or _anchored(made)
        yield Match(
            call,
            f"'{short(module.text_of(star))}' leaves the dots of the text as they are, and each fits any character"
            + (": a grant fits more than it says." if whole else "; and the pattern need not fit the whole text."),
        )


def _begins_alone(module: Module, made: Call) -> Call | None:
    """Return where a pattern that is made without an end is only held against the beginning of a text."""
    if made.name in ("match", "fullmatch", "search"):
        return made if made.name == "match" else None
    asked = [one for one in module.calls(("match", "fullmatch", "search")) if one.receiver is not None]
    asked = [one for one in asked if not module.resolve(one.callee).startswith(("re.", "regex."))]
    return asked[0] if len(asked) == 1 and asked[0].name == "match" and _about(module, asked[0]) else None


def _followed(module: Module, made: Expr) -> Expr:
    origin = module.scopes.origin(made) if isinstance(made, Name) else made
    return origin if isinstance(origin, Expr) else made


def _calls_in(module: Module, made: Expr) -> Iterator[Call]:
    """Yield the calls that put a text together, those too that are kept under a name on the way."""
    pending, seen = [made], 0
    while pending and seen < _STEPS:
        seen += 1
        for part in walk(pending.pop()):
            if isinstance(part, Call):
                yield part
            origin = module.scopes.origin(part) if isinstance(part, Name) else None
            if isinstance(origin, Expr) and not isinstance(origin, Name):
                pending.append(origin)


def _widens(call: Call) -> bool:
    """Tell whether a call puts ``.*`` in place of a star."""
    if call.name == "join":
        return _joined_anew(call)
    if call.name not in ("replace", "replaceAll") or len(call.args) < 2:
        return False
    star, by = call.args[0], strip(call.args[1])
    plain = isinstance(star, Literal) and star.value in ("*", "\\*")  # with the mark by which it was escaped
    pattern = isinstance(star, Regex) and star.pattern in ("\\*", "[*]")
    return (plain or pattern) and isinstance(by, Literal) and _is_widening(str(by.value))


def _is_widening(text: str) -> bool:
    """Tell whether a text is a pattern for any number of signs: ``.*``, ``(.+)``, ``[^.]*``, ``[a-z0-9-]+``."""
    bare = text.removeprefix("(").removesuffix(")").removesuffix("?")
    return bare.endswith(("*", "+")) and (bare[:-1] == "." or (bare.startswith("[") and bare[:-1].endswith("]")))


def _sets_ends(made: Expr) -> bool:
    """Tell whether anything in the making of a pattern says where it begins or ends."""
    texts = [str(part.value) for part in walk(made) if isinstance(part, Literal)]
    return any("^" in text.replace("[^", "") or text.endswith("$") for text in texts)


def _joined_anew(call: Call) -> bool:
    """Tell whether a text is split at its stars and joined by ``.*``: ``grant.split("*").join(".*")``."""
    holder = strip(call.receiver) if call.receiver is not None else None
    by = call.args[0] if call.args else None
    if isinstance(holder, Literal):  # Python: ".*".join(grant.split("*"))
        holder, by = strip(by) if by is not None else None, holder
    if not isinstance(holder, Call) or holder.name != "split" or not holder.args:
        return False
    at = holder.args[0]
    return isinstance(at, Literal) and at.value == "*" and isinstance(by, Literal) and _is_widening(str(by.value))


def _escapes(call: Call) -> bool:
    if call.name in _ESCAPES or (call.name == "map" and any(set(last_words(one)) & {"escape"} for one in call.args)):
        return True
    if call.name not in ("replace", "replaceAll") or not call.args:
        return False
    sought, by = call.args[0], strip(call.args[-1])
    dots = isinstance(sought, Literal) and sought.value == "."
    some = isinstance(sought, Regex) and ("\\." in sought.pattern or "[." in sought.pattern or "$&" in str(by))
    return dots or some or (isinstance(by, Literal) and "$&" in str(by.value))


def _anchored(made: Expr) -> bool:
    """Tell whether a pattern begins with a caret and ends with a dollar sign."""
    text = made.items if isinstance(made, Template) else []
    if isinstance(made, Call) and made.name == "concat" and made.receiver is not None:
        text = [strip(made.receiver), *made.args]
    if text:
        first, last = text[0], text[-1]
        ends = isinstance(last, Literal) and str(last.value).endswith("$")
        return isinstance(first, Literal) and str(first.value).startswith("^") and ends
    return isinstance(made, Binary) and isinstance(made.right, Literal) and str(made.right.value).endswith("$")


def _about(module: Module, node: Node) -> bool:
    function = function_of(node)
    if function is None:
        return False
    named = surroundings(function) | {word for part in walk(node) for word in path_words(part)}
    if named & _LINTS or "lint" in module.path.lower():
        return False
    return is_decision(function) or bool(named & _ABOUT) or _of_rule(module, function) or _in_table(node)


def _in_table(node: Node) -> bool:
    """Tell whether a pattern is made for one of many rules: ``this.rules = rules.map(({ plugin }) => …)``."""
    for around in ancestors(node):
        if isinstance(around, Assign) and path_words(around.target) & _ABOUT:
            return True
        if isinstance(around, Call) and around.receiver is not None and path_words(around.receiver) & _ABOUT:
            return True
        if isinstance(around, Function) and around.name:
            return False
    return False


def _of_rule(module: Module, function: Function) -> bool:
    """Tell whether a pattern is made of what somebody may do: ``matcher(rule.action)``."""
    calls = islice(module.calls((function.name,)), _MOST) if function.name else ()
    return any(
        _in_decision(call) or any(path_words(arg) & _ABOUT for arg in call.args) or _makes_rule(call) for call in calls
    )


def _makes_rule(call: Call) -> bool:
    """Tell whether the pattern becomes a part of a rule: ``{ effect, covers: matcherOf(rooms) }``."""
    around = function_of(call)
    holder = call.parent
    if isinstance(holder, Object):
        named = {word for key in holder.keys for word in words(key)}
        return bool(named & (_ABOUT | {"effect", "allow", "deny"}))
    if isinstance(holder, Assign):
        return bool(path_words(holder.target) & _ABOUT)
    return around is not None and bool(set(words(around.name)) & _ABOUT)


def _in_decision(call: Call) -> bool:
    """Tell whether a call helps a function that decides what somebody may do."""
    around = function_of(call)
    while around is not None:
        if is_decision(around):
            return True
        around = around.outer
    return False
