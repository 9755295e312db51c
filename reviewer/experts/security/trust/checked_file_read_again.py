"""SEC038: a file's digest is checked, and then the file is read a second time to be run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.syntax import Array, Assign, Await, Call, Cast, Expr, Function, Name, Node, strip
from reviewer.code.walk import calls_in, function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.registry.verification import comparisons, hashed
from reviewer.experts.security.reaching.file_calls import READS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_RUNS: Final = frozenset(
    "import require Worker fork spawn execFile exec Popen run call check_call check_output create_subprocess_exec "
    "spec_from_file_location run_path execfile SourceFileLoader pathToFileURL readFile readFileSync read_bytes "
    "read_text open dlopen runInThisContext".split()
)
"""Calls that read what lies at a path, or run it."""
_IMPORTS: Final = frozenset({"import", "require", "pathToFileURL"})
"""Those that give the language no other way than a path."""
_INPUTS: Final = 4
_STEPS: Final = 12


@module_check("SEC038", words={"read", "digest", "hash", "sha", "sha256", "sha512", "checksum", "integrity", "hashlib"})
def checked_file_read_again(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every comparison of a digest for what becomes of the file behind it."""
    if module.is_test:
        return
    spoken: set[int] = set()
    checks = [(one.node, _paths_behind(module, hashed(module, one.actual))) for one in comparisons(module)]
    checks += _by_helpers(module)
    for check, paths in checks:
        function = function_of(check)
        if function is None:
            continue
        for path in paths:
            use = _used_later(module, function, path, check.raw.end_byte)
            if use is not None and id(use) not in spoken:
                spoken.add(id(use))
                yield Match(
                    use,
                    f"'{short(module.text_of(path))}' is read anew here: between the check of its digest and this "
                    "line the file can be another one.",
                    related=((check, "the digest is checked here"),),
                    confidence=Confidence.POSSIBLE if use.name in _IMPORTS else None,
                )


def _by_helpers(module: Module) -> list[tuple[Expr, list[Expr]]]:
    """Return the calls that hand a file's bytes to a function of the subject which compares their digest."""
    found: list[tuple[Expr, list[Expr]]] = []
    for read in module.calls(READS):
        path = _path_of_read(module, read)
        for call in _handed_to(read):
            target = callee(module, call)
            if path is not None and target is not None and _compares_given(target):
                found.append((call, [path]))
    return [*found, *_by_path(module)]


def _by_path(module: Module) -> Iterator[tuple[Expr, list[Expr]]]:
    """Yield the calls of a function that reads the file at a path it is given, and compares the digest."""
    for one in comparisons(module):
        helper = function_of(one.node)
        if helper is None or not helper.name:
            continue
        names = [path.id for path in _paths_behind(module, hashed(module, one.actual)) if isinstance(path, Name)]
        for position, param in enumerate(helper.params):
            if param.name not in names:
                continue
            for call in module.calls((helper.name,)):
                given = call.arg(position, param.name)
                if given is not None and callee(module, call) is helper:
                    yield call, [given]


def _handed_to(read: Call) -> Iterator[Call]:
    """Yield the calls that are given what a read gives, at once or through a variable."""
    around: Node | None = read.parent
    while isinstance(around, Await | Cast):
        around = around.parent
    if isinstance(around, Call) and around.callee is not read:
        yield around
    function = function_of(read)
    if isinstance(around, Assign) and isinstance(around.target, Name) and function is not None:
        held = around.target.id
        for call in calls_in(function.body, into_functions=False):
            if any(isinstance(strip(given), Name) and getattr(strip(given), "id", "") == held for given in call.args):
                yield call


def _compares_given(function: Function) -> bool:
    """Tell whether a function compares the digest of what it is given with another."""
    given = {param.name for param in function.params}
    return any(
        function_of(one.node) is function
        and any(
            isinstance(part, Name) and part.id in given
            for fed in hashed(function.module, one.actual)
            for part in walk(fed)
        )
        for one in comparisons(function.module)
    )


def _paths_behind(module: Module, inputs: list[Expr]) -> list[Expr]:
    """Return the paths of the files whose bytes are hashed."""
    found: list[Expr] = []
    for given in inputs[:_INPUTS]:
        if _read_by_helper(module, given):
            found.append(given)
            continue
        made = module.scopes.origin(given)
        call = strip(made) if isinstance(made, Expr) else None
        for _ in range(_STEPS):
            if not isinstance(call, Call):
                break
            if call.name in READS:
                path = _path_of_read(module, call)
                if path is not None:
                    found.append(path)
                break
            if call.receiver is None:
                break
            inner = module.scopes.origin(call.receiver)
            if not isinstance(inner, Expr) or inner is call:
                found.extend(_opened(module, call.receiver))
                break
            call = strip(inner)
    return found


def _read_by_helper(module: Module, given: Expr) -> bool:
    """Tell whether a function of the subject is handed a path, and reads what it hashes from there."""
    call = given.parent
    target = callee(module, call) if isinstance(call, Call) and given in call.args else None
    if target is None or not isinstance(call, Call):
        return False
    position = call.args.index(given)
    name = target.params[position].name if position < len(target.params) else ""
    paths = [_path_of_read(target.module, read) for read in calls_in(target.body) if read.name in READS]
    return any(isinstance(path, Name) and path.id == name for path in paths)


def _path_of_read(module: Module, call: Call) -> Expr | None:
    on_path = call.name in ("read_bytes", "read_text") or (call.name == "open" and not call.args)
    return call.receiver if on_path else call.arg(0)


def _opened(module: Module, handle: Expr) -> list[Expr]:
    """Return the path of a file that a ``with`` opened."""
    if not isinstance(handle, Name):
        return []
    for binding in module.scopes.lookup(handle.id, handle):
        for value, _target in getattr(binding, "items", ()):
            opened = strip(value)
            if isinstance(opened, Call) and opened.name == "open":
                path = _path_of_read(module, opened)
                return [path] if path is not None else []
    return []


def _used_later(module: Module, function: Function, path: Expr, after: int) -> Call | None:
    """Return the first call behind a place that reads or runs what lies at the same path."""
    text = module.text_of(path)
    for call in calls_in(function.body, into_functions=False):
        if call.raw.start_byte < after or call.name not in _RUNS:
            continue
        given: list[Expr] = [*call.args, *call.keywords.values()]
        given += [item for argument in call.args if isinstance(argument, Array) for item in argument.items]
        if call.receiver is not None and call.name in ("read_bytes", "read_text", "open"):
            given.append(call.receiver)
        for argument in given:
            inner = strip(argument)
            if isinstance(inner, Call) and inner.name in ("str", "String", "fspath") and inner.args:
                inner = strip(inner.args[0])
            if module.text_of(inner) == text:
                return call
    return None
