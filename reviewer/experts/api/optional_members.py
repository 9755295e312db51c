"""Which members of a plugin or a context may be missing, by the words of the contract that a subject spells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import lineage
from reviewer.code.syntax import Assign, Class, Expr, ExprStatement, Field, Function, Literal, Member, Node
from reviewer.code.text.defining import CONTRACT
from reviewer.code.text.ideas import PLAIN_GUESTS
from reviewer.code.text.words import words
from reviewer.core.regex import regex
from reviewer.experts.api.left_out import NAMED, left_out
from reviewer.experts.api.vocabulary import spelled
from reviewer.experts.place import locate_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

CALLABLE: Final = regex(r"\bCallable\b|=>|\bFunction\b")
_NOTHING: Final = regex(r"\bNone\b|\bOptional\b|\bundefined\b|\bnull\b")
_SAYS_OPTIONAL: Final = regex(
    r"(?i)\boptional(?:ly)?\b|\bmay be (?:left out|missing|absent|omitted)|\bmay (?:lack|leave|omit|skip)|\bneed not\b"
    r"|\bmay (?:also )?(?:define|offer|provide|implement|have)\b|\bnot every\b|\bcan also\b|\bsome \w+ (?:have|can)\b"
    r"|\bif (?:they|it) (?:has|have|want|define|implement)"
    r"|\bonly (?:where|when|if) (?:\w+ ){0,3}(?:needs?|wants?|has|have)\b"
)
_QUOTED: Final = regex(NAMED + r"|\b(\w+)\(\)")
_BESIDE: Final = regex(r"(?i)\b(?:which|before|after|unlike|instead of)\b")
"""Words behind which a sentence names members that it only tells the optional one apart from."""
_DEFINED: Final = regex(r"\bdef (\w+)\(")
_SENTENCE: Final = regex(r"[^.;]{0,600}(?:[.;]|$)")
_BRACKETS: Final = regex(rb"@prop(?:erty)?[ ]\{[^\n]{1,200}\}[ ]\[(\w{2,40})\]")
_TAKEN: Final = regex(rb"\*[^\n]{0,80}\bimport\(['\"](\.[^'\"\n]{1,100})['\"]\)")
_MOST_TEXT: Final = 4_000


def optional_members(cls: Class) -> dict[str, Node]:
    """Return the members of a class or interface that an implementation may leave out, with where it says so."""
    found: dict[str, Node] = {}
    for owner in lineage(cls):
        for field in owner.fields:
            if _field_may_be_missing(owner, field):
                found.setdefault(field.name, field)
        for method in owner.methods:
            if method.signature_only and (_has_question_mark(method) or _commented(method)):
                found.setdefault(method.name, method)
        spelt = owner.kind != "class" or all(method.signature_only for method in owner.methods)
        for name in said_in_words(owner):
            if spelt or not (owner.method(name) or any(field.name == name for field in owner.fields)):
                found.setdefault(name, owner)
    return found


def _field_may_be_missing(owner: Class, field: Field) -> bool:
    if owner.kind == "class" and field.value is not None and not _is_nothing(field.value):
        return False
    if owner.module.language == "python" and not field.type and field.value is not None:
        return _is_contract(owner) and not _is_filled(owner.module, field.name)  # ``rest = None``
    callable_ = bool(CALLABLE.search(field.type))
    return field.optional or (callable_ and bool(_NOTHING.search(_outer(field.type))))


def _is_contract(owner: Class) -> bool:
    """Tell whether a class is there for others to derive from, who may leave a member at nothing."""
    abstract = any(method.signature_only for method in owner.methods)
    based = any(spelled(base) in ("ABC", "ABCMeta", "Protocol") for base in owner.bases)
    return abstract or based or not PLAIN_GUESTS.isdisjoint(words(owner.name))


def _is_filled(module: Module, name: str) -> bool:
    """Tell whether somebody puts something into a member later."""
    targets = (made.target for made in module.all(Assign))
    return any(isinstance(target, Member) and target.name == name for target in targets)


def _outer(annotation: str) -> str:
    """Return a type of a function without what its parameters and its result say."""
    bare = annotation.strip().strip("'\"")
    if bare.startswith("Optional["):
        return bare
    kept: list[str] = []
    depth = 0
    for char in bare.replace("=>", "\0"):
        depth += char in "([{<"
        if depth == 0:
            kept.append(char)
        depth -= char in ")]}>"
    text = "".join(kept)
    return "" if "\0" in text else text


def _is_nothing(value: Expr) -> bool:
    return isinstance(value, Literal) and value.value is None


def _has_question_mark(method: Function) -> bool:
    return any(child.type == "?" for child in method.raw.children)


def _commented(method: Function) -> bool:
    """Tell whether the line of a signature, or a comment line right above it, calls it optional."""
    lines = method.module.source.split(b"\n")
    last = method.raw.end_point[0]
    line = lines[last][method.raw.end_point[1] :]
    if method.module.language == "python" and b"..." in lines[last]:
        line = lines[last].rpartition(b"...")[2]  # the comment behind a body of dots is a part of the method
    above = lines[method.raw.start_point[0] - 1].strip() if method.raw.start_point[0] else b""
    comment = line if line.strip().startswith((b"#", b"//")) else b""
    if above.startswith((b"#", b"//", b"/*", b"*")):
        comment += b" " + above
    text = comment[:300].decode("utf-8", "replace")
    return bool(_SAYS_OPTIONAL.search(text)) and not _QUOTED.search(text)


def typedef_optional(module: Module) -> dict[str, Location]:
    """Return the members that ``@typedef`` comments put into brackets: ``@property {Function} [finish]``.

    Those of the file, and of files that its comments take a type of: ``import('./types').Act``.
    """
    return module.once("api.typedef_optional", lambda: dict(_with_taken(module)))


def _with_taken(module: Module) -> Iterator[tuple[str, Location]]:
    yield from _in_brackets(module)
    taken = {hit.decode("utf-8", "replace") for hit in _TAKEN.findall(module.source)}
    for source in sorted(taken) if module.language == "javascript" else ():
        other = module.project.module(module.project.target(module.path, source)) if module.project else None
        yield from _in_brackets(other) if other is not None else ()


def _in_brackets(module: Module) -> Iterator[tuple[str, Location]]:
    if module.language != "javascript" or b"@typedef" not in module.source:
        return
    for hit in _BRACKETS.finditer(module.source):
        yield hit.group(1).decode("utf-8", "replace"), locate_bytes(module, hit.start(1), hit.end(1))


def said_in_words(owner: Class) -> list[str]:
    """Return the names that the documentation of a contract calls optional."""
    names: list[str] = []
    for statement in owner.rest:
        value = statement.value if isinstance(statement, ExprStatement) else None
        if isinstance(value, Literal) and isinstance(value.value, str):
            names += _names_in(value.value)
            names += left_out(value.value)
            names += _named_plainly(owner, value.value)
    return names + [name for text in _comments(owner) for name in _DEFINED.findall(text)]


def _named_plainly(owner: Class, text: str) -> list[str]:
    """Return the methods of a contract that its documentation names without quotes: ``dim and strobe are optional``."""
    own = {method.name for method in owner.methods}
    return [name for hit in _ARE_OPTIONAL.findall(text[:_MOST_TEXT]) for name in _WORD.findall(hit) if name in own]


_ARE_OPTIONAL: Final = regex(
    r"(?i)((?:\w{2,40}(?:, and |, or |, | and | or ))*\w{2,40}) (?:is|are|may be) (?:optional|left out)\b"
)
_WORD: Final = regex(r"\w{2,40}")


def _comments(owner: Class) -> list[str]:
    """Return the comments of a contract of Python that call something optional: ``# optional: def configure(…)``."""
    if owner.module.language != "python" or owner.kind != "interface":
        return []
    lines = owner.module.text_of(owner)[:_MOST_TEXT].splitlines()
    comments = [line.strip() for line in lines if line.strip().startswith("#")]
    return [text for text in comments if _SAYS_OPTIONAL.search(text)]


def _names_in(text: str) -> list[str]:
    found: list[str] = []
    for sentence in _SENTENCE.findall(text[:_MOST_TEXT]):
        if _SAYS_OPTIONAL.search(sentence):
            named = list(_QUOTED.finditer(sentence))
            beside = _BESIDE.search(sentence, named[0].end()) if named else None
            end = beside.start() if beside is not None else len(sentence)
            found += [hit.group(1) or hit.group(2) for hit in named if hit.start() < end]
    return found


def contract_words(inquiry: Inquiry) -> dict[str, tuple[Module, Class]]:
    """Return the members that documented contracts of a subject call optional, by name."""
    kept = inquiry.memory.get("api.contract_words")
    if isinstance(kept, dict):
        return kept
    found: dict[str, tuple[Module, Class]] = {}
    for module in inquiry.project.modules({"ABC", "ABCMeta", "Protocol"}, tests=False, showing=CONTRACT.search):
        if module.language == "python":
            for cls in module.classes:
                if cls.kind == "interface" or any(spelled(base) in ("ABC", "ABCMeta") for base in cls.bases):
                    for name in optional_members(cls):
                        found.setdefault(name, (module, cls))
    inquiry.memory["api.contract_words"] = found
    return found
