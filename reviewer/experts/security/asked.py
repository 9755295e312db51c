"""What a plugin asks for in its own manifest, seen in the host's code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import class_of_value, declared_type, definition
from reviewer.code.standing import Standing
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Class,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Param,
    Spread,
    strip,
)
from reviewer.code.text.ideas import GUESTS, RIGHTS, SINGLE_MANIFESTS
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find
from reviewer.core.regex import regex
from reviewer.experts.lifecycle.bringing.brought import is_brought
from reviewer.experts.paths import word_set
from reviewer.experts.security.deciding.switch_texts import put_into
from reviewer.experts.security.values.access import step
from reviewer.experts.security.values.guest_objects import is_guest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_DECLARATIONS: Final = word_set(
    "manifest manifests descriptor declaration metadata meta package pkg definition packagejson pluginjson spec"
)
"""Words for what a plugin says about itself, and nobody else wrote."""
_GUEST: Final = frozenset(one for one in GUESTS if not one.endswith("s"))
_WISHES: Final = word_set("wants wanted wishes asks asked requests requested demands demanded declares declared claims")
"""Words for what somebody would like to have."""
_RIGHTS: Final = RIGHTS | word_set("access allowed policy")
_HEADINGS: Final = word_set("version release main entry entrypoint author publisher title description homepage license")
"""Fields that manifests have and records of a host seldom."""
_STRONG: Final = word_set("version release main entry entrypoint")
_NAMES_CODE: Final = frozenset({"main", "module", "entry", "entrypoint"})
"""Fields by which a record says what code is loaded."""
_READS: Final = frozenset({"parse", "loads", "load", "safe_load", "require", "readJson", "readJSON", "read_json"})
"""Calls that give what a text or a file says."""
_RUNS_FILES: Final = (
    *("import", "require", "import_module", "__import__", "Worker", "fork", "spec_from_file_location", "run_path"),
    *("pathToFileURL", "exec_module"),
)
"""Calls that run the code of a file, or say which one is to be run."""
_OWN_FILE: Final = regex(
    rf"(?i)(?:^|[/\\.-])(?:{'|'.join(sorted(SINGLE_MANIFESTS | _GUEST))})\.(?:json5?|toml|ya?ml)$",
)
"""What the file is called in which a guest describes itself: of one guest, and so in the singular."""
_WOULD_LIKE: Final = frozenset({("wants",), ("wishes",), ("asks",), ("asks", "for")})
_LISTS: Final = regex(
    r"(?i)(?:\[\]|^(?:readonly)?(?:array|list|tuple|set|frozenset|sequence|collection|record|partial)\b)"
)
_HELD: Final = word_set("granted approved consented effective grants")
_COPIES: Final = frozenset(
    "Set Map set list dict frozenset tuple from freeze slice copy deepcopy structuredClone fromEntries entries keys "
    "deepFreeze sorted MappingProxyType map clone".split()
)
_DEEPEST: Final = 8
_FEWEST: Final = 2
"""Members of a text of which a record is surely made."""


def asked(module: Module, expr: Expr | None, depth: int = 0) -> Expr | None:
    """Return the access to what a plugin asks for that an expression is or copies, or None.

    ``manifest.permissions``, ``new Set(ext.wants)``, ``[...descriptor.scopes ?? []]``, and names that hold them.
    """
    if expr is None or depth > _DEEPEST:
        return None
    expr = strip(expr)
    if isinstance(expr, Name):
        origin = module.scopes.origin(expr)
        return asked(module, origin, depth + 1) if isinstance(origin, Expr) and origin is not expr else None
    if isinstance(expr, Binary) and expr.op in ("??", "or"):
        return asked(module, expr.left, depth + 1) if _is_empty(expr.right) else None
    if isinstance(expr, Array):
        only = expr.items[0] if len(expr.items) == 1 else None
        return asked(module, only.value, depth + 1) if isinstance(only, Spread) else None
    found = step(expr)
    if found is not None and _is_wish(module, *found):
        return expr
    return _of_call(module, expr, depth) if isinstance(expr, Call) else None


def _of_call(module: Module, call: Call, depth: int) -> Expr | None:
    """See through calls that copy, and through functions that only take the one thing."""
    given = [*call.args, *call.keywords.values()]
    receiver = call.receiver
    if (
        call.name in _COPIES
        and len(given) == 1
        and (receiver is None or call.name in ("from", "freeze", "fromEntries"))
    ):
        return asked(module, given[0], depth + 1)
    if call.name in ("keys", "entries") and len(given) == 1:
        return asked(module, given[0], depth + 1)
    if call.name in ("slice", "copy", "map", "items", "keys") and receiver is not None:
        return asked(module, receiver, depth + 1)
    if receiver is None and len(given) == 1 and words(call.name) and words(call.name)[0] in _SHAPERS:
        return asked(module, given[0], depth + 1)
    if call.name in ("flatMap", "flat", "filter") and receiver is not None and not _held_against(call):
        return asked(module, receiver, depth + 1)
    return _of_helper(module, call, depth) if receiver is None else None


def _held_against(call: Call) -> bool:
    """Tell whether what goes on is held against something else: ``wanted.filter((one) => approved.has(one))``."""
    return any(one.name in ("has", "includes", "get", "some") for arg in call.args for one in find(arg, Call)) or any(
        node.op in ("in", "not in") for arg in call.args for node in find(arg, Binary)
    )


def _of_helper(module: Module, call: Call, depth: int) -> Expr | None:
    """See through a function of the subject whose one answer is what a manifest, that it is given, asks for."""
    target = definition(module, call.callee)
    answers = list(returns_of(target)) if isinstance(target, Function) and len(target.params) == 1 else []
    if not isinstance(target, Function) or len(answers) != 1 or len(target.body) > 1:
        return None
    return asked(target.module, answers[0].value, depth + 1)


_SHAPERS: Final = word_set(
    "flatten normalize normalise parse expand to as make build compile index freeze unique dedupe"
)


def _is_empty(expr: Expr) -> bool:
    expr = strip(expr)
    if isinstance(expr, Array):
        return not expr.items
    return not getattr(expr, "entries", True) or (isinstance(expr, Call) and not expr.args)


def _is_wish(module: Module, holder: Expr, name: str) -> bool:
    said = words(name)
    if not said:
        return False
    wish = said[0] in _WISHES or said[-1] in _WISHES
    if wish and (len(said) == 1 or said[-1] in _RIGHTS or said[0] in _RIGHTS):
        return len(said) > 1 or is_declaration(module, holder) or said[-1] in ("wants", "wishes", "asks")
    return said[-1] in _RIGHTS and not set(said) & _HELD - {"grants"} and is_declaration(module, holder)


def is_declaration(module: Module, holder: Expr, depth: int = _DEEPEST) -> bool:
    """Tell whether an object is a manifest, by its name, by its type, or by what the type holds.

    ``depth`` is how many tables an entry is followed through: one may be filled with what came out of it.
    """
    holder = strip(holder)
    name = holder.id if isinstance(holder, Name) else ""
    found = step(holder)
    if found is not None:
        name = found[1]
        if set(words(name)) & _RIGHTS and is_declaration(module, found[0], depth):
            return True
    if set(words(name)[-1:]) & _DECLARATIONS:
        return True
    if is_read_text(module, holder) and (names_code(module, holder) or _is_of_own_file(module, holder)):
        return True
    declared = words(declared_type(module, holder).split("<")[0].split("[")[0].split("|")[0])
    if declared and declared[-1] in _DECLARATIONS:
        return True
    if isinstance(holder, Name):
        for binding in module.scopes.lookup(holder.id, holder)[:2]:
            if isinstance(binding, Assign) and isinstance(binding.value, Expr):
                value = strip(binding.value)
                inner = step(value)
                if inner is not None and set(words(inner[1])[-1:]) & _DECLARATIONS:
                    return True
                if isinstance(value, Call) and set(words(value.name)) & {"manifest", "descriptor"}:
                    return True
            elif isinstance(binding, Param) and set(words(binding.fields.get(holder.id, ""))) & _DECLARATIONS:
                return True
    if _is_said_by_code(module, holder) or (depth > 0 and _is_kept_declaration(module, holder, depth - 1)):
        return True
    cls = class_of_value(module, holder)
    if cls is not None and (_is_shaped_so(cls) or _wishes_of_text(module, cls)):
        return True
    return is_guest(module, holder)


def _is_kept_declaration(module: Module, holder: Expr, depth: int) -> bool:
    """Tell whether a record is an entry of a table into which a file puts manifests alone: ``this.#seats.get(id)``."""
    entry = module.scopes.origin(holder)
    looked_up = isinstance(entry, Index) or (isinstance(entry, Call) and entry.name == "get" and bool(entry.args))
    if not isinstance(entry, Expr) or not looked_up or step(entry) is not None:
        return False
    kept = [strip(value) for value in put_into(module, entry)]
    return bool(kept) and all(isinstance(one, Name | Member) and is_declaration(module, one, depth) for one in kept)


