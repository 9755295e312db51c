"""REG070: a mapped class of plugin versions without a unique key over the version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Class, Literal, Name
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.storing.sql_tables import of_plugins

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_COLUMNS: Final = frozenset({"Column", "mapped_column", "CharField", "TextField", "Field"})
_KEYS: Final = frozenset({"UniqueConstraint", "PrimaryKeyConstraint", "Index"})


@module_check("REG070", words={"tablename", "model", "models"})
def mapped_version_not_unique(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the classes that an object mapper keeps in a table of plugin versions."""
    if module.is_test or module.language != "python":
        return
    for cls in module.classes:
        table = _table(module, cls)
        if not table or not of_plugins(table) or "version" not in _columns(cls) or _is_unique(module, cls):
            continue
        yield Match(
            cls,
            f"'{cls.name}' has no unique key over the plugin and its version: one version of a plugin can stand in it "
            "twice.",
        )


def _table(module: Module, cls: Class) -> str:
    """Return the name of the table that a class is kept in, or an empty string."""
    for field in cls.fields:
        if field.name == "__tablename__" and isinstance(field.value, Literal):
            return str(field.value.value)
    mapped = any(module.resolve(base).endswith("models.Model") for base in cls.bases)
    return "_".join(words(cls.name)) if mapped else ""


def _columns(cls: Class) -> set[str]:
    return {field.name for field in cls.fields if isinstance(field.value, Call) and field.value.name in _COLUMNS} | {
        field.name for field in cls.fields if field.type.startswith("Mapped[")
    }


def _is_unique(module: Module, cls: Class) -> bool:
    """Tell whether a constraint, an index or the version's own column keeps a version from standing there twice."""
    for field in cls.fields:
        own = field.value if isinstance(field.value, Call) else None
        if field.name == "version" and own is not None and {"unique", "primary_key"} & set(own.keywords):
            return True
    for call in find(cls, Call):
        if call.name in _KEYS and "version" in _texts(call):
            return True
    named = any(isinstance(node, Name) and node.id == "unique_together" for node in find(cls, Name))
    stated = any(isinstance(one.target, Name) and one.target.id == "unique_together" for one in find(cls, Assign))
    inner = any(field.name == "unique_together" for other in find(cls, Class) for field in other.fields)
    return named or stated or inner


def _texts(call: Call) -> set[object]:
    return {node.value for node in find(call, Literal)}
