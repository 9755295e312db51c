"""API019: code reads a member of the manifest that the manifest's own schema or type does not have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from reviewer.code.reach.links import knows_all_bases, lineage
from reviewer.code.standing import Standing
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Delete,
    Index,
    Member,
    Name,
    Unary,
    strip,
)
from reviewer.code.text import ideas
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.core.nearest import nearest
from reviewer.experts.api.hand_parsers import hand_parsers
from reviewer.experts.api.manifest_shapes import ManifestShape, is_manifest, manifest_shapes, name_of
from reviewer.experts.api.parsed_files import is_parsed_plugin_file
from reviewer.experts.api.plugin_files import plugin_files
from reviewer.experts.api.presence import is_guarded
from reviewer.experts.api.schema_documents import schema_documents
from reviewer.experts.api.vocabulary import MANIFESTS, MEMBERS, flat, has, names_manifest, spelled
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.values import value_class
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_Record: TypeAlias = "tuple[tuple[str, ...], Location]"
"""Members and place of what a check by hand makes of a manifest."""
_VOUCHES: Final = rb"(?:\b(?:compile|validate\w{0,20}|JSONSchemaType)\s{0,3}<|\bis\s)\s{0,3}"
_MOST_UNKNOWN: Final = 4
"""Members of one file that a schema may lack and still be that of what is read there."""
_SHARED: Final = 4
"""Members that a type and a schema of the same thing have in common at least."""
_BUILT_IN: Final = frozenset(
    (
        "get set has keys values items length size entries forEach map filter toString hasOwnProperty constructor "
        "update copy pop setdefault model_dump dict json freeze parse safeParse root path raw data strict extend pick "
        "omit shape model_validate model_dump_json model_copy _asdict replace then catch finally default exports "
        "toJSON valueOf stat read_text read_bytes exists name suffix parent open is_file"
    ).split()
)
"""Members of what a manifest may be wrapped in: a map, a path, a promise, a schema."""


@module_check("API019")
def manifest_member_unknown(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is read of manifests, and at what their schema and their types have."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    schema = _known(inquiry)
    if module.words.isdisjoint(MANIFESTS) and (schema is None or not plugin_files(inquiry.project)):
        return
    told: dict[str, Match] = {}
    uses: list[Member | Index] = [*module.all(Member), *module.all(Index)]
    for use in uses:
        found = _unknown(inquiry, module, use, schema)
        if found is not None:
            told.setdefault(found.message, found)
    if len(told) <= _MOST_UNKNOWN:
        yield from told.values()  # of what has nearly no member of a schema, that is the schema of something else


def _unknown(inquiry: Inquiry, module: Module, use: Member | Index, schema: _Schema | None) -> Match | None:
    name = spelled(use)
    base = strip(use.object)
    if not name or name in _BUILT_IN or name.startswith(("_", "#", "$")) or not isinstance(base, Name | Member):
        return None
    cls = value_class(module, base)
    if _is_written(use) or (isinstance(base, Name) and base.id in ("this", "super", "cls")):
        return None
    if cls is None and words(spelled(base))[-1:] == ("manifests",):
        return None  # a list or a map of them
    called = cls.name if cls is not None else spelled(base)
    soft = cls is not None or (schema is not None and not schema.words.isdisjoint(words(called)))
    named = names_manifest(called) or (soft and has(called, ideas.MANIFESTS))
    named = named or (cls is not None and is_manifest([item.name for item in cls.fields], cls.name))
    if not named and schema is not None and name not in schema.names:
        named = _is_held_against(cls, schema) if cls is not None else is_parsed_plugin_file(module, base)
    if not named or not _describes(cls):
        return None
    lacks = _lacks(cls, name) if cls is not None else False
    if schema is not None and name not in schema.names:
        if _expects_absence(module, use) or (schema.open and not _has_to_be_there(module, use)):
            return None
        sequel = "nothing says that it has to be there" if schema.open else "of a valid manifest it is never there"
        return Match(
            use,
            f"'{name}' is read from the manifest, but its schema has no such member"
            f"{_near(name, schema.names)}: {sequel}.",
            related=((schema.at, "the schema"),),
        )
    if lacks and cls is not None and module.language == "python" and not _expects_absence(module, use):
        known = {item.name for one in lineage(cls) for item in one.fields}
        return Match(
            use,
            f"'{name}' is read from the manifest, but '{cls.name}' has no such member{_near(name, known)}.",
            related=((locate(cls.module, cls), "what a manifest has"),),
        )
    return None


def _is_held_against(cls: Class, schema: _Schema) -> bool:
    """Tell whether a type is what a schema is about: a checker is made for it, or vouches for it."""
    names = {item.name for item in cls.fields}
    if len(names & schema.names) < max(_SHARED, round(len(names) * 0.6)):
        return False
    vouches = re.compile(
        rb"(?:\b(?:compile|validate\w{0,20}|JSONSchemaType)\s{0,3}<|\bis\s)\s{0,3}" + re.escape(cls.name).encode()
    )
    texts = cls.module.project.texts({cls.name}) if cls.module.project is not None else ()
    return any(vouches.search(text) for _path, text in texts)


def _describes(cls: Class | None) -> bool:
    """Tell whether a class, where it is known, is that of a manifest and not of something about manifests."""
    if cls is None or (cls.kind == "type" and not (cls.fields or cls.methods)):
        return True  # ``type Manifest = z.infer<typeof schema>`` says nothing by itself
    fields = [item.name for item in cls.fields]
    fields += [param.name for method in cls.methods if method.kind == "constructor" for param in method.params]
    return sum(flat(name) in MEMBERS for name in fields) >= 2


def _near(name: str, known: set[str] | frozenset[str]) -> str:
    close = nearest(name, sorted(known))
    return f" (it has '{close}')" if close else ""


def _is_written(use: Member | Index) -> bool:
    parent = use.parent
    return (isinstance(parent, Assign) and parent.target is use) or isinstance(parent, Delete)


def _has_to_be_there(module: Module, use: Member | Index) -> bool:
    """Tell whether a read fails where the member is missing: something is taken of it, or Python looks the key up."""
    if isinstance(use, Index) and module.language == "python":
        return True
    parent = use.parent
    return isinstance(parent, Member | Index) and parent.object is use


def _expects_absence(module: Module, use: Member | Index) -> bool:
    """Tell whether the code is ready for the member not to be there."""
    if use.optional:
        return True
    parent = use.parent
    if isinstance(parent, Member | Index | Call) and getattr(parent, "optional", False):
        return True
    if isinstance(parent, Binary) and parent.op in ("??", "or"):
        return True
    if isinstance(parent, Unary) and parent.op in ("typeof", "not"):
        return True
    return isinstance(use, Member) and is_guarded(module, use)


def _lacks(cls: Class, name: str) -> bool:
    """Tell whether a class is surely without a member: all of its bases are known, and none has it."""
    if not (_is_typed_dict(cls) or (cls.kind == "class" and knows_all_bases(cls))) or (
        cls.decorators and cls.method("__getattr__")
    ):
        return False
    for owner in lineage(cls):
        if owner.method("__getattr__") or any(method.name == name for method in owner.methods):
            return False
        if any(item.name == name for item in owner.fields) or name in owner.module.scopes.fields(owner):
            return False
    return is_manifest([item.name for item in cls.fields], cls.name)


def _is_typed_dict(cls: Class) -> bool:
    """Tell whether a class only says which keys a dictionary has."""
    return len(cls.bases) == 1 and spelled(cls.bases[0]) in ("TypedDict", "NamedTuple")


class _Schema:
    """The members that a manifest may have by the schemas of a subject, and the place of the first."""

    def __init__(self, names: frozenset[str], called: frozenset[str], at: Location, open_: bool) -> None:
        self.names = names
        self.open = open_
        """A schema says itself that a manifest may have more: it may be there, and nothing asks for it."""
        self.words = called
        """Words of what the schemas are called that may mean a manifest."""
        self.at = at


def _known(inquiry: Inquiry) -> _Schema | None:
    """Return what the schemas of manifests know, or None where there is none or one that is read elsewhere too."""
    kept = inquiry.memory.get("api.known_members", "")
    if kept is None or isinstance(kept, _Schema):
        return kept
    names: set[str] = set()
    called: set[str] = set()
    at: Location | None = None
    open_ = False
    for shape in manifest_shapes(inquiry):
        if shape.dialect == "table" or _is_of_settings(shape):
            continue
        open_ = open_ or shape.closed is False
        names |= set(shape.fields)
        called.update(words(name_of(shape.at)))
        at = at or locate(shape.module, shape.at)
    for document in schema_documents(inquiry):
        members = document.get("properties")
        names |= {name for name, _value in members.members()} if members is not None else set()
        said = document.get("additionalProperties")
        open_ = open_ or (said is not None and said.data is True)
        at = at or document.root.location
    if at is None:
        records = _records_by_hand(inquiry)
        names |= {key for keys, _place in records for key in keys}
        at = next((place for _keys, place in records), None)
    made = _Schema(frozenset(names | _added(inquiry)), ideas.MANIFESTS & called, at, open_) if at is not None else None
    inquiry.memory["api.known_members"] = made
    return made


def _is_of_settings(shape: ManifestShape) -> bool:
    """Tell whether a schema is made by a function that gives the one of settings where a plugin brings none."""
    function = function_of(shape.at)
    return function is not None and not {"default", "config", "settings"}.isdisjoint(words(function.name))


def _records_by_hand(inquiry: Inquiry) -> list[_Record]:
    """Return what checks by hand make of manifests, where each makes a record of what it has read and nothing else."""
    parsers = [record for records in _BY_HAND.of(inquiry.project) for record in records]
    made = [record for record in parsers if record is not None]
    return made if len(made) == len(parsers) else []


def _made_by_hand(module: Module) -> tuple[_Record | None, ...]:
    """Return members and place of the record that each check by hand of a file makes; None for one that makes none."""
    made = (parser.made for parser in hand_parsers(module))
    return tuple(None if one is None else (tuple(one.keys), locate(module, one)) for one in made)


_BY_HAND: Final = Standing("api.records by hand", _made_by_hand, {"version"})


def _added(inquiry: Inquiry) -> set[str]:
    """Return the members that the host itself adds to manifests after it has read them."""
    return set().union(*_ADDED.of(inquiry.project))


def _added_in(module: Module) -> frozenset[str]:
    """Return what a file adds to manifests: the members that it assigns, and the methods of a class of them."""
    targets = (assign.target for assign in module.all(Assign))
    assigned = {
        spelled(target)
        for target in targets
        if isinstance(target, Member | Index) and has(spelled(strip(target.object)), ideas.MANIFESTS)
    }
    methods = {method.name for cls in module.classes if has(cls.name, ideas.MANIFESTS) for method in cls.methods}
    return frozenset(assigned | methods)


_ADDED: Final = Standing("api.members added", _added_in, MANIFESTS)
