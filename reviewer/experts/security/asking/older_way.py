"""SEC481: an older or shorter way in does what the present one does behind its checks, and checks nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, ExprStatement, Function, If, Literal, Member, Name, Object, Param, Throw, strip
from reviewer.code.text.ideas import DEMANDS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emissions import is_public
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SAYS_OLD: Final = frozenset("deprecated legacy obsolete superseded shorthand convenience shortcut".split())
"""Words by which code says that there is another, better or longer way to the same."""
_NOTES: Final = frozenset(
    "log logger console info warn warning error debug count metric metrics emit stringify dumps trace report".split()
)
"""What a function calls beside its work."""
_PLAIN: Final = frozenset("path posixpath re json math os string array object number reflect".split())
"""Libraries, and what the language brings, whose calls do nothing that could be forbidden."""
_ABOVE: Final = 400
"""Bytes above a function in which its comment may stand."""


@module_check("SEC481", words=_SAYS_OLD)
def older_way(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that says of itself that there is another way for what that one checks before."""
    if module.is_test:
        return
    for old in module.functions:
        if old.signature_only or not old.params or not is_public(old) or not _says_old(old) or _checks(old, None):
            continue
        for present in _beside(module, old):
            sink = _same_work(module, old, present)
            if sink is not None:
                yield Match(
                    sink,
                    f"'{old.name}' is another way to what '{present.name}' does, and goes past its checks: whoever "
                    "comes this way is asked nothing.",
                    related=((present, "checks first"),),
                )
                break


def _says_old(function: Function) -> bool:
    """Tell whether the name, the comment above, the text inside or a decorator says that there is another way."""
    said = words(function.name)
    if len(said) > 1 and _SAYS_OLD & set(said):  # ``legacy`` alone is one of several kinds
        return True
    if any(_SAYS_OLD & set(words(name.id)) for one in function.decorators for name in find(one, Name)):
        return True
    source = function.module.source
    start = function.raw.start_byte
    above = source[max(0, start - _ABOVE) : start].decode("utf-8", "replace").rstrip()
    for opener in ("async", "=", ":", function.name, "const", "let", "public", "static", "export"):
        above = above.removesuffix(opener).rstrip()
    lines = above.splitlines()
    comment: list[str] = []
    for line in reversed(lines):
        if not line.strip().startswith(("/", "*", "#")) or line.strip().startswith("#["):
            break
        comment.append(line)
    inside = function.module.text_of(function.body[0])[:_ABOVE] if function.body else ""
    told = " ".join(comment) + (inside if inside.startswith(("'", '"', "r'", 'r"')) or "warn" in inside else "")
    return not _SAYS_OLD.isdisjoint(words(told.replace("@", " ")))


def _beside(module: Module, function: Function) -> list[Function]:
    """Return the other functions of the same class, object or closure."""
    around: list[Function] = []
    if function.owner is not None:
        around = list(function.owner.methods)
    else:
        outer = function.outer
        around = [one for one in module.functions if one.owner is None and one.outer is outer]
    if isinstance(function.parent, Object):
        around += [one for _key, value in function.parent.entries if isinstance(one := strip(value), Function)]
    return [one for one in around if one is not function and not one.signature_only and is_public(one)]


def _same_work(module: Module, old: Function, present: Function) -> Call | None:
    """Return the call by which one function does, of what it is given, what another does only after a check."""
    if any(definition(module, call.callee) is present for call in calls_in(old.body)):
        return None
    open_to_all = [one for one in _beside(module, old) if is_public(one)]  # whoever likes may call these
    given = {name for param in old.params for name in (param.name, *param.fields.values()) if name}
    done = {module.text_of(call.callee): call for call in calls_in(present.body) if _is_work(call)}
    for call in calls_in(old.body):
        checked = done.get(module.text_of(call.callee))
        if (
            checked is None
            or not _is_work(call)
            or words(call.name)[:1] in (("is",), ("has",))  # a question
            or not _is_of_host(module, call)
            or any(definition(module, call.callee) is other for other in open_to_all)
            or not names_in([*call.args, *call.keywords.values()]) & given
            or _for_another(call, checked)
        ):
            continue
        if _checks(present, checked):
            return call
    return None


def _for_another(call: Call, other: Call) -> bool:
    """Tell whether two calls of one function name two things by their texts: two addresses of a server."""
    one, two = (
        "".join(str(part.value) for part in find(each.args, Literal) if isinstance(part.value, str))
        for each in (call, other)
    )
    return bool(one and two) and one != two


def _is_work(call: Call) -> bool:
    if call.receiver is not None and not _PLAIN.isdisjoint(last_words(call.receiver)):
        return False  # joins a path or reads a text, for whoever asks
    return call.receiver is not None and _NOTES.isdisjoint({*words(call.name)[:1], *_root(call)})


def _is_of_host(module: Module, call: Call) -> bool:
    """Tell whether what is called belongs to the object, and not to what the function was handed."""
    base = strip(call.receiver) if call.receiver is not None else None
    while isinstance(base, Member):
        base = strip(base.object)
    bound = module.scopes.lookup(base.id, base) if isinstance(base, Name) and base.id != "this" else []
    function = call.function
    return not any(isinstance(one, Param) and one.parent is function for one in bound)


def _root(call: Call) -> tuple[str, ...]:
    base = strip(call.receiver) if call.receiver is not None else None
    return words(base.id)[-1:] if isinstance(base, Name) else ()


def _checks(function: Function, before: Call | None) -> bool:
    """Tell whether a function refuses some of what it is given, before a call where one is named."""
    for test in find(function.body, If, into_functions=False):
        if before is not None and test.raw.start_byte > before.raw.start_byte:
            continue
        refuses = any(isinstance(one, Throw) for one in test.body) and exits(test.body)
        if refuses and _is_about_given(function, test, before):
            return True
    for statement in find(function.body, ExprStatement, into_functions=False):
        asked = strip(statement.value)
        if not isinstance(asked, Call) or (before is not None and asked.raw.start_byte > before.raw.start_byte):
            continue
        if set(words(asked.name)) & (DEMANDS | {"ensure", "check", "assert", "validate"}):
            return True
    return False


def _is_about_given(function: Function, test: If, before: Call | None) -> bool:
    """Tell whether a test is about what a function is given, and goes on to the call where one is named."""
    named = names_in(test.test)
    if before is not None:
        named &= names_in([*before.args, *before.keywords.values()])
    return any(function.module.scopes.table(function).get(name) for name in named - {"this"})
