"""FUN023: the core of a host treats one plugin in another way, which it knows by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Binary, Call, Conditional, Expr, If, Import, Literal, Member, Name, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, names_in
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_NAME: Final = regex(r"^[a-z][a-z0-9]{1,30}(?:[-._][a-z0-9]{1,30}){1,5}$")
"""A name that somebody gave to one thing, and no word of the language."""
_WORD: Final = regex(r"^[a-z][a-z0-9_-]{2,40}$")
_OTHERS: Final = word_set(
    "event events type kind topic command action method channel field mode state status level op operation verb format "
    "language locale env environment path file url header message code reason key option setting property column"
)
"""Words of what is asked for a name, and is no plugin."""
_IDS: Final = word_set("id name slug key")
_FILES: Final = (".json", ".js", ".ts", ".py", ".mjs", ".cjs", ".yaml", ".yml", ".toml", ".txt", ".md", ".html", ".css")
_LEAST: Final = 2


@module_check("FUN023")
def core_names_plugin(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison of the name under which plugins are kept with one that is written out."""
    if inquiry.subject.kind != "host" or module.is_test or is_tooling(module.path):
        return
    for test in module.all(Binary):
        found = _named(test)
        function = function_of(test)
        if found is None or function is None or not _decides(test):
            continue
        name, literal = found
        said = set(words(last_name(name)))
        if said & _OTHERS or literal.endswith(_FILES) or _is_own(inquiry, literal):
            continue
        imported = next((one for one in module.all(Import) if _imports(one, literal)), None)
        told = isinstance(name, Name) and any(param.name == name.id for param in function.params) and said & _IDS
        if not _is_kept(module, function, name) and (imported is None or not told):
            continue
        if imported is not None:
            yield Match(
                imported,
                f"The core imports what belongs to '{short(literal)}', which it also knows by its name: it can't be "
                "built or started without that one plugin.",
                related=((test, "asked for by its name here"),),
            )
            return
        if _NAME.search(literal) is not None:
            yield Match(
                test,
                f"The core asks whether a plugin is '{short(literal)}' and does something else for it: with each "
                "plugin that needs as much the core has to be changed.",
            )
            return


def _named(test: Binary) -> tuple[Expr, str] | None:
    """Return what is compared with a name that is written out, and the name."""
    if test.op not in ("==", "===", "!=", "!=="):
        return None
    for side, other in ((test.left, test.right), (test.right, test.left)):
        held, literal = strip(side), strip(other)
        written = isinstance(literal, Literal) and isinstance(literal.value, str)
        if isinstance(held, Name | Member) and written and _WORD.search(str(getattr(literal, "value", ""))):
            return held, str(getattr(literal, "value", ""))
    return None


def _is_own(inquiry: Inquiry, literal: str) -> bool:
    """Tell whether the name is that of the host itself, or the first part of it."""
    package = inquiry.subject.other_documents.get("package.json") or inquiry.manifest
    named = package.get("name") if package is not None else None
    return named is not None and literal in named.text


def _decides(test: Binary) -> bool:
    """Tell whether something else is done where the name is that one."""
    for around in ancestors(test):
        if isinstance(around, If | Conditional):
            return True
        if not isinstance(around, Binary):
            return False
    return False


def _is_kept(module: Module, function: Function, name: Expr) -> bool:
    """Tell whether what has the name is kept under it, where it is woken or put to rest: ``running.delete(id)``."""
    spelled = module.text_of(name)
    kept = [
        access
        for table in tables(module)
        if table.kind == "map" and table.of("write") and (table.of("delete") or table.of("has", "read"))
        for access in table.of("write", "delete", "has")
        if access.function is not None and access.key is not None and _around(access.function) is _around(function)
    ]
    return any(_speaks_of(module, access.key, spelled) for access in kept if access.key is not None)


def _around(function: Function) -> Function:
    while function.outer is not None and not function.name:
        function = function.outer
    return function


def _speaks_of(module: Module, key: Expr, spelled: str) -> bool:
    """Tell whether a key is the name, or is made of it and something else."""
    if module.text_of(key) == spelled:
        return True
    made = module.scopes.origin(key)
    parts = made if isinstance(made, Expr) else key
    if isinstance(strip(parts), Call | Array) or not isinstance(strip(parts), Name | Member):
        return spelled in names_in(parts) or any(module.text_of(one) == spelled for one in find(parts, Member))
    return False


def _imports(statement: Import, literal: str) -> bool:
    """Tell whether an import names what a plugin is called: ``./jars/fig-jar.js``, ``from jars import fig``."""
    source = statement.source
    if "/" in source:  # a file of the subject, and no package of somebody else
        last = source.split("/")[1:] if source.startswith(".") else []
        return len(literal) > _LEAST and literal in {
            part.removesuffix(ending) for part in last for ending in (".js", ".ts", ".mjs", ".py")
        }
    inner = [*source.split(".")[1:], *(one.name for one in statement.names if source.strip("."))]
    return len(literal) > _LEAST and literal in inner
