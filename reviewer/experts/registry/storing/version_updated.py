"""REG071: who publishes a version that is there already gets its row updated, or its file replaced."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Assign, Binary, Call, Expr, Index, Literal, Member, Name
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers, with_helpers
from reviewer.experts.paths import said_in
from reviewer.experts.registry.sql_statements import runs, runs_in
from reviewer.experts.registry.storing.sql_tables import of_plugins
from reviewer.experts.registry.vocabulary import DIGESTS, VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_UPDATE: Final = regex(r"\bset\b(.{0,600}?)\bwhere\b(.{0,300})", re.IGNORECASE | re.DOTALL)
_SET_COLUMN: Final = regex(r"(\w{1,40})\s*=")
_FREE: Final = frozenset({"status", "state", "draft", "published", "published_at", "released", *DIGESTS})
"""Columns of a condition by which only what nobody can have yet is changed, or what is the same."""
_PUBLISHES: Final = frozenset(
    "publish release upload accept submit deposit shelve receive ingest push publishes uploaded".split()
)
_REPLACES: Final = frozenset(
    {"os.replace", "os.rename", "shutil.move", "shutil.copyfile", "shutil.copy", "shutil.copy2"}
)
_RENAMES: Final = frozenset("rename renameSync move moveSync copyFile copyFileSync writeFile writeFileSync".split())
_ONTO: Final = frozenset({"replace", "rename"})
_WRITTEN: Final = frozenset({"write_bytes", "write_text"})
_ASKS: Final = frozenset(
    "exists existsSync is_file is_dir access accessSync stat statSync lstat isfile isdir pathExists has link linkSync "
    "head head_object get_version touch".split()
)
_SAYS_ASKED: Final = frozenset("exists taken known unpublished immutable unused absent exclusive".split())
_OPTIONS: Final = 2
_FILES: Final = ("fs", "fs/promises", "fs-extra", "node:fs", "node:fs/promises")
_FINDS: Final = frozenset("get find findOne find_one first fetchone one one_or_none lookup find_version".split())
_ENDING: Final = regex(r"\.[a-z][a-z0-9]{1,5}$", re.IGNORECASE)
_MOST: Final = 4


@module_check("REG071", words={"update"})
def version_updated(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the functions that insert a version for an update which gives the one that is there other bytes."""
    if module.is_test:
        return
    for run in runs(module):
        function = function_of(run.call)
        said = _UPDATE.search(run.text) if run.verb == "update" else None
        if function is None or said is None or not _changes_bytes(said):
            continue
        (table,) = run.tables
        inserts = any(one.verb == "insert" and table in one.tables for one in runs_in(function))
        if inserts and (of_plugins(table) or set(words(table)) & VERSIONS):
            yield Match(
                run.call,
                f"A version that is in '{table}' already is given another digest here: its users get other bytes under "
                "the same number.",
            )


def _changes_bytes(said: re.Match[str]) -> bool:
    """Tell whether an update of one version sets its digest, with no condition that keeps out what was published."""
    asked = {name.lower() for name in _SET_COLUMN.findall(said.group(2))}
    changed = {name.lower() for name in _SET_COLUMN.findall(said.group(1))}
    return bool(asked & VERSIONS) and bool(changed & DIGESTS) and not asked & _FREE


@module_check("REG071", words=_PUBLISHES)
def version_file_replaced(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what publishes for a file that is put where the version lies, whether or not there is one."""
    if module.is_test:
        return
    for function in module.functions:
        if not set(words(function.name)[:2]) & _PUBLISHES:
            continue
        placed = [(call, target) for call in _calls(function) if (target := _target(module, call)) is not None]
        placed = [(call, target) for call, target in placed if _is_of_version(module, function, target)]
        call, target = placed[-1] if placed else (None, None)
        if call is not None and target is not None and not _is_asked(module, function, call):
            yield Match(
                call,
                f"'{function.name}' puts what it is given at '{module.text_of(target)}', also where that version lies "
                "there already: its users get other bytes under the same number.",
            )


def _calls(function: Function) -> Iterator[Call]:
    return (node for node in walk(function.body) if isinstance(node, Call))


def _target(module: Module, call: Call) -> Expr | None:
    """Return the path that a call puts something at, whatever is there; None for other calls."""
    if module.resolve(call.callee) in _REPLACES and len(call.args) > 1:
        return call.args[1]
    if call.receiver is None:
        return None
    if module.language == "python":
        if call.name in _ONTO and len(call.args) == 1:
            return call.args[0]
        return call.receiver if call.name in _WRITTEN else None
    if call.name not in _RENAMES or len(call.args) < 2 or module.resolve(call.receiver) not in _FILES:
        return None
    told = [node for arg in call.args[2:] for node in walk(arg)]
    refuses = any(isinstance(node, Literal) and node.value in ("wx", "ax") for node in told)
    refuses = refuses or any("excl" in words(node.name) for node in told if isinstance(node, Member))
    written = call.name.startswith("writeFile")
    return None if refuses else call.args[0 if written else 1]


def _is_of_version(module: Module, function: Function, target: Expr) -> bool:
    """Tell whether a path is that of a file, and made with the version that a function is given, not with a digest.

    A folder is left out: it can't be moved onto one that has something in it.
    """
    seen: list[Expr] = [target]
    for _ in range(_MOST):
        more = [
            bound.value
            for expr in seen
            for node in walk(expr)
            if isinstance(node, Name)
            for bound in module.scopes.lookup(node.id, node)
            if isinstance(bound, Assign) and bound.value is not None and function_of(bound) is function
        ]
        fresh = [one for one in more if all(one is not old for old in seen)]
        if not fresh:
            break
        seen.extend(fresh)
    params = {param.name for param in function.params} | {n for p in function.params for n in p.fields.values()}
    nodes = [node for expr in seen for node in walk(expr)]
    given = {node.id for node in nodes if isinstance(node, Name) and node.id in params}
    given |= {node.name for node in nodes if isinstance(node, Member)}
    keys = (node.key for node in nodes if isinstance(node, Index))
    given |= {key.value for key in keys if isinstance(key, Literal) and isinstance(key.value, str)}
    spelled = {word for name in given for word in words(name)}
    said = set().union(*(said_in(expr) for expr in seen))
    file = any(isinstance(node, Literal) and _ENDING.search(str(node.value)) for node in nodes)
    return file and bool(spelled & VERSIONS) and not said & DIGESTS


def _is_asked(module: Module, function: Function, placed: Call) -> bool:
    """Tell whether a function, a helper or who calls it asks what is there, or a database refuses what it has."""
    if any(run.verb == "insert" for run in runs_in(function)):
        return True
    around = [one for call in callers(function) if (one := function_of(call)) is not None]
    if any(_asks(one) for one in (*with_helpers(function, 1), *around)):
        return True
    for condition in conditions(placed):
        made = [module.scopes.origin(name) for name in find(condition.test, Name)]
        for node in (condition.test, *(one for one in made if isinstance(one, Expr))):
            if any(call.name in _FINDS for call in find(node, Call)):
                return True
            if any(one.op in ("in", "not in") for one in find(node, Binary)):
                return True
    return False


def _asks(function: Function) -> bool:
    """Tell whether a function asks what is there, or makes what must not be there."""
    for call in _calls(function):
        if call.name in _ASKS or set(words(call.name)) & _SAYS_ASKED:
            return True
        if "mkdir" in call.name.lower() and not call.keywords and len(call.args) < _OPTIONS:
            return True  # the version's own folder, which must not be there
        if call.name == "open" and any(isinstance(a, Literal) and "x" in str(a.value) for a in call.args):
            return True
    return False
