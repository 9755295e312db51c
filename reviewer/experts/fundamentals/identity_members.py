"""By which member of its manifest a host knows a plugin, where that is not called ``id``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.standing import Standing
from reviewer.code.syntax import Member, Name, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.core.regex import regex
from reviewer.experts.api.parsed_files import is_parsed_plugin_file
from reviewer.experts.api.vocabulary import names_manifest

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.project import Project
    from reviewer.code.syntax import Expr

_IDS: Final = frozenset({"id", "identifier"})
_OTHER: Final = frozenset("version path file folder host".split())
"""Members by which other things than plugins are kept."""


def identity_members(project: Project | None) -> frozenset[str]:
    """Return the members of manifests under which tables keep plugins; none where there is one that is called so."""
    if project is None:
        return frozenset()
    members = frozenset[str]().union(*_KEYS.of(project))
    return frozenset() if any(_IDS & set(words(member)) for member in members) else members


def is_identity(module: Module, value: Expr) -> bool:
    """Tell whether a value is that member of a manifest."""
    held = strip(value)
    return isinstance(held, Member) and held.name in identity_members(module.project) and _is_of_manifest(module, held)


def _keys(module: Module) -> frozenset[str]:
    keys = (strip(one.key) for table in tables(module) for one in table.of("write") if one.key is not None)
    members = (key for key in keys if isinstance(key, Member) and key.name not in _OTHER)
    return frozenset(key.name for key in members if _is_of_manifest(module, key))


def _is_of_manifest(module: Module, member: Member) -> bool:
    base = strip(member.object)
    return isinstance(base, Name) and (names_manifest(base.id) or is_parsed_plugin_file(module, base))


_PUT: Final = regex(
    rb"(?:\.(?:set|setdefault)\(\s{0,20}(?:this\.|self\.)?\w{1,40}\.\w{1,40}\s{0,9},|\[\w{1,40}\.\w{1,40}\]\s{0,9}=)"
)
"""A member as the key under which something is put."""
_KEYS: Final = Standing("fundamentals.identity-members", _keys, showing=_PUT.search)
