"""SEC063: a temporary file whose name can be guessed; SEC066: a file that everybody may write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import siblings
from reviewer.code.syntax import Binary, Call, Expr, Literal, Name, Statement, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.leading import leading_text
from reviewer.experts.security.reaching.commands import PROGRAMS
from reviewer.experts.security.reaching.file_calls import WRITES, appended, file_calls
from reviewer.experts.security.reaching.sinks import shown, sinks
from reviewer.experts.security.values.provenance import trace
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MODES: Final = frozenset(
    "fs.chmod fs.chmodSync fs.promises.chmod os.chmod fs.fchmod os.fchmod os.umask process.umask fs.mkdir "
    "fs.mkdirSync "
    "fs.promises.mkdir fs.writeFile fs.writeFileSync fs.promises.writeFile os.mkdir os.makedirs os.open fs.open".split()
)
_WORLD: Final = 0o002
_BY_DEFAULT: Final = 0o777
"""The mode of a new folder whatever is said: what the umask takes from it is taken from this as well."""
_MADE_WITH_MODE: Final = frozenset("open mkdir makedirs mkdirSync openSync mkfifo mknod chmod chmodSync".split())
"""Calls that make a file or folder with the mode that they are given."""
_TEMP: Final = ("/tmp/", "/var/tmp/", "C:\\Temp")  # noqa: S108  # these are the folders that the rule is about
_FOLDERS: Final = ("/tmp", "/var/tmp")  # noqa: S108  # the same, before a name is joined to them
_REMOVES: Final = frozenset("unlink unlinkSync rm rmSync rmdir rmtree remove".split())
_NEW: Final = ("rand", "uuid", "mkdtemp", "mkstemp", "nanoid", "token_hex", "now")
"""Parts of names of what is another each time."""
_KNOWN: Final = frozenset("number no id name plugin version slug tenant user host port pid title kind".split())
"""Last words of a variable whose value others know, or can count up to."""
_MAKERS: Final = frozenset({"tempfile.mktemp", "os.tempnam", "os.tmpnam"})


@module_check("SEC066", words={"chmod", "umask", "mkdir", "mode", "makedirs", "write"})
def world_writable(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every mode that a file or folder gets."""
    if module.is_test or is_tooling(module.path):
        return
    for node in module.all(Call):
        if node.name in ("chmod", "lchmod") and module.resolve(node.callee) not in _MODES:
            mode = _number(module, node.arg(len(node.args) - 1, "mode")) if node.receiver is not None else -1
            if mode >= 0 and mode & _WORLD and not _tries_again(node):
                yield _open(module, node, mode)
    for sink in sinks(module, _MODES):
        if sink.name.endswith("umask"):
            if _number(module, sink.arg(0)) == 0 and not _only_asks(module, sink.call):
                yield Match(
                    sink.call,
                    "With a umask of 0, everybody on the machine may change the files that are made from now on.",
                )
            continue
        given = sink.option(module, "mode")
        if given is None:
            given = sink.arg(1) if "chmod" in sink.name or sink.name in ("os.mkdir", "os.makedirs") else None
        mode = _number(module, given)
        if "mkdir" in sink.name or sink.name == "os.makedirs":
            mode = -1 if mode == _BY_DEFAULT else mode
        if mode >= 0 and mode & _WORLD and not _tries_again(sink.call):
            yield _open(module, sink.call, mode)


def _open(module: Module, call: Call, mode: int) -> Match:
    return Match(
        call, f"With mode {mode:o}, everybody on the machine may change what '{shown(module, call, 40)}' is about."
    )


def _number(module: Module, expr: Expr | None) -> int:
    """Return a mode, or -1 where it isn't written out."""
    origin = module.scopes.origin(expr) if expr is not None else None
    if isinstance(origin, Literal):
        if isinstance(origin.value, int) and not isinstance(origin.value, bool):
            return origin.value
        if isinstance(origin.value, str) and origin.value.isdigit() and len(origin.value) in (3, 4):
            return int(origin.value, 8) if set(origin.value) <= set("01234567") else -1
        return -1
    name = module.resolve(expr) if expr is not None else ""
    if name.endswith((".S_IRWXO", ".S_IWOTH")):
        return _WORLD
    if isinstance(origin, Binary) and origin.op == "|":
        sides = [_number(module, origin.left), _number(module, origin.right)]
        return max(sides) if any(side >= 0 and side & _WORLD for side in sides) else -1
    return -1


