"""SEC067: a secret is written to a log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Await,
    Binary,
    Call,
    Cast,
    Conditional,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Template,
    Throw,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, said_in, word_set
from reviewer.experts.security.secret_words import names_secret
from reviewer.experts.security.secrets.bearers import is_bearer
from reviewer.experts.security.secrets.compared import is_compared
from reviewer.experts.security.secrets.fresh_secret import is_fresh_secret
from reviewer.experts.security.vocabulary import AUDITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LEVELS: Final = frozenset("log debug info warn warning error trace critical exception fatal print notice".split())
_LOGGERS: Final = word_set("console logger log logging logs output")
_AUDITS: Final = AUDITS - {"ledger"}
_NUMBERS: Final = frozenset({"math", "np", "numpy", "torch", "cmath", "tf"})
_RECORDS: Final = frozenset("write record note add append emit entry push".split())
"""Methods by which a trail is written."""
_OPENS: Final = frozenset({"decrypt", "unseal", "decipher", "reveal"})
"""Words of a call that makes a secret readable."""
_OF_SOMEBODY: Final = word_set(
    "access refresh api auth bearer bot user admin session id oauth github gitlab slack service sync login"
)
_MASKS: Final = word_set(
    "mask redact hide obfuscate truncate hash digest fingerprint length len bool type typeof sanitize scrub "
    "censor slice"
)
_COUNTS: Final = word_set("count counts total used max limit limits usage budget cost number remaining")
_VAULTS: Final = word_set("secrets vault keychain keytar keyring credentials secretstorage")
"""Words of a place that keeps nothing but secrets."""
_WHOLE: Final = frozenset({("headers",), ("request", "headers"), ("credentials",), ("cookies",)})
"""Names of what holds a secret among other things."""
_PROOFS: Final = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key"})
_EXAMPLES: Final = frozenset({"example", "examples", "demo", "demos"})
"""Folders whose programs are run by hand, with secrets that stand in the text."""
_ASKED_FOR: Final = frozenset({"get_password", "set_password", "delete_password", "get_secret", "getPassword"})
_COMMANDS: Final = frozenset({"cli", "commands", "cmd", "cmds"})
"""Folders of the commands of a program."""
_PLACES: Final = (("files",), ("paths",), ("folders",), ("urls",), ("filenames",), ("path",))
"""Last words of what holds where things lie: ``files.credentials`` is the path of a file."""
_DEEPEST: Final = 8
_OF_PATHS: Final = frozenset(
    {"joinpath", "Path", "exists", "existsSync", "isfile", "readFileSync", "abspath", "expanduser"}
)
"""Calls that are given the path of a file last, or alone."""


@module_check("SEC067", words={"log", "logger", "logging", "console", "print"} | _AUDITS)
def secret_logged(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at everything that is logged for names of secrets."""
    if module.is_test or _EXAMPLES & set(module.path.split("/")[:-1]):
        return
    for node in module.all(Call):
        if node.name not in _LEVELS | _RECORDS:
            continue
        held = set(last_words(node.receiver)) if node.receiver is not None else set()
        logs = bool(held & _AUDITS) if node.name in _RECORDS else bool(held & (_LOGGERS | _AUDITS))
        logs = logs or (node.name == "log" and held.isdisjoint(_NUMBERS))  # what a context or a caller hands out for it
        if not logs and not (node.receiver is None and node.name == "print" and not _is_of_a_terminal(module)):
            continue
        for argument in [*node.args, *node.keywords.values()]:
            found = _secret(module, argument, 0)
            if found:
                yield Match(
                    node,
                    f"'{found}' is written to the log, where it is kept for long and read by many.",
                    confidence=Confidence.POSSIBLE if _only_in_debugging(node) else None,
                )
                break


