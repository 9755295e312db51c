"""SEC055: the file that a plugin's own description names, in whatever field, is joined to its folder and run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import class_of_value
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Binary, Call, Cast, Expr, Literal, Member, Name, Node, strip
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find
from reviewer.core.scale import Severity
from reviewer.experts.api.manifest_shapes import manifest_shapes
from reviewer.experts.api.schema_documents import member_of, schema_documents
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.security.asked import is_read_text
from reviewer.experts.security.injection.made_checked import made_checked
from reviewer.experts.security.injection.schema_keeps import kept_by_schema
from reviewer.experts.security.reaching.file_calls import appended
from reviewer.experts.security.reaching.sinks import shown
from reviewer.experts.security.values.access import step
from reviewer.experts.security.values.guards import limited
from reviewer.experts.security.values.made_paths import seen_through
from reviewer.experts.security.values.own_word import is_said_by_text
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_RUNS: Final = {
    **dict.fromkeys(("import", "require", "run_path", "Worker", "fork", "importModule"), 0),
    **dict.fromkeys(("spec_from_file_location", "SourceFileLoader", "load_source"), 1),
}
"""Calls that run a file, and which of their arguments names it."""
_ENTRIES: Final = word_set("entry entrypoint main program executable")
"""Words of a function that finds the file which is to be run."""
_NO_PATHS: Final = word_set("points list read parse load run all names class function")
_FORMS: Final = frozenset({"href", "pathname"})
_WRAPS: Final = frozenset({"pathToFileURL", "str", "String", "fileURLToPath", "normalize", "abspath"})
"""Calls that give the same file in another form, and keep it nowhere."""
_ASKS: Final = frozenset(
    "test match fullmatch startsWith startswith is_relative_to relative_to commonpath isAbsolute is_absolute relative "
    "includes basename".split()
)
"""Calls that ask where a path leads, or how a name is spelled."""


@module_check("SEC055", words={"import", "require", "importlib", "runpy", "worker", "fork"} | _ENTRIES)
def entry_joined(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each file that is run for a part of its path that the plugin says of itself, and nobody looked at."""
    if module.is_test or is_tooling(module.path) or inquiry.subject.kind != "host":
        return
    spoken: set[int] = set()
    for call, path in (*_run(module), *_found(module)):
        for joined, at in _ways(module, path):
            part = next((one for one in appended(module, joined) if _is_said(module, one)), None)
            if part is None or at.line in spoken or _is_held(inquiry, module, part, joined, (call, at)):
                continue
            spoken.add(at.line)
            yield Match(
                at,
                f"'{shown(module, part, 40)}' is what the plugin says of itself, and names the file that runs: with "
                "'../' in it code runs that was never part of the package.",
                related=((call, "runs it"),) if at is not call else (),
                severity=Severity.HIGH,
            )


def _run(module: Module) -> Iterator[tuple[Node, Expr]]:
    """Yield the calls that run a file, with the file."""
    for call in module.calls(_RUNS):
        path = call.arg(_RUNS[call.name], "location")
        if path is not None and (call.name not in ("import", "require") or isinstance(call.callee, Name)):
            yield call, path


def _found(module: Module) -> Iterator[tuple[Node, Expr]]:
    """Yield what functions answer with that by their names find the file to be run: ``entry_of(plugin)``."""
    for function in module.functions:
        said = set(words(function.name))
        if said & _ENTRIES and not said & _NO_PATHS:
            yield from ((one, one.value) for one in returns_of(function) if one.value is not None)


