"""SEC046: a shell reads a text that is put together from values; SEC047: somebody outside names the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    Function,
    Literal,
    Name,
    Object,
    Param,
    Spread,
    Template,
    strip,
)
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.arguments import is_pieced
from reviewer.experts.fundamentals.vocabulary import ENTRIES
from reviewer.experts.paths import last_name
from reviewer.experts.registry.settled_entries import is_settled
from reviewer.experts.security.reaching.commands import QUOTERS, WORDS, programs, shell_texts
from reviewer.experts.security.reaching.sinks import confidence_of, raised, said, shown, shown_origin, unlimited
from reviewer.experts.security.values.provenance import trace
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry
    from reviewer.experts.security.values.origins import Trace
from reviewer.experts.security.reaching.sinks import Sink

_MOST_SITES = 20
_OWN = frozenset({"environment", "unknown", "argument"})
"""Origins that only the program's own surroundings and the person who starts it decide about, or that aren't known."""


def _texts(module: Module) -> Iterator[tuple[Sink, Expr, Trace, bool]]:
    """Yield the texts that a shell reads and the program doesn't decide about; whether they are put together."""
    known: dict[int, tuple[Sink, Expr, Trace, bool]] = {}
    for sink, text in shell_texts(module):
        found = unlimited(module, text, sink.call, QUOTERS)
        if found is None:
            continue
        pieced = (is_pieced(module, text) or _made_of_more(module, text)) and not _only_named_first(module, text, sink)
        if id(sink.call) not in known or (pieced and not known[id(sink.call)][3]):
            known[id(sink.call)] = (sink, text, found, pieced)
    yield from known.values()


def _only_named_first(module: Module, text: Expr, sink: Sink) -> bool:
    """Tell whether the program decides about all but what is run: ``${script} ${quotedArguments}`` adds to a command.

    Whoever writes that may name any program, whatever signs stand in it.
    """
    put_together = _helper_sites(module, text)
    if put_together:
        handed = [site.arg(_position(module, text)) for site in put_together]
        return all(one is not None and _only_named_first(module, one, sink) for one in handed)
    holes = _filled(module.scopes.origin(text))
    kinds = trace(module, holes[0], QUOTERS).kinds() if holes else set()
    if not kinds or not kinds <= _OWN | {"config", "parameter"}:
        return False
    return all(unlimited(module, one, sink.call, QUOTERS) is None for one in holes[1:])


def _filled(made: object) -> list[Expr]:
    """Return what a text begins with that is no constant, and what is put in behind or into it; else nothing.

    ``f"{tool} {path}"``, ``self.hook % {"path": path}``, ``hook.format(path=path)``.
    """
    if isinstance(made, Template):
        return made.holes if made.items and made.items[0] in made.holes else []
    begin: Expr | None = None
    given: list[Expr] = []
    if isinstance(made, Binary) and made.op == "%":
        begin, put = made.left, strip(made.right)
        given = [value for _key, value in put.entries] if isinstance(put, Object) else [put]
        given = put.items if isinstance(put, Array) else given
    elif isinstance(made, Call) and made.name == "join":
        given = _joined(made)
        begin = given.pop(0) if given else None
    elif isinstance(made, Call) and made.name == "format":
        begin, given = made.receiver, [*made.args, *made.keywords.values()]
    return [begin, *given] if begin is not None and not isinstance(strip(begin), Literal) else []


def _joined(made: Call) -> list[Expr]:
    """Return what is joined, one after the other: ``" ".join([tool] + [quote(one) for one in names])``."""
    given = made.args[0] if made.args and isinstance(strip(made.receiver or made), Literal) else made.receiver
    waiting: list[Expr] = [given] if given is not None else []
    found: list[Expr] = []
    while waiting:
        one = strip(waiting.pop(0))
        if isinstance(one, Binary) and one.op == "+":
            waiting[:0] = [one.left, one.right]
        elif isinstance(one, Array):
            waiting[:0] = one.items
        else:
            inner = one.value if isinstance(one, Spread) else one
            found.append(inner.element if isinstance(inner, Comprehension) else inner)
    return found


def _made_of_more(module: Module, text: Expr) -> bool:
    """Tell whether a command is a list that is joined, a call that formats, or a name with several such values."""
    origin = module.scopes.origin(text)
    if origin is None and isinstance(text, Name):
        bindings = module.scopes.lookup(text.id, text)
        values = [b.value for b in bindings if isinstance(b, Assign) and b.value is not None]
        return any(b.op == "+=" for b in bindings if isinstance(b, Assign)) or any(is_pieced(module, v) for v in values)
    if isinstance(origin, Param):
        return bool(_helper_sites(module, text))
    if isinstance(origin, Call):
        return origin.name in ("join", "format", "concat", "replace", "sprintf") or isinstance(origin.callee, Name)
    return isinstance(origin, Array | Template | Binary)


