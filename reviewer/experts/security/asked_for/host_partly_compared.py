"""SEC023: a host or an origin is compared as a part of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    Conditional,
    Expr,
    ExprStatement,
    For,
    Function,
    If,
    Imported,
    Jump,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Return,
    Spread,
    Template,
    Unary,
    is_nothing,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found as matches
from reviewer.experts.paths import last_words, surroundings, word_set
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.values.cut_texts import cut_to_length
from reviewer.experts.security.values.listed import ended_by, is_written_out, list_of
from reviewer.experts.security.values.texts import is_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

ADDRESSES: Final = word_set(
    "url uri href origin host hostname domain netloc address endpoint referer referrer hostport"
)
"""Names of a text that is an address or the host of one."""
_HOST_ONLY: Final = word_set("host hostname domain netloc")
_LISTS: Final = word_set(
    "hosts domains origins allowed allowlist whitelist trusted suffix suffixes permitted hostnames"
)
_SEVERAL: Final = frozenset({"domains", "hosts", "hostnames"})
_DECIDES: Final = word_set(
    "allowed allow allows permitted permit trusted trust safe valid check verify ensure assert guard may can require "
    "authorize authorise accept fetch request proxy network origin origins cors egress gate validate"
)
_FETCHES: Final = frozenset({"fetch", "get", "post", "put", "request", "urlopen", "open_url", "axios", "got"})
"""Calls that send a request to an address."""
_SAYINGS: Final = word_set("message msg text hint reason detail label title")
_REWRITES: Final = frozenset(
    {"lower", "casefold", "strip", "rstrip", "removesuffix", "toLowerCase", "trim", "trimEnd", "toString"}
)
"""Calls that write a text in another way, whose end is still the end of the same name."""
_NAME: Final = r"^(https?://)?[\w-]+(\.[\w-]+)+(:\d+)?$"
"""A host written out, with nothing behind it that would end it."""


@module_check("SEC023", words=ADDRESSES)
def host_partly_compared(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every test that seeks a host in an address."""
    if module.is_test:
        return
    for call in module.calls(("includes", "indexOf", "startsWith", "startswith", "endsWith", "endswith")):
        if call.receiver is not None and len(call.args) == 1:
            yield from _test(module, call, call.receiver, call.args[0], call.name.lower())
    for test, whole, part, end in cut_to_length(module):
        yield from _test(module, test, whole, part, end)
    if module.language == "python":
        for node in module.all(Binary):
            if node.op in ("in", "not in"):
                yield from _test(module, node, node.right, node.left, "includes")


def _test(module: Module, at: Node, whole: Expr, part: Expr, how: str) -> Iterator[Match]:
    given = strip(whole)
    while isinstance(given, Binary) and given.op in ("or", "??"):  # ``(parts.hostname or "").endswith(…)``
        given = strip(given.left)
    if how == "includes" and _in_one_text(module, at, given, part):
        yield Match(
            at,
            f"'{short(module.text_of(whole))}' is one text and no list: any part of a host in it, and '' as well, is "
            "found there.",
        )
        return
    while isinstance(part := strip(part), Call) and part.name in _REWRITES and part.receiver is not None:
        part = part.receiver  # ``host.toLowerCase()``
    named = of_address(module, given)
    if not named or not (_of_granted(module, at, named, given, part) or (decides(at) and _is_host(module, part))):
        return
    if how == "endswith" and not named & (_HOST_ONLY | {"origin"}):
        return
    if how == "startswith" and named & _HOST_ONLY:
        return
    sought = short(module.text_of(part))
    example = {
        "endswith": "'evil-example.org' ends with 'example.org', too",
        "startswith": "'https://example.org.evil.net' begins with 'https://example.org', too",
    }.get(how, "'https://evil.net/?example.org' contains 'example.org', too")
    yield Match(at, f"'{sought}' is sought in the text of '{short(module.text_of(whole))}': {example}.")


def _in_one_text(module: Module, at: Node, whole: Expr, part: Expr) -> bool:
    """Tell whether a host is sought in what is called several and declared as one text: ``hosts: str``."""
    several = set(last_words(whole)[-1:]) & (_SEVERAL | {"origins"})
    return bool(several and of_address(module, part)) and is_text(module, whole) and _something_hangs_on(at)


def _of_granted(module: Module, at: Node, named: set[str], whole: Expr, part: Expr) -> bool:
    """Tell whether a host is held against each of a list that the program was given: whatever the list is called.

    Where something hangs on the answer, such a list says who is meant; a list that the program writes out by itself
    may as well tell kinds of pages apart.
    """
    many = list_of(module, part) if named & _HOST_ONLY or _is_fetched(at, whole) else None
    if many is None or is_written_out(module, many) or ended_by(module, many, "."):
        return False
    return _something_hangs_on(at) and not _boundary_asked(at)


def _is_fetched(at: Node, whole: Expr) -> bool:
    """Tell whether the address that is looked into is one that the same function sends a request to."""
    function = function_of(at)
    while function is not None and function.outer is not None and isinstance(function.parent, Call):
        function = function.outer
    if function is None or not isinstance(whole, Name):
        return False
    sent = (call for call in find(function.body, Call) if call.name in _FETCHES)
    return any(isinstance(arg, Name) and arg.id == whole.id for call in sent for arg in call.args[:2])


