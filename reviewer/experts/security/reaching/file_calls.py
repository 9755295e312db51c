"""Calls that reach a file by its path, and the parts that a path is joined from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.elsewhere import handed_calls
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Function,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Template,
    strip,
)
from reviewer.code.walk import function_of
from reviewer.experts.paths import last_words
from reviewer.experts.security.values.source_words import PATH_MAKERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

READS: Final = frozenset(
    "readFile readFileSync createReadStream readJson readJSON sendFile readdir readdirSync read_text "
    "read_bytes open copyFile copyFileSync send_file FileResponse readTextFile".split()
)
WRITES: Final = frozenset(
    "writeFile writeFileSync appendFile appendFileSync createWriteStream outputFile writeJson unlink "
    "unlinkSync rm rmSync rmdir rmtree remove mkdir mkdirSync rename renameSync write_text write_bytes cp "
    "cpSync symlink truncate touch writeTextFile".split()
)
_MODULES: Final = frozenset({"fs", "fsp", "promises", "os", "shutil", "deno", "fse", "aiofiles", "io", "path"})
_ON_PATHS: Final = frozenset(
    "read_text read_bytes write_text write_bytes open unlink mkdir rmdir touch iterdir".split()
)
_SERVICES: Final = frozenset({"files", "filesystem", "disk"})
"""What a host calls its service for files."""
_OF_SERVICE: Final = frozenset({"read", "write", "append", "readText", "writeText", "save"})
_DEEPEST: Final = 8
_MOST_FUNCTIONS: Final = 2
"""Functions of the file that a path is followed into."""


def file_calls(module: Module) -> Iterator[tuple[Call, Expr]]:
    """Yield every call that reaches a file, with the path."""
    for handed in handed_calls(module):  # to_thread(path.read_bytes)
        callee = strip(handed.callee)
        if isinstance(callee, Member) and callee.name in _ON_PATHS and module.language == "python":
            yield handed.call, callee.object
    for node in module.all(Call):
        receiver = node.receiver
        of_service = receiver is not None and node.name in _OF_SERVICE and set(last_words(receiver)) & _SERVICES
        if of_service and node.args and not _collects(module, node, receiver):
            yield node, node.args[0]
        if node.name not in READS | WRITES:
            continue
        if receiver is None:
            path = node.arg(0, "file")
            if node.name in ("remove", "rm", "open") and module.resolve(node.callee) != node.name:
                path = node.arg(0)
        elif node.name in _ON_PATHS and module.language == "python" and _is_variable(module, receiver):
            path = receiver
        elif (
            set(last_words(receiver)) & _MODULES
            or module.resolve(node.callee).split(".")[0] in _MODULES
            or node.name == "sendFile"
        ):
            path = node.arg(0)
        elif node.name in _ON_PATHS and module.language == "python":
            path = receiver
        else:
            continue
        if path is not None:
            yield node, path


def _collects(module: Module, call: Call, receiver: Expr | None) -> bool:
    """Tell whether a list is given one entry more, whatever it is called: ``files.append((name, content))``."""
    entry = strip(call.args[0])
    made = module.scopes.origin(receiver) if receiver is not None else None
    return call.name == "append" and (isinstance(entry, Array | Object) or isinstance(made, Array))


def _is_variable(module: Module, receiver: Expr) -> bool:
    """Tell whether a name is that of a value and not of a module: ``path`` is often either."""
    bindings = module.scopes.lookup(receiver.id, receiver) if isinstance(receiver, Name) else []
    return bool(bindings) and all(isinstance(binding, Assign | Param) for binding in bindings)


def near(made: object) -> Expr | None:
    """Return the path that another is made of with nothing below it: ``path.with_suffix(".part")``, ``dirname(path)``.

    What is put in its last place is none of its parts: ``with_name`` and ``with_suffix`` refuse a separator.
    """
    if isinstance(made, Member):
        return made.object if made.name == "parent" else None
    if isinstance(made, Template) and len(made.holes) == 1 and made.items[:1] == made.holes:
        return None if "/" in str(getattr(made.items[-1], "value", "")) else made.holes[0]  # `${target}.part`
    if not isinstance(made, Call):
        return None
    if made.name in ("with_name", "with_suffix", "with_stem"):
        return made.receiver
    return made.arg(0) if made.name in ("dirname", "fileURLToPath") else None


def appended(module: Module, path: Expr, depth: int = 0) -> list[Expr]:
    """Return the parts of a path that come after its first; empty where it isn't joined."""
    found: list[Expr] = []
    pending: list[Expr] = [path]
    for _ in range(_DEEPEST):
        if not pending:
            break
        origin = module.scopes.origin(pending.pop())
        if isinstance(origin, Call) and origin.new and origin.name == "URL" and len(origin.args) == 2:
            found.append(origin.args[0])  # new URL(entry, folder)
            pending.append(origin.args[1])
        elif (beside := near(origin)) is not None:
            pending.append(beside)
        elif isinstance(origin, Call) and origin.name in PATH_MAKERS:
            parts = list(origin.args)
            if origin.receiver is not None and origin.name in ("joinpath", "resolve") and not parts:
                pending.append(origin.receiver)
            elif origin.receiver is not None and origin.name == "joinpath":
                found += parts
                pending.append(origin.receiver)
            elif parts:
                found += parts[1:]
                pending.append(parts[0])
        elif isinstance(origin, Binary) and origin.op in ("/", "+"):
            found.append(origin.right)
            pending.append(origin.left)
        elif isinstance(origin, Template) and "/" in "".join(
            str(i.value) for i in origin.items if isinstance(i, Literal)
        ):
            found += origin.holes[1:] if origin.items[:1] == origin.holes[:1] else origin.holes
        elif isinstance(origin, Template) and origin.items and not isinstance(origin.items[0], Literal):
            pending.append(origin.items[0])  # `${target}.part`
        elif isinstance(origin, Array):
            found += origin.items[1:]
        elif isinstance(origin, Call) and depth < _MOST_FUNCTIONS:
            made = definition(module, origin.callee)
            answers = list(returns_of(made)) if isinstance(made, Function) and made.module is module else []
            joined = [one.value for one in answers[:1] if one.value is not None and one.value is not origin]
            found += [
                part for value in joined for part in appended(module, value, depth + 1) if function_of(part) is made
            ]
    return found
