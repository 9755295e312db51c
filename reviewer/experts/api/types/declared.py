"""What the declared result of a function promises: surely something, or perhaps nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import named_type
from reviewer.code.syntax import Assign, Class, Expr, Imported
from reviewer.code.text.words import words
from reviewer.core.errors import UnreadableError
from reviewer.core.regex import regex
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node as RawNode

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_MAY_BE_NOTHING: Final = regex(
    r"\b(?:None|Optional|Any|object|NoReturn|Never|null|undefined|void|any|unknown|never|asserts|Maybe|Nullable|Nullish)\b"
    r"|\bis\b|\?|\*|\bNonNullable\b|\binfer\b|\bextends\b"
)
_PLAIN: Final = frozenset(
    (
        "string number boolean str int float bool bytes list dict set tuple List Dict Set Tuple Array Map Record "
        "ReadonlyArray ReadonlyMap ReadonlySet Sequence Mapping Path Date URL Buffer Uint8Array Iterable frozenset "
        "FrozenSet Callable Iterator Function Error"
    ).split()
)
"""Types whose values are surely something."""
_OUTER: Final = regex(
    r"^(?:Promise|PromiseLike|Awaitable|Coroutine|Readonly|Final|Annotated)[<\[](.*)[>\]]$", re.DOTALL
)
_MEMBER_OF_TYPE: Final = regex(r"""^[\w.]{1,80}\[["'][^"']{1,80}["']\]$""")
_NAME: Final = regex(r"[A-Za-z_$][\w$]*")
_RETURNS: Final = regex(rb"@returns?\s*\{((?:[^{}\n]|\{(?:[^{}\n]|\{[^{}\n]{0,120}\}){0,120}\}){1,120})\}")
"""The type of a result in a comment, which may have braces of its own."""
_COMMENT: Final = 3_000
_LONGEST: Final = 200_000


def allows_nothing(inquiry: Inquiry) -> bool:
    """Tell whether the compiler of TypeScript takes null for a value of every type: ``strict`` is off, and says so."""
    known = inquiry.memory.get("api.allows-nothing")
    if not isinstance(known, bool):
        known = inquiry.memory["api.allows-nothing"] = _is_lax(inquiry)
    return known


def _is_lax(inquiry: Inquiry) -> bool:
    path = inquiry.subject.manifest_path.rpartition("/")[0]
    path = f"{path}/tsconfig.json" if path else "tsconfig.json"
    if path not in inquiry.subject.files:
        return False
    try:
        text = inquiry.subject.read(path)[:_LONGEST].decode("utf-8", "replace")
    except UnreadableError:
        return False
    plain = "\n".join(line.split("//")[0] for line in text.splitlines())
    strict = found(r'"(strict|strictNullChecks)"\s*:\s*true', plain)
    return not strict and found(r'"compilerOptions"', plain) and not found(r'"extends"', plain)


def promised(module: Module, function: Function) -> str:
    """Return the declared type of a result that is surely something, as a text, else an empty string."""
    kind = function.returns.strip().strip("'\"").removeprefix(":").strip() or _documented(module, function)
    spelled = kind
    kind = _bare(kind)
    while (outer := _OUTER.match(kind)) is not None:
        kind = _bare(outer[1].rsplit(",", 1)[-1].strip())
    if not kind or _MAY_BE_NOTHING.search(_top(kind)) or (_MEMBER_OF_TYPE.match(kind) and "Literal" not in kind):
        return ""  # what a member of another type is, ``Version["banner"]``, that type says
    first = _NAME.match(kind)
    if first is not None and len(words(first[0])) > 1 and words(first[0])[0] == "any":
        return ""  # so is called what stands for many kinds, and nothing is often one of them: ``AnyFormattedText``
    sure = (
        kind.startswith(("{", "[", "("))
        or kind.endswith("[]")
        or (first is not None and (first[0] in _PLAIN or _is_class(module, kind, first[0])))
    )
    return " ".join(spelled.split())[:60] if sure else ""


def may_be_nothing(declared: str) -> bool:
    """Tell whether a declared result says that it may be nothing: ``X | None``, ``Promise<X | undefined>``."""
    kind = _bare(declared.strip().strip("'\"").removeprefix(":").strip())
    while (outer := _OUTER.match(kind)) is not None:
        kind = _bare(outer[1].rsplit(",", 1)[-1].strip())
    parts = [part.strip() for part in _top(kind).split("|")]
    some = any(part not in _NOTHING for part in parts)
    return some and (bool(_NOTHING & set(parts)) or kind.removeprefix("typing.").startswith("Optional["))


_NOTHING: Final = frozenset({"None", "null", "undefined"})


def _bare(kind: str) -> str:
    """Return a type without parentheses that only hold it together: ``(Entry|null)`` is ``Entry|null``."""
    while kind.startswith("(") and kind.endswith(")"):
        depth = 0
        for at, char in enumerate(kind):
            depth += (char == "(") - (char == ")")
            if depth == 0:
                if at < len(kind) - 1:
                    return kind  # ``(a) => (b)``
                break
        kind = kind[1:-1].strip()
    return kind


def _top(kind: str) -> str:
    """Return a type without what stands in its brackets: ``dict`` of ``dict[str, Any]``."""
    kept: list[str] = []
    depth = 0
    for char in kind:
        depth += char in "<[({"
        if depth == 0:
            kept.append(char)
        depth -= char in ">])}" and depth > 0
    text = "".join(kept)
    return kind if text.strip().rpartition(".")[2] in ("Optional", "Union") else text


_ALIASES: Final = frozenset({"json", "value", "maybe", "optional", "nullable", "union", "anything"})
"""Words of imported names of types that as often stand for several, None among them."""


def _is_class(module: Module, kind: str, name: str) -> bool:
    """Tell whether a type is a class or interface of the subject, or a class that it imports."""
    found = named_type(module, kind)
    if isinstance(found, Class):
        if found.kind == "type":  # ``type X = A | null`` is one as well
            meant = found.module.text_of(found).split("=", 1)[-1].strip().rstrip(";")
            of_function = meant.startswith("(") and "=>" in meant
            return ("{" in meant or of_function or _of_constants(meant)) and not _MAY_BE_NOTHING.search(_top(meant))
        return True
    if module.language == "javascript" and name.encode() in _typedefs_of_objects(module):
        return True
    bound = module.scopes.table(None).get(name, [])
    imported = [one for one in bound if isinstance(one, Imported)]
    if any(_stands_for_nothing_too(module, one) for one in imported):
        return False
    said = [module.text_of(one.value) for one in bound if isinstance(one, Assign) and one.value is not None]
    if said and module.language == "python":  # ``Instrument = Callable[[str], bytes]``
        first = _NAME.match(said[0].removeprefix("typing."))
        plain = len(said) == 1 and first is not None and first[0] in _PLAIN
        return plain and not _MAY_BE_NOTHING.search(_top(said[0]))
    alias = not _ALIASES.isdisjoint(words(name))
    return bool(imported) and module.language == "python" and name[:1].isupper() and not name.isupper() and not alias


def _stands_for_nothing_too(module: Module, imported: Imported) -> bool:
    """Tell whether an imported name is another spelling of what may be nothing: ``Hint = Optional[Words]``."""
    meant = module.project.definition(module, imported) if module.project is not None else None
    text = (meant.raw.text or b"").decode("utf-8", "replace") if isinstance(meant, Expr) else ""
    return bool(_MAY_BE_NOTHING.search(_top(text)))


def _typedefs_of_objects(module: Module) -> frozenset[bytes]:
    """Return the names that comments of a file give to the types of objects: ``@typedef {{ id: string }} Entry``."""
    return module.once("api.typedefs", lambda: frozenset(_typedefs(module.source)))


def _typedefs(source: bytes) -> Iterator[bytes]:
    for part in source.split(b"@typedef")[1:]:
        text = part[:_COMMENT].lstrip()
        if not text.startswith((b"{{", b"{Object}", b"{object}")):
            continue
        depth = 0
        for at, char in enumerate(text):
            depth += (char == ord("{")) - (char == ord("}"))
            if depth == 0:
                yield (text[at + 1 :].split(maxsplit=1) or [b""])[0]
                break


def _of_constants(meant: str) -> bool:
    """Tell whether a type is one of a few constants: ``"idle" | "active"``."""
    return all(part.strip()[:1] in ("'", '"', "`") for part in meant.strip("|").split("|"))


_NAMING: Final = frozenset(
    "variable_declarator lexical_declaration variable_declaration assignment_expression expression_statement pair "
    "field_definition export_statement".split()
)
"""What gives a function a name from outside: ``const find = () => …``, ``exports.find = …``, ``{find: () => …}``."""


def _is_named_by(outer: RawNode, inner: RawNode) -> bool:
    """Tell whether a stretch of code is there to give the one inside it, and no other, a name."""
    alone = outer.named_child_count == 1 or not outer.type.endswith("_declaration")
    return outer.type in _NAMING and outer.end_byte - inner.end_byte <= 1 and alone


def _documented(module: Module, function: Function) -> str:
    """Return the type after ``@returns`` in the comment right above a function of JavaScript."""
    if module.language != "javascript" or b"@return" not in module.source:
        return ""
    node = function.raw
    while (outer := node.parent) is not None and (outer.start_byte == node.start_byte or _is_named_by(outer, node)):
        node = outer
    start = node.start_byte
    above = module.source[max(0, start - _COMMENT) : start].rstrip()
    for word in (b"export", b"default", b"async", b"static"):
        above = above.removesuffix(word).rstrip()
    if not above.endswith(b"*/"):
        return ""
    comment = above[above.rfind(b"/**") :]
    hit = _RETURNS.search(comment)
    if hit is None or b".<" in hit[1]:  # so spells Closure's compiler a type, to which null is a value of each
        return ""
    kind = hit[1].decode("utf-8", "replace").strip()
    return "" if kind.strip("[] ") == "type" else kind  # what an editor has put there to be filled in