def _something_hangs_on(at: Node) -> bool:
    """Tell whether a test, alone or for each of several, is a condition or the answer of a function."""
    for around in ancestors(at):
        if isinstance(around, If):
            return not _only_words(around)
        if isinstance(around, Conditional | Comprehension):
            return True
        if isinstance(around, Return) and not _in_quantifier(around):
            return True
        if isinstance(around, Assign):
            return _asked_later(around)
        if not isinstance(around, Return | Binary | Unary | Call | Function):
            return False
    return False


def _asked_later(kept: Assign) -> bool:
    """Tell whether an answer gets a name first, and a condition of the same function asks for it."""
    function = function_of(kept)
    tests = [one.test for one in walk(function.body) if isinstance(one, If)] if function is not None else []
    name = kept.target.id if isinstance(kept.target, Name) else ""
    return any(isinstance(part, Name) and part.id == name for test in tests for part in walk(test))


def _boundary_asked(at: Node) -> bool:
    """Tell whether the same condition asks for the dot before the name: ``host.at(-name.length - 1) === "."``."""
    top = at
    while isinstance(top.parent, Binary | Unary):
        top = top.parent
    asked: list[Node] = [top]
    branch = top.parent
    if isinstance(branch, If):  # the second half of the condition may stand in a branch of its own
        asked += [one.test for one in walk(branch.body, into_functions=False) if isinstance(one, If)]
    return any(isinstance(node, Literal) and node.value == "." for part in asked for node in walk(part))


def of_address(module: Module, whole: Expr) -> set[str]:
    """Return the words of the name of an address, or an empty set where the text is none."""
    whole = strip(whole)
    said = set(last_words(whole))
    if isinstance(whole, Call) and whole.name in ("lower", "toLowerCase", "toString", "str", "get"):
        said = set(last_words(whole.receiver if whole.receiver is not None else whole.arg(0)))
        key = whole.arg(0) if whole.name == "get" else None
        said |= set(words(str(key.value))) if isinstance(key, Literal) else set()
    if not said & ADDRESSES and isinstance(whole, Name):
        made = _bare(module.scopes.origin(whole))
        said |= set(last_words(made)) & _HOST_ONLY if isinstance(made, Member) else set()
    return said & ADDRESSES if not said & {"hosts", "allowed", "trusted", "list"} else set()


def _bare(made: Expr | Param | Imported | None) -> Expr | Param | Imported | None:
    """Return what a text is made of that is written otherwise: the host of ``(url.hostname or "").lower()``."""
    while True:
        if isinstance(made, Binary) and made.op in ("or", "??", "||"):
            made = strip(made.left)
        elif isinstance(made, Call) and made.name in _REWRITES and made.receiver is not None:
            made = strip(made.receiver)
        elif isinstance(made, Call) and made.name in ("str", "String") and len(made.args) == 1:
            made = strip(made.args[0])
        else:
            return made


def _is_host(module: Module, part: Expr) -> bool:
    """Tell whether a text is a host with no boundary at its ends: written out, or an item of a list of hosts."""
    part = strip(part)
    if _is_written_host(part):
        return True
    if isinstance(part, Member) and last_words(part)[-1:] and last_words(part)[-1] in _HOST_ONLY:
        return not _begins_with_dot(module, part)  # panel.domain
    several = _whole_list(module, part) if module.language == "python" else None
    if several is not None:
        return _is_bare_list(module, several)
    if not isinstance(part, Name):
        return False
    made = module.scopes.origin(part)
    if isinstance(made, Literal | Template):
        return _is_written_host(made)
    bindings = module.scopes.lookup(part.id, part)
    only = bindings[0] if len(bindings) == 1 else None
    if isinstance(only, For) and only.iterable is not None:
        return bool(_list_words(only.iterable) & _LISTS)
    if isinstance(only, Comprehension):
        return any(_list_words(over) & _LISTS for _target, over in only.clauses)
    return isinstance(only, Param) and _is_listed(part, only)


def _whole_list(module: Module, part: Expr) -> Expr | None:
    """Return the list of which the ends of a text are held against each: ``hosts``, ``tuple(rules.hosts)``, or None."""
    part = _copied(part)
    if isinstance(part, Member) or (isinstance(part, Name) and set(last_words(part)) & _SEVERAL):
        return part
    made = module.scopes.origin(part) if isinstance(part, Name) else part
    made = _copied(made) if isinstance(made, Expr) else None
    return made if isinstance(made, Member | Call) and set(last_words(made)) & _SEVERAL else None


def _copied(part: Expr) -> Expr:
    """Return the list of which a tuple holds each item as it is: ``hosts`` of ``tuple(host for host in hosts)``."""
    part = strip(part)
    while isinstance(part, Call) and part.name == "tuple" and part.receiver is None and len(part.args) == 1:
        part = strip(part.args[0])
    if isinstance(part, Comprehension) and len(part.clauses) == 1:
        target, over = part.clauses[0]
        element = strip(part.element)
        if isinstance(element, Name) and isinstance(target, Name) and element.id == target.id:
            return _copied(over)
    return part