@module_check("SEC046", words=WORDS)
def shell_interpolation(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every text that a shell reads for values in it."""
    if module.is_test:
        return
    for sink, text, found, pieced in _texts(module):
        if not pieced:
            continue
        origin = found.worst()
        sure = not found.kinds() <= _OWN and not is_tooling(module.path)
        piece = shown_origin(origin) if origin is not None else shown(module, text)
        place, related = _place(module, sink, text)
        yield Match(
            place,
            f"A shell reads this text, and '{piece}' in it comes from {said(origin)}: "
            "a ';' or '$(…)' there runs commands.",
            confidence=Confidence.LIKELY if sure else Confidence.POSSIBLE,
            severity=raised(found, Severity.HIGH, Severity.CRITICAL),
            related=related,
        )


def _place(module: Module, sink: Sink, text: Expr) -> tuple[Call, tuple[tuple[Call, str], ...]]:
    """Return where the text is put together: the call itself, or the one call of a helper that only hands it on."""
    sites = _helper_sites(module, text)
    if len(sites) == 1:
        return sites[0], ((sink.call, "the shell"),)
    return sink.call, tuple((site, "put together here") for site in sites)


def _helper_sites(module: Module, text: Expr) -> list[Call]:
    """Return the calls that hand a text which is put together to a helper, where the text is its parameter."""
    param = module.scopes.origin(text)
    function = param.parent if isinstance(param, Param) else None
    if not isinstance(param, Param) or not isinstance(function, Function) or not function.name:
        return []
    position = _position(module, text)
    sites = []
    for count, call in enumerate(module.calls((function.name,))):
        argument = call.arg(position, param.name)
        if argument is not None and is_pieced(module, argument):
            sites.append(call)
        if count > _MOST_SITES:
            break
    return sites


def _position(module: Module, text: Expr) -> int:
    """Return at which place a function takes the parameter that a text is."""
    param = module.scopes.origin(text)
    function = param.parent if isinstance(param, Param) else None
    return function.params.index(param) if isinstance(param, Param) and isinstance(function, Function) else 0


@module_check("SEC047", words=WORDS)
def program_from_outside(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every program that is started for who names it."""
    if module.is_test or is_tooling(module.path):
        return
    for sink, text, found, pieced in _texts(module):
        if not pieced and not _judged_by_trust(inquiry, found):
            yield _about(module, sink, text, found, _confidence(found))
    told: set[int] = set()
    for sink, where, program in programs(module):
        if id(sink.call) in told:
            continue
        found_program = unlimited(where, program, sink.call if where is module else program)
        if found_program is None or _judged_by_trust(inquiry, found_program):
            continue
        if _is_settled_entry(inquiry, found_program):
            continue
        if not found_program.kinds() <= _OWN:
            told.add(id(sink.call))
            yield _about(where, sink, program, found_program, _confidence(found_program))


def _confidence(found: Trace) -> Confidence:
    """Return how sure it is that a stranger names the program: a setting that says what is run is rightly offered."""
    asked = found.kinds() <= _OWN | {"config", "parameter", "file"}
    return Confidence.POSSIBLE if asked else confidence_of(found)


def _judged_by_trust(inquiry: Inquiry, found: Trace) -> bool:
    """Tell whether only the settings of an editor name a program: SEC203 knows who may write those."""
    worst = found.worst()
    settings = worst is not None and worst.kind == "config" and found.kinds() <= _OWN | {"config", "parameter"}
    return settings and inquiry.subject.ecosystem == "vscode"


def _is_settled_entry(inquiry: Inquiry, found: Trace) -> bool:
    """Tell whether what a plugin says is the file that it starts with, of which the host asks where that leads."""
    worst = found.worst()
    name = last_name(worst.node) if worst is not None and worst.kind == "manifest" else ""
    return name in ENTRIES and is_settled(inquiry, name)


def _about(module: Module, sink: Sink, text: Expr, found: Trace, confidence: Confidence) -> Match:
    return Match(
        sink.call,
        f"'{shown(module, text)}', which comes from {said(found.worst())}, says which program runs here.",
        confidence=confidence,
        severity=raised(found, Severity.HIGH, Severity.CRITICAL),
    )
