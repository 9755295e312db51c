"""SEC059: a process for a plugin names no environment, and so inherits the host's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.made import values_of
from reviewer.code.syntax import (
    Array,
    Binary,
    Call,
    Expr,
    For,
    Function,
    Literal,
    Name,
    Object,
    Param,
    Spread,
    strip,
)
from reviewer.code.text.ideas import MANIFESTS, PLAIN_GUESTS
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words
from reviewer.experts.security.asked import is_read_text
from reviewer.experts.security.given.environment_given import STARTERS
from reviewer.experts.security.handing.guest_programs import (
    FILES,
    forks_record,
    interprets,
    is_handed,
    is_spoken_to,
    runs_listed,
    runs_own_program,
    runs_plugin,
    words_of,
)
from reviewer.experts.security.reaching.commands import WORDS
from reviewer.experts.security.reaching.sinks import Sink, sinks
from reviewer.experts.security.values.access import step
from reviewer.experts.security.values.called_with import handed
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

GUEST_WORDS: Final = PLAIN_GUESTS | MANIFESTS
"""What a worker is handed, where it is to load a guest."""
_BESIDE: Final = ("__dirname", "__filename", "import.meta")
"""What begins the path of a file that ships with the one that names it."""
_OWN_SCRIPTS: Final = frozenset({"fork", "Worker"})
"""Calls of which the first argument is a file of the host's own language, and no command."""


@module_check("SEC059", words=WORDS | {"worker"})
def environment_inherited(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every process that a host starts for something it is told of, without an environment of its own."""
    if module.is_test or inquiry.subject.kind != "host" or is_tooling(module):
        return
    for sink in sinks(module, STARTERS):
        options = _options(module, sink)
        if options is None or any(_may_say(module, one) for one in options):
            continue
        if "env" in sink.call.keywords or any(one.startswith("**") for one in sink.call.keywords):
            continue
        if (
            runs_plugin(module, sink)
            or forks_record(module, sink)
            or _runs_what_is_told(module, sink, options)
            or runs_own_program(module, sink)
            or (runs_listed(module, sink) and is_spoken_to(module, sink))
        ):
            yield Match(
                sink.call,
                f"'{sink.name.rsplit('.', 1)[-1]}' names no 'env', so the plugin's process inherits the "
                "whole environment "
                "of the host, with every key and password in it.",
            )


def _may_say(module: Module, options: Object) -> bool:
    """Tell whether options name an environment, or are laid over others of which that isn't known."""
    if options.get("env") is not None:
        return True
    made = [module.scopes.origin(one) for one in options.spreads]
    return any(not isinstance(one, Object) or _may_say(module, one) for one in made)


def _options(module: Module, sink: Sink) -> list[Object] | None:
    """Return the objects of options that a call is handed; None where what they hold isn't known here."""
    if module.language == "python":
        laid = [module.scopes.origin(one.value) for one in sink.args if isinstance(one, Spread) and one.double]
        beside = [one for one in laid if isinstance(one, Object)]
        return beside if len(beside) == len(laid) else None
    if any(isinstance(one, Spread) for one in sink.args):
        return None
    found: list[Object] = []
    for argument in sink.args[1:]:
        for _where, made in values_of(module, argument):
            if isinstance(made, Object):
                found.append(made)
    if not found and len(sink.args) > 1 and not _is_list(module, sink.args[-1]):
        return None
    return found


def _is_list(module: Module, argument: Expr) -> bool:
    return all(isinstance(made, Array) for _where, made in values_of(module, argument))


def _runs_what_is_told(module: Module, sink: Sink, options: list[Object]) -> bool:
    """Tell whether the interpreter, or a worker, runs a file that is no constant of the program."""
    if not sink.args:
        return False
    if any(_names_guest(one.get("workerData") or one.get("argv")) for one in options):
        return True  # the host's own script, which loads what it is told
    if _is_of_manifest(module, sink):
        return True
    if sink.name.rsplit(".", 1)[-1] in _OWN_SCRIPTS:
        told = [sink.args[0], *(sink.args[1:2] if sink.name.endswith("fork") else [])]
        return any(_is_told(module, one) for one in told) and not _is_own_script(module, sink.args[0])
    said = words_of(module, sink)
    if any(isinstance(one, Spread) and _is_told(module, one.value) and _names_command(one) for one in said):
        return True
    if not interprets(module, sink) or _is_module(module, said):
        return False
    return any(_is_told(module, one) for one in said[1:])


def _names_guest(given: Expr | None) -> bool:
    """Tell whether what a worker is given names a guest, or the file of one."""
    if given is None:
        return False
    made = strip(given)
    keys = {word for key in made.keys for word in words(key)} if isinstance(made, Object) else set()
    return bool(keys & FILES) or bool({*last_words(made), *keys} & GUEST_WORDS)


def _is_of_manifest(module: Module, sink: Sink) -> bool:
    """Tell whether the program lies in a folder where what a text says, which comes with it, has it."""
    first = words_of(module, sink)[:1]
    made = module.scopes.origin(first[0]) if first else None
    joined = isinstance(made, Call) and made.name in ("join", "resolve", "joinpath")
    joined = joined or (isinstance(made, Binary) and made.op == "/")
    if not joined or not isinstance(made, Expr):
        return False
    for part in made.args if isinstance(made, Call) else [made.right] if isinstance(made, Binary) else []:
        said = module.scopes.origin(part) if isinstance(part, Name) else part
        found = step(said) if isinstance(said, Expr) else None
        if found is not None and is_read_text(module, found[0]):
            return True
    return False


def _names_command(given: Spread) -> bool:
    """Tell whether what is spread is the command of a record: ``*tool.command``."""
    return getattr(strip(given.value), "name", "") in ("command", "argv", "cmd", "run", "exec")


def _is_module(module: Module, said: list[Expr]) -> bool:
    """Tell whether the interpreter runs a module by its name that is none of the subject's: ``-m venv``."""
    texts = [one.value if isinstance(one, Literal) else None for one in map(strip, said)]
    if "-c" in texts:
        return True
    place = texts.index("-m") if "-m" in texts else -1
    name = texts[place + 1] if 0 <= place < len(texts) - 1 else None
    if place < 0 or name is None:
        return False
    root = str(name).split(".")[0]
    own = module.project.paths() if module.project is not None else ()
    return not any(f"/{root}/" in f"/{path}" or path.endswith(f"{root}.py") for path in own)


def _is_told(module: Module, given: Expr) -> bool:
    """Tell whether a part of a command comes from who calls, or from a loop over what there is."""
    return any(is_handed(module, name) or _is_of_loop(module, name) for name in find(given, Name))


def _is_own_script(module: Module, given: Expr) -> bool:
    """Tell whether each call of the function around hands it a script that lies beside the host's own files."""
    name = strip(given)
    bound = module.scopes.lookup(name.id, name) if isinstance(name, Name) else []
    param = bound[0] if len(bound) == 1 else None
    function = param.parent if isinstance(param, Param) else None
    if not isinstance(param, Param) or not isinstance(function, Function):
        return False
    scripts = [module.text_of(one) for _where, _call, one in handed(module, function, param)]
    return bool(scripts) and all(any(mark in text for mark in _BESIDE) for text in scripts)


def _is_of_loop(module: Module, name: Name) -> bool:
    return any(isinstance(one, For) for one in module.scopes.lookup(name.id, name))