def _begins_with_dot(module: Module, part: Member) -> bool:
    """Tell whether a domain is given with a dot before it wherever the file gives one."""
    made = module.scopes.origin(part)
    texts = [node for node in walk(made) if isinstance(node, Literal)] if isinstance(made, Expr) else []
    return any(isinstance(node.value, str) and node.value.startswith(".") for node in texts)


def _is_written_host(part: Expr) -> bool:
    """Tell whether a text is written out as a host, or as a scheme and a host that is put in."""
    if isinstance(part, Literal):
        return isinstance(part.value, str) and matches(_NAME, part.value)
    if isinstance(part, Template):
        holes = part.holes
        if len(holes) != 1 or part.items[-1] is not holes[0] or len(part.items) > 2:
            return False
        first = part.items[0]
        return isinstance(first, Literal) and str(first.value) in ("https://", "http://")
    return False


def _is_listed(part: Name, param: Param) -> bool:
    """Tell whether a parameter is an item of a list of hosts, or one that is allowed."""
    if not isinstance(param.parent, Function):
        return False
    around = param.parent.parent
    if isinstance(around, Call) and around.callee is not param.parent and around.receiver is not None:
        return bool((_list_words(around.receiver) | set(words(part.id))) & (_LISTS | _HOST_ONLY))
    return bool(set(words(part.id)) & {"allowed", "trusted", "suffix", "domain"})


def _is_bare_list(module: Module, part: Expr) -> bool:
    """Tell whether a test takes a whole tuple of hosts, and nothing puts a dot before each of them."""
    if not set(last_words(part)) & _SEVERAL:
        return False
    made = module.scopes.origin(part)
    inside = walk(made) if isinstance(made, Expr) else ()
    return not any(isinstance(node, Literal) and str(node.value).startswith(".") for node in inside)


def _list_words(expr: Expr) -> set[str]:
    """Return the words of the list that is gone through: ``[...hosts]``, ``Array.from(hosts)``, ``set(hosts)``."""
    expr = strip(expr)
    if isinstance(expr, Array) and len(expr.items) == 1 and isinstance(expr.items[0], Spread):
        return set(last_words(expr.items[0].value))
    if isinstance(expr, Call) and expr.name in ("from", "list", "set", "sorted", "tuple", "keys") and expr.args:
        return set(last_words(expr.args[0]))
    if isinstance(expr, Call) and expr.name in ("values", "keys", "filter") and expr.receiver is not None:
        return set(last_words(expr.receiver))
    return set(last_words(expr))


def decides(at: Node) -> bool:
    """Tell whether a test lets something pass: it stands in a condition or an answer of code that guards."""
    deciding, negated = False, isinstance(at, Binary) and at.op != "in"
    for around in ancestors(at):
        negated = negated or (isinstance(around, Unary) and around.op == "not")
        negated = negated or (isinstance(around, Binary) and around.op not in ("and", "or"))
        if isinstance(around, Assign):
            return bool(set(last_words(around.target)) & _DECIDES)
        if isinstance(around, Return) and _in_quantifier(around):
            deciding = True
            continue
        if isinstance(around, If) and _only_words(around):
            return False
        if isinstance(around, If) and not negated and _only_passed_over(around):
            return False
        if isinstance(around, If) and refuses(around.body):
            return True
        if isinstance(around, If | Conditional | Return | Comprehension):
            deciding = True
            break
        if not isinstance(around, Binary | Unary | Call | Function):
            break
    function = function_of(at)
    if not deciding or function is None:
        return False
    return bool(surroundings(function) & _DECIDES) or any(
        _turns_away(call) for call in function.module.calls((function.name,) if function.name else ())
    )


def _only_passed_over(test: If) -> bool:
    """Tell whether what has the host in it is left out without a word: ``if "x.org" in href: return None``."""
    last = test.body[-1]
    if isinstance(last, Return):
        return last.value is None or is_nothing(last.value)
    return isinstance(last, Jump) and last.kind == "continue"


def _turns_away(call: Call) -> bool:
    """Tell whether what a call answers is asked before something is refused: ``if (!isHome(origin)) return;``."""
    inner: Node = call
    for around in ancestors(call):
        if isinstance(around, If):
            return inner is around.test and refuses(around.body)
        if not isinstance(around, Unary | Binary):
            return False
        inner = around
    return False


def _only_words(test: If) -> bool:
    """Tell whether a branch only chooses the words of a message."""
    inner = [one.value if isinstance(one, ExprStatement) else one for one in test.body]
    return all(
        isinstance(one, Assign) and isinstance(one.target, Name) and bool(set(last_words(one.target)) & _SAYINGS)
        for one in inner
    )


def _in_quantifier(answer: Return) -> bool:
    """Tell whether an answer is that of a callback of ``some`` or ``every``."""
    function = answer.parent
    call = function.parent if isinstance(function, Function) else None
    return isinstance(call, Call) and call.name in ("some", "every", "any", "all", "find")