def _only_asks(module: Module, call: Call) -> bool:
    """Tell whether the umask is set again before a file can be made, or only files with a mode of their own are.

    There is no way to read a umask but to set one: ``old = os.umask(0); os.umask(old)``.
    """
    statement = next((one for one in (call, *ancestors(call)) if isinstance(one, Statement)), None)
    beside = siblings(statement) if statement is not None else []
    if statement not in beside:
        return False
    makes = False
    for later in beside[beside.index(statement) + 1 :]:
        for one in calls_in(later):
            if one.name == "umask":
                return True
            given = one.arg(len(one.args) - 1, "mode") if one.name in _MADE_WITH_MODE else None
            mode = _number(module, given)
            if mode < 0 or mode & _WORLD:
                return False
            makes = True
    return makes


def _tries_again(call: Call) -> bool:
    """Tell whether somebody hands in what failed, and gets it done once the file may be changed: mostly its removal."""
    function = function_of(call)
    made = strip(call.receiver) if call.receiver is not None else None  # Path(path).chmod(…)
    holder = made if isinstance(made, Call) and len(made.args) == 1 else call
    path = holder.args[0] if holder.args else None
    if function is None or not isinstance(path, Name):
        return False
    names = {param.name for param in function.params}
    return path.id in names and any(
        isinstance(again.callee, Name)
        and again.callee.id in names
        and any(isinstance(one, Name) and one.id == path.id for one in again.args)
        for again in calls_in(function.body)
    )


@module_check("SEC063", words={"tmp", "temp", "mktemp", "tmpdir", "gettempdir", "tempnam"})
def guessable_temporary_file(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for names of temporary files that somebody else can take first."""
    if module.is_test or is_tooling(module.path):
        return
    for sink in sinks(module, _MAKERS):
        yield Match(sink.call, f"'{sink.name}' gives a name and no file: somebody else can make the file in between.")
    made: set[int] = set()
    for call, path in file_calls(module):
        if (call.name in WRITES - _REMOVES or _opens_for_writing(call)) and _is_guessable(module, path):
            made.add(id(module.scopes.origin(path)))
            yield _guessed(module, call, path)
    for sink in sinks(module, PROGRAMS):
        for name in (one for argument in sink.args for one in walk(argument) if isinstance(one, Name)):
            origin = module.scopes.origin(name)
            if isinstance(origin, Expr) and id(origin) not in made and _is_guessable(module, origin):
                made.add(id(origin))
                yield _guessed(module, origin, origin)


def _is_guessable(module: Module, path: Expr) -> bool:
    """Tell whether a path lies in the folder that all users share, under a name that anybody can work out."""
    start = leading_text(module, path)
    in_temp = start.startswith(_TEMP) or start in _FOLDERS or _under_tmpdir(module, path)
    return in_temp and (trace(module, path).fixed or _only_known(module, path)) and not _has_random(module, path)


def _only_known(module: Module, path: Expr) -> bool:
    """Tell whether what varies in a name is the name, the number or the id of something: ``f"/tmp/{plugin}.zip"``."""
    made = module.scopes.origin(path) if isinstance(path, Name) else path
    if not isinstance(made, Template | Binary):
        return False
    varying = [one for one in find(made, Name) if not isinstance(module.scopes.origin(one), Literal)]
    return bool(varying) and all(set(words(one.id)[-1:]) & _KNOWN for one in varying)


def _guessed(module: Module, at: Expr, path: Expr) -> Match:
    return Match(
        at,
        f"'{shown(module, path, 50)}' can be guessed: another user of the machine makes it first, or "
        "a link in its place.",
        confidence=Confidence.LIKELY,
    )


def _opens_for_writing(call: Call) -> bool:
    mode = call.arg(1 if call.receiver is None else 0, "mode")
    return (
        call.name == "open"
        and isinstance(mode, Literal)
        and isinstance(mode.value, str)
        and bool(set(mode.value) & set("wax+"))
    )


def _under_tmpdir(module: Module, path: Expr) -> bool:
    origin = module.scopes.origin(path)
    first = origin.args[0] if isinstance(origin, Call) and origin.args else getattr(origin, "left", None)
    if not isinstance(first, Expr) or not appended(module, path):
        return False
    if isinstance(first, Call) and first.name in ("Path", "PurePath") and len(first.args) == 1:
        first = first.args[0]
    return module.resolve(first) in ("os.tmpdir()", "tempfile.gettempdir()")


def _has_random(module: Module, path: Expr) -> bool:
    """Tell whether a part of the path is made anew each time."""
    origin = module.scopes.origin(path)
    parts = [whole for whole in (path, origin) if isinstance(whole, Expr)]
    parts += [made for name in find(parts, Name) if isinstance(made := module.scopes.origin(name), Expr)]
    said = [
        name
        for whole in parts
        for node in walk(whole)
        if not isinstance(node, Literal)
        for name in (getattr(node, "id", ""), getattr(node, "name", ""))
    ]
    return any(mark in name.lower() for name in said for mark in _NEW)
