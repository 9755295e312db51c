"""SEC162: a value from outside stands where a command-line tool still reads options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.elsewhere import RUNNERS
from reviewer.code.reach.links import callee, definition
from reviewer.code.syntax import (
    Binary,
    Call,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Param,
    Spread,
    Template,
    strip,
)
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, text_of
from reviewer.experts.security.reaching.commands import PROGRAMS, WORDS, command_of
from reviewer.experts.security.reaching.sinks import confidence_of, said, shown, sinks, unlimited
from reviewer.experts.security.values.source_words import PATH_MAKERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.security.values.origins import Trace

_TOOLS: Final = frozenset(
    "git pip pip3 uv npm pnpm yarn tar ssh scp rsync curl wget hg svn docker find grep zip 7z ffmpeg convert man "
    "pandoc".split()
)
"""Tools that take options which write files, run programs or talk to others."""
_LONG: Final = frozenset({"ffmpeg", "convert"})
"""Those of which every option begins with one dash, and nearly each takes a value."""
_ALONE: Final = frozenset("-y -n -nostdin -hide_banner -an -vn -sn -dn -re -shortest -stats -nostats -strip".split())
_FOLDERS: Final = (("dir",), ("folder",), ("directory",))
"""Last words of the place that something is put into, which the program chooses."""
_DEEPEST: Final = 8
_ENDS: Final = frozenset({"--", "--end-of-options"})
_WRONG: Final = frozenset({"stored", "config", "argument"})
"""Origins that belong to the person whose tool it is."""


@module_check("SEC162", words=WORDS)
def argument_read_as_option(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the arguments of each tool that is started, and of each function that hands them on."""
    if module.is_test:
        return
    told: set[int] = set()
    for sink in sinks(module, PROGRAMS):
        tool, arguments = command_of(module, sink.args)
        if tool not in _TOOLS:
            continue
        yield from _told(module, tool, arguments, sink.call, told)
        wrapper = _wrapper(module, arguments)
        if wrapper is None or any(text_of(one) in _ENDS for one in arguments):
            continue
        function, fixed = wrapper
        for call in module.calls((function.name,)):
            if callee(module, call) is function:
                yield from _told(module, tool, call.args[fixed:], call, told)


def _told(module: Module, tool: str, arguments: Sequence[Expr], call: Call, told: set[int]) -> Iterator[Match]:
    for argument in arguments:
        if text_of(argument) in _ENDS:
            return
        value = strip(argument)
        if not isinstance(value, Name | Member | Index | Call) or id(value) in told:
            continue
        if last_words(value)[-1:] in _FOLDERS:
            continue
        found = None if _after_option(tool, arguments, argument) else _outside(module, value, call)
        if found is None or _looks_at_dash(module, value) or _begins_known(module, value):
            continue
        told.add(id(value))
        yield Match(
            value,
            f"'{shown(module, value, 40)}', which comes from {said(found.worst())}, stands where {tool} still reads "
            "options: a value that begins with '-' is taken for one.",
            confidence=confidence_of(found),
        )


def _outside(module: Module, value: Expr, call: Call) -> Trace | None:
    """Return where a value comes from, if from somebody outside: here, or where another file calls this function."""
    found = unlimited(module, value, call)
    if found is None:
        return None
    if found.outside:
        return None if found.kinds() & _WRONG else found
    for other, site, given in _handed(module, value):
        more = unlimited(other, given, site)
        if more is not None and more.outside and not more.kinds() & _WRONG:
            return more
    return None


def _handed(module: Module, value: Expr) -> Iterator[tuple[Module, Call, Expr]]:
    """Yield what other files hand over for the parameter that a value is, also by way of a thread."""
    for binding in module.scopes.lookup(value.id, value) if isinstance(value, Name) else ():
        function = binding.parent if isinstance(binding, Param) else None
        if not isinstance(binding, Param) or not isinstance(function, Function) or module.project is None:
            continue
        place = function.params.index(binding)
        for other in module.project.modules(naming={function.name}, tests=False, using=module.path):
            for call in other.all(Call):
                first = RUNNERS.get(call.name, -1)
                called = call.arg(first) if first >= 0 else call.callee
                if called is None or definition(other, called) is not function:
                    continue
                given = call.arg(place + first + 1, binding.name)
                if given is not None:
                    yield other, call, given


def _after_option(tool: str, arguments: Sequence[Expr], argument: Expr) -> bool:
    """Tell whether an argument is the value of the option before it: ``["-C", folder]``."""
    place = next(index for index, one in enumerate(arguments) if one is argument)
    before = text_of(arguments[place - 1]) if place else ""
    if tool in _LONG and before.startswith("-") and before not in _ALONE:
        return True
    return before.startswith("-") and len(before) == 2 and before not in ("-v", "-q", "-f", "-r", "-a", "-l")


def _wrapper(module: Module, arguments: Sequence[Expr]) -> tuple[Function, int] | None:
    """Return the function whose further arguments are handed on to the tool, and how many come before them."""
    for argument in arguments:
        value = strip(argument.value) if isinstance(argument, Spread) else None
        if not isinstance(value, Name):
            continue
        for binding in module.scopes.lookup(value.id, value):
            function = binding.parent if isinstance(binding, Param) and binding.rest else None
            if isinstance(binding, Param) and isinstance(function, Function) and function.name:
                return function, function.params.index(binding)
    return None


def _begins_known(module: Module, value: Expr) -> bool:
    """Tell whether a value begins with a text of the program: ``Path("sheets") / name``."""
    made: object = value
    for _ in range(_DEEPEST):
        made = module.scopes.origin(strip(made)) if isinstance(made, Expr) else None
        if isinstance(made, Binary) and made.op in ("+", "/"):
            made = made.left
        elif isinstance(made, Template) and made.items:
            made = made.items[0]
        elif isinstance(made, Call) and made.name in PATH_MAKERS and made.args:
            made = made.args[0]
        else:
            break
    return isinstance(made, Literal) and isinstance(made.value, str) and not made.value.startswith("-")


def _looks_at_dash(module: Module, value: Expr) -> bool:
    """Tell whether the file asks of the value whether it begins with a dash."""
    text = module.text_of(value)
    for call in module.calls(("startswith", "startsWith")):
        asked = call.receiver is not None and module.text_of(call.receiver) == text
        if asked and call.args and isinstance(call.args[0], Literal) and str(call.args[0].value).startswith("-"):
            return True
    return False
