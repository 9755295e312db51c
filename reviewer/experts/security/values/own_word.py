"""Records in which a plugin describes itself, known by the schema that they are read with or by how they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import class_of_value, declared_type, definition, named_type
from reviewer.code.reach.made import values_of
from reviewer.code.syntax import Assign, Await, Call, Cast, Class, Expr, Function, Member, Object, Param, strip
from reviewer.code.text.words import words
from reviewer.core.regex import regex
from reviewer.experts.api.manifest_shapes import manifest_shapes, name_of
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.security.asked import is_declaration, is_made_of_text, is_read_text
from reviewer.experts.security.values.access import step

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_NAMES_CODE: Final = word_set("main module entry entrypoint script command file code path bin")
"""Words of a field by which a record says what code is loaded."""
_OF_HOST: Final = word_set(
    "digest sha256 checksum installed approved granted grants folder dir directory home root state status reviewed"
)
"""Words of a field that the host fills in."""
_SCHEMAS: Final = frozenset(
    "parse parseAsync safeParse validate validateSync model_validate model_validate_json parse_obj parse_raw "
    "validate_python validate_json decode structure check assert create".split()
)
"""Calls that hold a record against a schema and give it back."""
_PARSES: Final = frozenset({"parse", "loads", "load", "safe_load", "decode", "convert"})
"""Calls that give what a text says."""
_OF_TEXTS: Final = frozenset({"model_validate_json", "parse_raw", "validate_json"})
"""Calls that make a record of a text."""
_MODELS: Final = frozenset({"model_validate", "parse_obj"}) | _OF_TEXTS
"""Calls of a class that make a record of what they are given."""
_NAME: Final = regex(r"\w+")
_INFERS: Final = regex(
    r"\btype\s+(\w+)\s*=\s*(?:\w+\.)?(?:infer|Infer|Static|TypeOf|output|InferOutput)<\s*typeof\s+(\w+)"
)


def describes_itself(inquiry: Inquiry, module: Module, holder: Expr, field: str) -> bool:
    """Tell whether a record is what a plugin says of itself, or gives back its word in this field."""
    if is_declaration(module, holder):
        return True
    holder = strip(holder)
    known = _schemas(inquiry)
    cls = class_of_value(module, holder) or _type_of(module, holder)
    if cls is not None and (cls.fields or cls.methods):
        return cls.name in known or is_read_from_text(cls)
    return _hands_on(module, holder, field) or _fits_schema(module, holder, known)


def _type_of(module: Module, holder: Expr) -> Class | None:
    """Return the type of a record by what is said of it, or by the class that made it of a text."""
    made = module.scopes.origin(holder)
    if isinstance(made, Call) and made.name in _MODELS and made.receiver is not None:
        found = definition(module, made.receiver)
        return found if isinstance(found, Class) else None
    return named_type(module, declared_type(module, holder))


def _hands_on(module: Module, holder: Expr, field: str) -> bool:
    """Tell whether what made a record put into a field what the same text says that names the plugin.

    ``const { key, needs, native } = JSON.parse(text); return { key, needs, native }``
    """
    for where, made in values_of(module, holder):
        value = made.get(field) if isinstance(made, Object) else None
        said = where.scopes.origin(value) if value is not None else None
        found = step(said) if isinstance(said, Expr) else None
        if found is not None and is_read_text(where, found[0]):
            return True
    return False


def _fits_schema(module: Module, holder: Expr, known: frozenset[str]) -> bool:
    """Tell whether a value came through the schema of a manifest, or has the type that is drawn from it."""
    if not known:
        return False
    declared = names_of_type(declared_type(module, holder))
    if declared & known:
        return True
    made = module.scopes.origin(holder)
    if isinstance(made, Member) and made.name in ("data", "output", "value"):
        made = module.scopes.origin(made.object)  # const checked = Schema.safeParse(…); checked.data.runAs
    while isinstance(made, Await):
        made = strip(made.value)
    if isinstance(made, Param) or not isinstance(made, Call) or made.name not in _SCHEMAS:
        return False
    return last_name(made.receiver) in known or any(last_name(arg) in known for arg in made.args)


def names_of_type(declared: str) -> set[str]:
    """Return the names in the text of a type: ``Readonly<Waybill> | null`` has ``Readonly``, ``Waybill``, ``null``."""
    return set(_NAME.findall(declared))


def _schemas(inquiry: Inquiry) -> frozenset[str]:
    """Return what the schemas of manifests are called, and the types that are drawn from them."""
    kept = inquiry.memory.get("security.schemas of manifests")
    if not isinstance(kept, frozenset):
        shapes = [(shape.module, name) for shape in manifest_shapes(inquiry) if (name := _called(shape.at))]
        names = {name for _module, name in shapes}
        for module in {id(where): where for where, _name in shapes}.values():
            text = module.source.decode("utf-8", "replace")
            names |= {one.group(1) for one in _INFERS.finditer(text) if one.group(2) in names}
        kept = frozenset(names)
        inquiry.memory["security.schemas of manifests"] = kept
    return kept


def _called(at: Node) -> str:
    return at.name if isinstance(at, Class) else name_of(at)


def is_read_from_text(cls: Class) -> bool:
    """Tell whether a record says of code what it is, is what a text says, and the host puts nothing in.

    It names the code, or its name and its version.
    """
    said = _words_of(cls)
    of_code = bool(said & _NAMES_CODE) or ("version" in said and bool(said & {"name", "id"}))
    return of_code and is_said_by_text(cls)


def is_said_by_text(cls: Class) -> bool:
    """Tell whether a record is what a text says, and the host puts nothing in."""
    return not _words_of(cls) & _OF_HOST and (is_made_of_text(cls.module, cls) or _is_said(cls))


def _words_of(cls: Class) -> set[str]:
    return {word for field in cls.fields for word in words(field.name)}


def _is_said(cls: Class) -> bool:
    """Tell whether a file of the subject takes what it parses for a record of a type."""
    project = cls.module.project
    if project is None:
        return cls.name in _types_of_texts(cls.module)
    told = project.answers(
        "security.types of texts", _types_of_texts, {"parse", "loads", "load", *_OF_TEXTS}, tests=False
    )
    return any(cls.name in names for names in told)


def _types_of_texts(module: Module) -> frozenset[str]:
    """Return the types that a file says of what it parses: ``JSON.parse(text) as Card``, ``const card: Card = …``."""
    found: set[str] = set()
    for node in module.some(Cast, Assign):
        if isinstance(node, Cast | Assign) and node.type and node.value is not None and _parses(node.value):
            found |= names_of_type(node.type)
    for call in module.all(Call):
        for place, arg in enumerate(call.args):
            target = definition(module, call.callee) if _parses(arg) else None
            if isinstance(target, Function) and place < len(target.params):
                found |= names_of_type(target.params[place].type)  # hoist(JSON.parse(text))
    for call in module.calls(_MODELS):
        made = module.scopes.origin(call.args[0]) if call.args else None
        of_text = call.name in _OF_TEXTS or (isinstance(made, Expr) and _parses(made))
        if of_text and isinstance(strip(call.callee), Member) and last_name(call.receiver)[:1].isupper():
            found.add(last_name(call.receiver))  # Card.model_validate(json.loads(text))
    for function in module.functions:
        if function.returns and any(one.value is not None and _parses(one.value) for one in returns_of(function)):
            found |= names_of_type(function.returns)
    return frozenset(found)


def _parses(value: Expr) -> bool:
    value = strip(value)
    return isinstance(value, Call) and value.name in _PARSES and bool(value.args)