@module_check("SEC067", words={"raise", "throw", "error", "exception", "failed"})
def secret_in_error(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the texts of errors for secrets that the code signs its requests with."""
    if module.is_test:
        return
    for throw in module.all(Throw):
        made = strip(throw.value) if throw.value is not None else None
        for text in made.args if isinstance(made, Call) else ():
            found = _secret(module, text, 0) or _signing(module, text)
            if found and isinstance(strip(text), Template | Binary):
                yield Match(
                    text,
                    f"'{found}' becomes part of the text of an error, which goes to logs, reports and whoever asked.",
                )
                break


def _only_in_debugging(node: Call) -> bool:
    """Tell whether something is written only where a person has switched on that he wants to see it all."""
    return any(one.holds and "debug" in said_in(one.test) for one in conditions(node))


def _is_of_a_terminal(module: Module) -> bool:
    """Tell whether a file is a command that a person types: what it prints, that person has asked for."""
    return bool(_COMMANDS & set(module.path.split("/")[:-1]))


def _signing(module: Module, text: Expr) -> str:
    """Return the name of a token in a text that elsewhere in the file follows ``Bearer``."""
    for part in text.holes if isinstance(text, Template) else ():
        name = _last_name(part)
        if names_secret(name) == "weak" and name in _signs_with(module):
            return name
    return ""


def _signs_with(module: Module) -> frozenset[str]:
    """Return the names of what is put behind ``Bearer`` and its like."""

    def collect() -> frozenset[str]:
        found: set[str] = set()
        for made in module.all(Template):
            first = made.items[0] if made.items else None
            if isinstance(first, Literal) and str(first.value).strip() in ("Bearer", "Basic", "Token", "token"):
                found |= {_last_name(hole) for hole in made.holes}
        return frozenset(found)

    return module.once("security.signs_with", collect)


def _is_key_of_vault(module: Module, name: Name) -> bool:
    """Tell whether a secret is asked for by a name: ``keyring.get_password(f"{module}.{credential}", user)``."""
    return any(name.id in names_in(arg) for call in module.calls(_ASKED_FOR) for arg in call.args)


def _last_name(expr: Expr) -> str:
    expr = strip(expr)
    return expr.name if isinstance(expr, Member) else expr.id if isinstance(expr, Name) else ""


def _of_answer(expr: Name | Member) -> bool:
    """Tell whether headers are those that a server answered with, and none that were sent."""
    holder = last_words(expr.object) if isinstance(expr, Member) else ()
    return holder[-1:] in (("response",), ("resp",), ("res",), ("answer",), ("reply",))


def _secret(module: Module, expr: Expr, depth: int) -> str:
    """Return the name of a secret that is part of what is logged."""
    expr = strip(expr)
    if depth > _DEEPEST or (isinstance(expr, Member) and last_words(expr.object)[-1:] in _PLACES):
        return ""
    parts: list[Expr] = []
    if isinstance(expr, Name | Member) and depth < 2 and last_words(expr) in _WHOLE:
        return "" if _of_answer(expr) else module.text_of(expr)
    if isinstance(expr, Name | Member | Index):
        return _of_name(module, expr, depth)
    if isinstance(expr, Template):
        parts = expr.holes
    elif isinstance(expr, Binary) and expr.op in ("+", "%", "or", "??"):
        parts = [expr.left, expr.right]
    elif isinstance(expr, Object):
        named = _shown_in(expr)
        if named:
            return named
        parts = [value for key, value in expr.entries if key is not None]
    elif isinstance(expr, Conditional):
        parts = [part for part in (expr.then, expr.other) if not isinstance(part, Literal)]
    elif isinstance(expr, Call) and not set(words(expr.name)) & _MASKS:
        parts = [
            *expr.args,
            *([expr.receiver] if expr.name in ("toString", "format", "join", "trim") and expr.receiver else []),
        ]
        if expr.name not in (
            "stringify",
            "String",
            "str",
            "format",
            "toString",
            "dumps",
            "repr",
            "dict",
            "join",
            "inspect",
        ):
            parts = list(_made_record(module, expr))
    if isinstance(expr, Call) and _is_of_vault(expr):
        return module.text_of(expr)
    for part in parts:
        found = _secret(module, part, depth + 1)
        if found:
            return found
    return ""


def _shown_in(record: Object) -> str:
    """Return the name under which a record holds a proof, or what a store gave for such a name."""
    for holds in (_proves, _read_under):
        shown = next((key for key, value in record.entries if holds(key, value)), None)
        if isinstance(shown, Literal):
            return str(shown.value)
    return ""


def _of_name(module: Module, expr: Name | Member | Index, depth: int) -> str:
    """Return the name of a secret that a name stands for, or that is part of the record behind it."""
    found = _named(module, expr) or (_fetched(module, expr) if isinstance(expr, Name) else "")
    found = found or (_just_made(module, expr) if isinstance(expr, Name | Member) else "")
    found = "" if isinstance(expr, Name) and _is_looked_up(expr) else found
    made = module.scopes.origin(expr) if isinstance(expr, Name) and not found else None
    return _secret(module, made, depth + 1) if isinstance(made, Object) else found


def _made_record(module: Module, call: Call) -> Iterator[Object]:
    """Yield the records that a function of the file answers with: ``self._headers()``."""
    made = definition(module, call.callee)
    for answer in returns_of(made) if isinstance(made, Function) and made.module is module else ():
        record = strip(answer.value) if answer.value is not None else None
        if isinstance(record, Object):
            yield record


def _is_looked_up(name: Name) -> bool:
    """Tell whether a key is one under which something is looked up, and opens nothing: ``endpoints[endpointKey]``."""
    function = function_of(name)
    if function is None or words(name.id)[-1:] != ("key",):
        return False
    return any(isinstance(one.key, Name) and one.key.id == name.id for one in find(function.body, Index))


def _proves(key: Expr | None, value: Expr) -> bool:
    """Tell whether a record holds the header by which a request proves who sends it."""
    named = isinstance(key, Literal) and str(key.value).lower() in _PROOFS
    return named and isinstance(strip(value), Template | Binary | Call)


def _read_under(key: Expr | None, value: Expr) -> bool:
    """Tell whether a record holds, under the name of a secret, what settings or a store gave under such a name."""
    asked = strip(value)
    if not isinstance(key, Literal) or not isinstance(asked, Call) or asked.name not in ("get", "read", "secret"):
        return False
    first = asked.args[0] if asked.args else None
    named = isinstance(first, Literal) and names_secret(str(first.value)) != ""
    return named and names_secret(str(key.value)) != ""


def _paths(module: Module) -> frozenset[str]:
    """Return what a file reads and joins as paths: they say where a secret is kept, and are none."""

    def collect() -> frozenset[str]:
        given = (arg for call in module.calls(_OF_PATHS) for arg in call.args[-1:])
        return frozenset(module.text_of(arg) for arg in given)

    return module.once("security.paths-of-secrets", collect)


def _fetched(module: Module, name: Name) -> str:
    """Return the name of a variable that holds what a store of secrets gave, however it is called itself."""
    value = module.scopes.origin(name)
    waited = False
    while isinstance(value, Await | Cast):
        waited = waited or isinstance(value, Await)
        value = value.value
    if not isinstance(value, Call) or set(words(name.id)) & (_COUNTS | _MASKS):
        return ""
    asked = words(value.name)
    waited = waited or isinstance(value.parent, Await)
    if waited and asked[-1:] in (("token",), ("jwt",)) and words(name.id)[-1:] in (("token",), ("jwt",)):
        return name.id  # a service was asked for it; what a parser calls so, it has at hand
    if set(asked) & _OPENS:
        return name.id
    if asked in (("secret",), ("get", "secret"), ("read", "secret"), ("get", "password")):
        return name.id
    return name.id if _is_of_vault(value) else ""


def _is_of_vault(call: Call) -> bool:
    """Tell whether a call gives what a place of secrets keeps: ``context.secrets.get("token")``."""
    return words(call.name)[:1] in (("get",), ("read",)) and bool(set(last_words(call.receiver)) & _VAULTS)


def _just_made(module: Module, expr: Name | Member) -> str:
    """Return the name of a token that was made for somebody in the same function, or that a server is shown."""
    name = expr.id if isinstance(expr, Name) else expr.name
    said = words(name)
    weak = (names_secret(name) == "weak" or said[-1:] == ("key",)) and not set(said) & (_COUNTS | _MASKS)
    proves = is_fresh_secret(module, expr) or is_bearer(module, expr) or is_compared(module, expr)
    return name if weak and proves else ""


def _named(module: Module, expr: Expr) -> str:
    if module.text_of(expr) in _paths(module) or (isinstance(expr, Name) and _is_key_of_vault(module, expr)):
        return ""
    if isinstance(expr, Name):
        name = expr.id
    elif isinstance(expr, Member):
        name = expr.name
    elif isinstance(expr, Index) and isinstance(expr.key, Literal):
        name = str(expr.key.value)
    else:
        return ""
    said = words(name)
    if set(said) & (_COUNTS | _MASKS) or (said and said[-1] == "tokens") or name.isupper():
        return ""
    how = names_secret(name)
    if how == "sure":
        return name
    owner = last_words(expr.object) if isinstance(expr, Member | Index) else ()
    return name if how == "weak" and said[-1] in ("token", "jwt") and (set(said) | set(owner)) & _OF_SOMEBODY else ""