def _wishes_of_text(module: Module, cls: Class) -> bool:
    """Tell whether the subject makes a record with wishes of what a text says: ``Card(raw["wants"])``."""
    return any(set(words(field.name)) & _WISHES for field in cls.fields) and is_made_of_text(module, cls)


def is_made_of_text(module: Module, cls: Class) -> bool:
    """Tell whether the subject makes records of a class of what a text says: ``Card(raw["id"], raw["main"])``."""
    if module.project is None:
        return cls.name in _made_of_texts(module)
    return any(cls.name in names for names in _RECORDS.of(module.project))


def _made_of_texts(module: Module) -> frozenset[str]:
    """Return the classes of which a file makes records out of what a text says."""
    made = (call for call in module.all(Call) if call.name[:1].isupper() or _is_own_class(call))
    found = (_made_class(call) for call in made if _is_filled_by_text(module, call))
    return frozenset(name for name in found if name)


def _made_class(call: Call) -> str:
    """Return the class of which a call makes an object; in a method of the class itself that is ``cls``."""
    owner = class_of(call) if _is_own_class(call) else None
    return owner.name if owner is not None else call.name


def _is_own_class(call: Call) -> bool:
    return isinstance(call.callee, Name) and call.callee.id in ("this", "cls")


def _is_filled_by_text(module: Module, call: Call) -> bool:
    """Tell whether what is made takes several members of what a text says, or all of them."""
    given = [*call.args, *call.keywords.values()]
    if any(isinstance(one, Spread) and is_read_text(module, one.value) for one in given):
        return True
    return sum(_is_part_of_text(module, value) for value in given) >= _FEWEST


