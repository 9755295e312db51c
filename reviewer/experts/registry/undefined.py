"""Names that nothing defines."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from reviewer.code.bindings import bound
from reviewer.code.flow import conditions, guarding_try
from reviewer.code.syntax import Assign, Call, Class, Comprehension, Function, Import, Name, Opaque, Throw, Unary
from reviewer.code.text.languages import is_test, language_of
from reviewer.code.walk import ancestors, class_of, find
from reviewer.core.errors import UnreadableError
from reviewer.core.regex import regex
from reviewer.experts.data.globals import JAVASCRIPT, PYTHON
from reviewer.experts.profile import profile_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_DECLARED: Final = regex(
    rb"/\*\s*(?:globals?|exported)\b([^*]*)\*/|\bdeclare\s+(?:const|let|var|function|class|namespace|module|global)\s+(\w+)"
    rb"|\b(?:namespace|module|enum)\s+(\w+)\s*\{|\btypeof\s+(?:(?:window|self|globalThis)\.)?([\w$]+)"
    rb"|//\s*declare global:([^\n]*)"
)
_SHARED: Final = regex(rb"\b(?:window|self|globalThis|global)\.([A-Za-z_$][\w$]*)\s*=(?!=)")
_ANY_SHARED: Final = regex(
    rb"\bObject\.assign\(\s*(?:global|globalThis|window)\s*,|\b(?:global|globalThis)\[\s*[A-Za-z_$][\w$.]*\s*\]\s*=(?!=)"
)
"""What makes all members of something global, whatever they are called."""
_OF_SCRIPT: Final = regex(rb"^(?:var|let|const|function\*?|async function\*?|class)\s+([A-Za-z_$][\w$]*)", re.MULTILINE)
"""What a script without imports and exports defines at its beginning, and every script of the page sees."""
_OLD_PYTHON: Final = regex(rb"^\s*except\s+[\w.]+\s*,\s*[a-z_]\w*\s*:", re.MULTILINE)
"""How Python 2 gave an error a name: nobody runs such a file today."""
_ANYTHING: Final = "*"
_ESM: Final = regex(rb"^\s*(?:import|export)\b|\brequire\(|\bmodule\.exports\b|\bexports\.", re.MULTILINE)
_WORD: Final = regex(rb"[A-Za-z_$][\w$]*")
_OWNERS: Final = frozenset({"_", "this", "super", "self", "cls", "mcs", "metacls"})
"""First parameters of methods, which functions and classes inside may name."""
_ERRORS: Final = frozenset(
    "Error TypeError RangeError SyntaxError ReferenceError EvalError URIError AggregateError SuppressedError".split()
)
"""The errors of the language."""
_BROWSERS: Final = ("GPU", "RTC", "WebTransport", "Media", "Overconstrained", "Geolocation")
"""Beginnings of the errors that a browser defines."""
_STRANGE: Final = frozenset({"exec", "eval", "globals", "locals", "vars"})
_OWN_MODULE: Final = regex(rb"\bsys\.modules\[__name__\]")
"""The module as an object: what is set on it are its names."""
_TOLD: Final = regex(
    rb"eslint-disable(?:-line|-next-line)?\b[^\n]{0,200}[\s,]no-undef(?:[\s,*]|$)"
    rb"|#\s{0,3}noqa:[^\n]{0,80}\bF821\b|pylint:\s{0,3}disable=[^\n]{0,80}\bundefined-variable\b"
)
"""What an author tells a linter who knows that the name is defined elsewhere, or that the line never runs."""
_NATIVE: Final = regex(r"\.(?:android|ios)\.[cm]?[jt]sx?$")
"""A file for one platform alone: its runtime makes the classes and functions of the platform global."""
_EVERYWHERE: Final = 4
"""Files that read a name which none of them has: nobody makes one mistake so often, so the runtime gives it."""
_TYPES: Final = frozenset({"type_identifier", "nested_type_identifier", "generic_type"})
_TAGS: Final = frozenset({"jsx_opening_element", "jsx_closing_element", "jsx_self_closing_element"})


def undefined_names(inquiry: Inquiry, module: Module) -> dict[int, Name]:
    """Return the names of a module that are read and that nothing defines, by the identity of the node."""
    if _NATIVE.search(module.path):
        return {}
    return module.once(
        "registry.undefined",
        lambda: {id(name): name for name in _free(inquiry, module) if not _of_runtime(inquiry, name.id)},
    )


def _of_runtime(inquiry: Inquiry, name: str) -> bool:
    """Tell whether so many files read a name which none of them defines that the runtime has to give it.

    What is built of a file, or beside it for another loader, has the file's name and counts for no other.
    """
    readers = inquiry.project.answers(
        "registry.free names", lambda other: _free_names(inquiry, other), naming={name}, tests=False
    )
    return len({file for file, free in readers if name in free}) >= _EVERYWHERE


def _free_names(inquiry: Inquiry, module: Module) -> tuple[str, frozenset[str]]:
    file = posixpath.basename(module.path).split(".")[0]
    return file, frozenset(name.id for name in _free(inquiry, module))


def _free(inquiry: Inquiry, module: Module) -> tuple[Name, ...]:
    return module.once("registry.free", lambda: tuple(_undefined(inquiry, module)))


def _undefined(inquiry: Inquiry, module: Module) -> Iterator[Name]:
    if module.is_test or module.tree.root_node.has_error or module.too_deep:
        return
    python = module.language == "python"
    if (python and (_unbounded(module) or _OLD_PYTHON.search(module.source))) or (
        not python and not _ESM.search(module.source)
    ):
        return
    known = (PYTHON if python else JAVASCRIPT) | _declared(module) | _loose(module) | _of_host(inquiry)
    told = _told(module)
    for name in module.all(Name):
        if name.id in known or not _is_read(name, python=python):
            continue
        if module.scopes.lookup(name.id, name) or _bound_otherwise(module, name):
            continue
        if (not python and {name.id, _ANYTHING} & _shared(inquiry)) or name.line in told:
            continue
        yield name


def _told(module: Module) -> frozenset[int]:
    """Return the lines of which a comment tells a linter to let undefined names be; all for the whole file."""
    found: set[int] = set()
    for hit in _TOLD.finditer(module.source):
        line = module.source.count(b"\n", 0, hit.start()) + 1
        said = hit.group()
        if said.startswith(b"eslint-disable") and not said.startswith((b"eslint-disable-line", b"eslint-disable-next")):
            return frozenset(name.line for name in module.all(Name))
        found.add(line + 1 if said.startswith(b"eslint-disable-next") else line)
    return frozenset(found)


def _shared(inquiry: Inquiry) -> frozenset[str]:
    """Return the names that some script of the subject makes global: other scripts see them, or may see anything."""
    known = inquiry.memory.get("registry.shared")
    if not isinstance(known, frozenset):
        found: set[bytes] = set()
        for path in inquiry.project.sources:
            if language_of(path) == "python" or is_test(path):
                continue
            try:
                text = inquiry.subject.read(path)  # the text alone: nothing is parsed for it
            except UnreadableError:
                continue
            found.update(_SHARED.findall(text))
            if _ANY_SHARED.search(text):
                found.add(_ANYTHING.encode())
            if not _ESM.search(text):
                found.update(_OF_SCRIPT.findall(text))
        known = inquiry.memory["registry.shared"] = frozenset(name.decode() for name in found)
    return known


def _of_host(inquiry: Inquiry) -> frozenset[str]:
    """Return the names that the host of the ecosystem makes global: ``[code] globals`` of its profile."""
    known = inquiry.memory.get("registry.globals")
    if not isinstance(known, frozenset):
        profile = profile_of(inquiry)
        told = profile.extra.get("code", {}).get("globals", ()) if profile is not None else ()
        known = inquiry.memory["registry.globals"] = frozenset(told)
    return known


def _unbounded(module: Module) -> bool:
    """Tell whether a file takes names from where they can't be seen."""
    if b"import *" in module.source or not _STRANGE.isdisjoint(module.identifiers):
        return True
    return bool(_OWN_MODULE.search(module.source))


