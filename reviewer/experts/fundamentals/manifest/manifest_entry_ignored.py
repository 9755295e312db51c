"""FUN019: manifests name an entry point, and the host runs another file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Expr, Literal, Node, Template, strip
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.patterns import found
from reviewer.experts.fundamentals.manifest.entry_reads import declared_entry, reads_entry
from reviewer.experts.place import locate
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_FILE: Final = (
    r"(?i)(^|[/\\])(index|main|plugin|extension|addon|addin|module|mod|entry|init|__init__|__main__|app|skill|widget|bot|effect|"
    r"overlay|theme|start|bundle|code|script)\.([cm]?[jt]s|py)$"
)
_CODE: Final = r"(?i)^[/\\]?[\w-]{1,40}\.([cm]?[jt]s|py)$"
"""A file of code by a name of its own."""
_JOINS: Final = frozenset({"join", "resolve", "joinpath", "Path", "URL", "PurePath", "format", "concat"})
_LOADS: Final = ("import_module", "spec_from_file_location", "import", "require", "run_path", "__import__")


@subject_check("FUN019")
def manifest_entry_ignored(inquiry: Inquiry) -> Iterator[Match]:
    """Speak where nothing reads the entry point that every manifest has to name."""
    if inquiry.subject.kind != "host":
        return
    name = declared_entry(inquiry)
    if not name:
        return
    fixed: list[tuple[Location, str]] = []
    loads: list[Location] = []
    run: list[tuple[Location, str]] = []
    read = False
    for module in inquiry.project.modules():
        if module.is_test or is_tooling(module.path):
            continue
        read = read or reads_entry(module, name)
        run += _run(module)
        fixed += _fixed(module)
        loads += _loads(module)
    if read:
        for at, file in run:
            if found(_FILE, file) and not file.endswith("__init__.py"):  # whose entry may be a class in there
                yield Match(
                    at,
                    f"Every manifest has '{name}', which is what runs elsewhere; here it is always '{file}', which may "
                    "be another file than the one that was checked.",
                )
        return
    fixed = run or fixed
    for at, file in fixed[:1]:
        yield Match(
            at,
            f"Every manifest has '{name}', and nothing reads it: what runs is always '{file}', which may be another "
            "file than the one that was checked.",
        )
    if not fixed:
        for at in loads[:1]:
            yield Match(
                at,
                f"Every manifest has '{name}', and nothing reads it: what is loaded here is worked out from something "
                "else.",
                confidence=Confidence.POSSIBLE,
            )


def _run(module: Module) -> Iterator[tuple[Location, str]]:
    """Yield the loads of a fixed file of a folder that is not fixed: ``import(join(folder, "dist", "gate.js"))``."""
    for call in module.calls(_LOADS):
        given = call.arg(1) if call.name == "spec_from_file_location" else call.arg(0)
        if isinstance(given, Literal) and isinstance(given.value, str) and _on_path(module, call):
            yield locate(module, call), f"{given.value}.py"
        made = module.scopes.origin(given) if given is not None else None
        for part in (given, made) if made is not given else (given,):
            for literal in find(part, Literal) if isinstance(part, Expr) else ():
                text = literal.value
                around = _joined(literal) if isinstance(text, str) and found(_CODE, text) else None
                if around is not None and isinstance(text, str):
                    yield locate(module, around), text.lstrip("/")


def _on_path(module: Module, call: Call) -> bool:
    """Tell whether a module is imported by a name of the host's, out of a folder that was just put on the path."""
    function = function_of(call)
    if function is None or call.name not in ("import_module", "__import__"):
        return False
    puts = (one for one in find(function.body, Call) if one.name in ("insert", "append") and one.receiver is not None)
    return any(module.resolve(one.receiver) == "sys.path" and not isinstance(one.args[-1], Literal) for one in puts)


def _fixed(module: Module) -> Iterator[tuple[Location, str]]:
    """Yield the places where a fixed file of a plugin's folder is named."""
    for literal in module.all(Literal):
        text = literal.value
        if not isinstance(text, str) or len(text) > 60 or not found(_FILE, text):
            continue
        around = _joined(literal)
        if around is not None:
            yield locate(module, around), text.lstrip("/")


def _joined(literal: Literal) -> Node | None:
    """Return the expression that puts a file name behind a folder, or None."""
    parent = literal.parent
    if isinstance(parent, Template) and len(parent.items) > 1 and parent.items[-1] is literal:
        return parent
    if isinstance(parent, Binary) and parent.op in ("+", "/") and parent.right is literal:
        return parent
    if isinstance(parent, Call) and parent.name in _JOINS and len(parent.args) + (parent.receiver is not None) > 1:
        others = [strip(arg) for arg in parent.args if arg is not literal]
        receiver = parent.receiver
        if any(not isinstance(one, Literal) for one in others) or (not others and receiver is not None):
            return None if _own_folder(others) else parent
    return None


def _own_folder(others: list[Expr]) -> bool:
    """Tell whether a file name is put behind the folder of the program itself."""
    return any(getattr(one, "id", "") in ("__dirname", "__file__") for one in others)


def _loads(module: Module) -> Iterator[Location]:
    for call in module.calls(_LOADS):
        given = call.arg(1) if call.name == "spec_from_file_location" else call.arg(0)
        if given is None or isinstance(strip(given), Literal):
            continue
        if any(isinstance(around, Call) and around.name == "mock" for around in ancestors(call)):
            continue
        yield locate(module, call)