_RECORDS: Final = Standing("security.records of texts", _made_of_texts, _READS)


def _is_part_of_text(module: Module, value: Expr) -> bool:
    """Tell whether a value is one member of what a text says, whatever it is turned into."""
    value = strip(value)
    while isinstance(value, Call) and len(value.args) == 1 and value.receiver is None:
        value = strip(value.args[0])
    found = step(value)
    return found is not None and is_read_text(module, found[0])


def names_code(module: Module, holder: Expr) -> bool:
    """Tell whether the same record says elsewhere in the file what code is loaded: ``import(descriptor.main)``."""
    while (taken := step(holder)) is not None:
        holder = strip(taken[0])
    naming = module.once("security.records that name code", lambda: frozenset(_naming_code(module)))
    return isinstance(holder, Name) and holder.id != "this" and holder.id in naming


def is_read_text(module: Module, holder: Expr, depth: int = 2) -> bool:
    """Tell whether a record is what a text or a file says, and no entry that the host made of it."""
    made = module.scopes.origin(holder)
    made = strip(made) if isinstance(made, Expr) else None
    while isinstance(made, Await) or (isinstance(made, Index) and isinstance(made.key, Literal)):
        made = strip(made.value if isinstance(made, Await) else made.object)  # loads(text)["plugin"]
    if not isinstance(made, Call) or made.new:
        return False
    if made.name in _READS:
        return True
    target = definition(module, made.callee) if depth else None
    answers = [one.value for one in returns_of(target)] if isinstance(target, Function) else []
    where = target.module if isinstance(target, Function) else module
    return any(one is not None and is_read_text(where, one, depth - 1) for one in answers)