def _declared(module: Module) -> frozenset[str]:
    """Return the names that a comment, a declaration or a ``typeof`` says to be global."""
    found: set[str] = set()
    for hit in _DECLARED.finditer(module.source):
        for group in hit.groups():
            found.update(word.decode() for word in _WORD.findall(group or b""))
    return frozenset(found)


def _loose(module: Module) -> frozenset[str]:
    """Return the names that some function of the file creates outside itself."""
    found = {
        node.target.id
        for node in module.all(Assign)
        if isinstance(node.target, Name) and not node.declare and module.language != "python"
    }
    for node in module.all(Opaque):
        if node.kind in ("global_statement", "nonlocal_statement"):
            found.update(name.id for name in find(node, Name))
    return frozenset(found)


def _is_read(name: Name, *, python: bool) -> bool:
    if name.id.startswith(("__", "$")) or len(name.id) == 0 or name.id in _OWNERS:
        return False
    if not python and name.id[0].isupper() and not _is_own_error(name):
        return False
    if name.raw.type in _TYPES:
        return False  # what a class says that it keeps to is no value
    parent = name.parent
    if isinstance(parent, Opaque) and parent.kind in _TAGS and name.id[0].islower():
        return False  # <div> and <clipPath> are elements, <Panel> a name
    if isinstance(parent, Assign) and parent.target is name:
        return False
    if isinstance(parent, Unary) and parent.op in ("typeof", "delete"):
        return False
    inside = False
    for around in ancestors(name):
        if isinstance(around, Opaque) and not around.kind.startswith(
            ("jsx", "sequence", "template", "slice", "subscript")
        ):
            return False
        if isinstance(around, Function):
            inside = True
            break
    return inside


def _is_own_error(name: Name) -> bool:
    """Tell whether a name in capitals is that of an error; of other classes a browser has too many."""
    parent = name.parent
    made = isinstance(parent, Call) and parent.callee is name and isinstance(parent.parent, Throw)
    return made and name.id.endswith("Error") and name.id not in _ERRORS and not name.id.startswith(_BROWSERS)


def _bound_otherwise(module: Module, name: Name) -> bool:
    """Tell whether a name may be bound in a way that scopes don't show, or its absence is reckoned with."""
    if any(isinstance(around, Comprehension) and _binds(around, name.id) for around in ancestors(name)):
        return True  # in a decorator or a default the function around is another one than the scope
    cls = class_of(name)
    if cls is not None and module.language == "python" and _class_level(module, cls, name.id):
        return True
    tests = [module.text_of(condition.test) for condition in conditions(name)]
    if any(f"typeof {name.id}" in test or "version_info" in test for test in tests):
        return True
    guard = guarding_try(name)
    return guard is not None and any("NameError" in module.text_of(t) for h in guard.handlers for t in h.types)


def _binds(comprehension: Comprehension, name: str) -> bool:
    return any(local == name for local, _ in bound(comprehension))


def _class_level(module: Module, cls: Class, name: str) -> bool:
    """Tell whether the body of a class binds a name, which the defaults of its methods see."""
    if any(field.name == name for field in cls.fields) or any(method.name == name for method in cls.methods):
        return True
    if any(inner.name == name and class_of(inner) is cls for inner in module.classes):
        return True
    return any(one.local == name for made in find(cls, Import, into_functions=False) for one in made.names)
