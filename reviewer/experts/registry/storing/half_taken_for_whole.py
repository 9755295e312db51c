"""REG060: a file counts as there as soon as it exists, and is written in place: half of it is taken for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Call, If, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import behind, calls_in, class_of, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import said_in, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function
    from reviewer.experts.check import Inquiry

_ASKS: Final = frozenset({"exists", "is_file", "existsSync", "isfile"})
_WRITES: Final = frozenset({"write_bytes", "writeFileSync", "writeFile", "copyfile", "copyFileSync", "urlretrieve"})
_MOVES: Final = frozenset({"replace", "rename", "renameSync", "move", "link", "flock"})
_PACKED: Final = word_set(
    "package packages archive archives blob blobs digest sha256 bundle bundles tarball wheel wheels release zip "
    "releases artifact artifacts download downloads"
)
"""Words of code that keeps packages."""
_NO_FILE: Final = word_set("default template example sample config readme gitignore")


@module_check("REG060", words={"exists", "isfile", "file"})
def half_taken_for_whole(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look behind each question whether a package is there for what writes it straight to its place."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for test in module.all(If):
        function = function_of(test)
        asked = strip(test.test)
        if function is None or test.orelse or not exits(test.body) or isinstance(asked, Unary):
            continue
        path = _asked(asked)
        if path is None or not _keeps_packages(function, path) or _puts_in_place(function):
            continue
        text = module.text_of(path)
        write = next((one for one in calls_in(function.body) if _writes(module, one, text) and behind(one, test)), None)
        if write is not None:
            yield Match(
                write,
                f"'{short(text)}' counts as there as soon as the file exists, and is written in place: after a crash "
                "half-way the half is taken for the whole, each time.",
                related=((test.test, "asked here"),),
            )


def _asked(asked: Expr) -> Expr | None:
    """Return the path of a question whether a file is there: ``target.exists()``, ``existsSync(target)``."""
    if not isinstance(asked, Call) or asked.name not in _ASKS:
        return None
    return strip(asked.args[0]) if asked.args else strip(asked.receiver) if asked.receiver is not None else None


def _writes(module: Module, call: Call, path: str) -> bool:
    if call.name not in _WRITES:
        return False
    given = (
        call.receiver
        if call.name == "write_bytes"
        else call.arg(1 if call.name not in ("writeFileSync", "writeFile") else 0)
    )
    return given is not None and module.text_of(strip(given)) == path


def _keeps_packages(function: Function, path: Expr) -> bool:
    """Tell whether the words around say that packages are kept, and no file of settings or help."""
    cls = class_of(function)
    said = said_in(function.body) | set(words(function.name)) | {w for one in function.params for w in words(one.name)}
    said |= set(words(cls.name)) if cls is not None else set()
    return bool(said & _PACKED) and not (said_in(path) | set(words(function.name))) & _NO_FILE


def _puts_in_place(function: Function) -> bool:
    """Tell whether a function moves a whole file to its place, or looks at the size or the digest of what is there."""
    return any(call.name in _MOVES or call.name in ("stat", "getsize", "unlink") for call in find(function.body, Call))