def _ways(module: Module, path: Expr) -> Iterator[tuple[Expr, Node]]:
    """Yield the path of a file where it is joined: right there, under a name, or in a property of the object."""
    path = strip(path)
    for _ in range(4):
        if isinstance(path, Member) and path.name in _FORMS:
            path = strip(path.object)
        elif isinstance(path, Call) and path.name in _WRAPS and path.args:
            path = strip(path.args[0])
        else:
            break
    cls = class_of(path) if is_this_member(path) else None
    held = cls.method(path.name) if cls is not None and isinstance(path, Member) else None
    if held is not None and held.kind == "getter":
        yield from ((one.value, one) for one in returns_of(held) if one.value is not None)
        return
    made = module.scopes.origin(path)
    if isinstance(made, Call) and made.name in _WRAPS and made.args:
        made = module.scopes.origin(made.args[0])
    yield path, made if isinstance(made, Expr) and isinstance(path, Name) else path


def _is_said(module: Module, part: Expr) -> bool:
    """Tell whether a part of a path is a member of what a text says that came with the plugin."""
    said = seen_through(module, part)
    found = step(said) if isinstance(said, Expr) else None
    while found is not None:
        holder = strip(found[0])
        if is_read_text(module, holder):
            return True
        kept = _kept(module, holder)
        if kept is not None and is_read_text(module, kept):
            return True
        cls = class_of_value(module, holder)
        if cls is not None and is_said_by_text(cls):
            return True
        said = module.scopes.origin(holder)
        found = step(said) if isinstance(said, Expr) else None
    return False


def _kept(module: Module, holder: Expr) -> Expr | None:
    """Return the one value that a field is given."""
    cls = class_of(holder) if is_this_member(holder) else None
    values = module.scopes.field_values(cls, holder.name) if cls is not None and isinstance(holder, Member) else []
    return values[0] if len(values) == 1 else None


def _is_held(inquiry: Inquiry, module: Module, part: Expr, joined: Expr, places: tuple[Node, ...]) -> bool:
    """Tell whether something looks at the part, or at where the path leads, before it is run, or where it is read."""
    whole = [joined] if isinstance(joined, Name) else []  # else what is asked of another part would count for this one
    if any(limited(module, known, place) for place in places for known in ([part, *whole], [part])):
        return True
    return made_checked(module, part) or kept_by_schema(module, part) or _is_asked_about(inquiry, module, part)


def _is_asked_about(inquiry: Inquiry, module: Module, part: Expr) -> bool:
    """Tell whether the subject asks about a field of this name anywhere, or says in a schema what it may be."""
    said = module.scopes.origin(part)
    name = last_name(said if isinstance(said, Expr) else part)
    if any(name in shape.fields and _narrows(shape.module, shape.fields[name]) for shape in manifest_shapes(inquiry)):
        return True
    if any(_is_narrowed(member_of(document, "properties", name)) for document in schema_documents(inquiry)):
        return True
    asked = inquiry.project.answers("security.fields asked about", _asked, _ASKS | {"relative"}, tests=False)
    return any(name in names for names in asked)


def _is_narrowed(described: Value | None) -> bool:
    """Tell whether a member of a JSON Schema may only be one of few texts, or one of a form."""
    return described is not None and any(described.get(key) is not None for key in ("pattern", "enum", "const"))


def _narrows(module: Module, described: Node) -> bool:
    text = module.text_of(described)
    return any(
        word in text for word in ("regex", "pattern", "enum", "const", "literal", "Literal", "refine", "validator")
    )


def _asked(module: Module) -> frozenset[str]:
    """Return the members that a file asks about: ``FILE.test(card.code)``, ``card["code"].startswith("/")``."""
    found: set[str] = set()
    for call in module.calls(_ASKS):
        given = [*call.args, *([call.receiver] if call.receiver is not None else [])]
        found.update(last_name(one) for arg in given for one in find(arg, Expr) if isinstance(one, Member | Name))
        found.update(str(one.value) for arg in given for one in find(arg, Literal) if isinstance(one.value, str))
    for test in module.all(Binary):
        if any(isinstance(side, Literal) and side.value == ".." for side in (strip(test.left), strip(test.right))):
            found.update(last_name(one) for one in find(test, Expr) if isinstance(one, Member | Name | Cast))
    return frozenset(one for one in found if words(one))