def _is_of_own_file(module: Module, holder: Expr, depth: int = 2) -> bool:
    """Tell whether a record is what the one file says that each guest brings along: ``folder / "plugin.json"``."""
    made = module.scopes.origin(holder)
    call = strip(made) if isinstance(made, Expr) else None
    if not isinstance(call, Call):
        return False
    target = definition(module, call.callee) if depth and call.name not in _READS else None
    if isinstance(target, Function):
        answers = [one.value for one in returns_of(target) if one.value is not None]
        return any(_is_of_own_file(target.module, one, depth - 1) for one in answers)
    around: list[Expr] = [call]
    for name in find(call, Name):  # the text, or the path of the file, has a name of its own
        bound = module.scopes.origin(name)
        around += [bound] if isinstance(bound, Expr) else []
    texts = (str(one.value) for part in around for one in find(part, Literal) if isinstance(one.value, str))
    return any(_OWN_FILE.search(text) for text in texts)


def _naming_code(module: Module) -> Iterator[str]:
    """Yield the names of the records that say what code is loaded."""
    for call in module.calls(_RUNS_FILES):
        for arg in call.args[:2]:
            made = module.scopes.origin(arg)
            for part in find(made if isinstance(made, Expr) else arg, Expr):
                found = step(part)
                root = strip(found[0]) if found is not None and found[1] in _NAMES_CODE else None
                if isinstance(root, Name):
                    yield root.id


def _is_said_by_code(module: Module, holder: Expr) -> bool:
    """Tell whether a record is a constant of code that was loaded: ``addon.ABOUT``."""
    made = module.scopes.origin_by(holder, _copied)
    if not isinstance(made, Member) or (isinstance(made.parent, Call) and made.parent.callee is made):
        return False
    constant = made.name.isupper() or bool(set(words(made.name)) & {"about", "info"})
    return constant and is_brought(module, made.object)


def _copied(made: Expr) -> Expr | None:
    return made.args[0] if isinstance(made, Call) and made.name in _COPIES and len(made.args) == 1 else None


def _is_shaped_so(cls: Class) -> bool:
    """Tell whether a type has the headings of a manifest and nothing that the host puts in."""
    fields = {word for field in cls.fields for word in words(field.name)}
    if cls.kind == "class":
        fields |= {
            word
            for method in cls.methods
            if method.kind == "constructor"
            for p in method.params
            for word in words(p.name)
        }
    wishes = any(set(words(field.name)) & _WISHES for field in cls.fields)
    would_like = any(words(field.name) in _WOULD_LIKE and _LISTS.search(field.type) for field in cls.fields)
    return (
        bool(fields & _STRONG or (wishes and fields & _HEADINGS) or (would_like and _is_told(cls)))
        and (wishes or len(fields & _HEADINGS) >= 2)
        and not fields & _HELD
        and not any(m.kind == "method" for m in cls.methods)
    )


def _is_told(cls: Class) -> bool:
    """Tell whether a record has a text beside its wishes by which somebody is known."""
    return any(field.type.strip("'\" ") in ("str", "string") for field in cls.fields)
