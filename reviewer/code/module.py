"""One source file, parsed once and lowered as far as somebody asks."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from reviewer.code.form.field_names import see_fields
from reviewer.code.form.lent import lend
from reviewer.code.form.named_texts import see_texts, see_texts_of
from reviewer.code.form.passing_names import see_passed
from reviewer.code.form.standing_for import join_pieces
from reviewer.code.form.straight import straighten
from reviewer.code.order import Order
from reviewer.code.scope import Scopes
from reviewer.code.syntax import Call, Class, Function, Import, Imported, Index, Member, Name, Node, Spread, Statement
from reviewer.code.text.languages import declared_language, grammar_of, is_test, language_of, parser
from reviewer.code.text.words import all_words, identifiers
from reviewer.code.walk import walk

if TYPE_CHECKING:
    from tree_sitter import Node as RawNode
    from tree_sitter import Tree

    from reviewer.code.project import Project
    from reviewer.code.syntax import Expr

N = TypeVar("N", bound=Node)
T = TypeVar("T")

_MOST_SITES = 20_000
"""Calls of the asked-for names that are looked at in one file: a bound against files made to be slow."""


class Lowering(Protocol):
    """Makes normalised nodes of one language's parse tree."""

    def body(self, nodes: list[RawNode], outer: Function | None) -> list[Statement]:
        """Lower a list of statements."""
        ...

    def fill(self, function: Function) -> None:
        """Lower the parameters and the body of one function."""
        ...


class Module:
    """A source file: its tree, its definitions, its calls, and what its names mean."""

    def __init__(self, path: str, source: bytes, project: Project | None = None) -> None:
        """Take the path inside the subject and the text as UTF-8; nothing is parsed yet."""
        self.path = path
        self.source = source
        self.project = project
        self.language = language_of(path) or declared_language(path)
        self.too_deep = False
        self.definitions: dict[int, Function | Class] = {}
        self.lent: list[tuple[int, str]] = []
        """Where the text of what other files lend begins behind this one's, and which file each is of."""
        self.moved: list[Expr] = []
        """Expressions that stand elsewhere in the tree than in the text."""
        self.memory: dict[str, object] = {}
        """What was worked out about this module and is asked for again, by the name of the question."""
        self._spelled: list[tuple[int, int, str]] = []
        """Names that stand for something else, and how that is spelled; in source order."""
        self.scopes = Scopes(self)
        self.lowering = self._lowering()

    def once(self, question: str, work: Callable[[], T]) -> T:
        """Return the answer to a question about this module: from its memory, or worked out now.

        What holds nodes is remembered here and nowhere else, so that it goes when the module goes.
        """
        if question not in self.memory:
            self.memory[question] = work()
        return cast("T", self.memory[question])

    def _lowering(self) -> Lowering:
        lowering: Lowering
        if self.language == "python":
            from reviewer.code.python import PythonLowering

            lowering = PythonLowering(self)
            return lowering
        from reviewer.code.javascript import JavaScriptLowering

        return JavaScriptLowering(self)

    @cached_property
    def aliases(self) -> Mapping[bytes, str]:
        """The names that imports of Python give here, and the names that the tree has in their place."""
        if self.language != "python":
            return {}
        from reviewer.code.python.aliases import aliases

        return aliases(self.source)

    @cached_property
    def tree(self) -> Tree:
        """The parse tree."""
        grammar = grammar_of(self.path)
        if grammar == "python":
            return parser(grammar).parse(self.source)
        from reviewer.code.javascript.newer_syntax import parsed

        return parsed(grammar, self.source)

    @cached_property
    def body(self) -> list[Statement]:
        """The top-level statements."""
        statements = self.lowering.body(self.tree.root_node.named_children, None)
        if self.language != "python":
            from reviewer.code.javascript.factories import with_factories

            statements = with_factories(self, statements)
        see_texts_of(self, statements)
        if self.language != "python":  # there, what a name at the top level holds may be read by any other file
            straighten(self, statements, self.tree.root_node)
        join_pieces(self, statements)
        for start, piece, statement in lend(self, statements):
            self.lent.append((start, piece.path))
            statements.append(statement)
        if self.language == "python":
            return statements
        from reviewer.code.javascript.prototypes import with_prototype_classes

        return with_prototype_classes(self, statements)

    def fill(self, function: Function) -> None:
        """Lower the parameters and the body of one function."""
        self.lowering.fill(function)
        if function._body:
            if self.language != "python":
                from reviewer.code.javascript.factories import see_closure

                see_closure(function)
            see_fields(function)
            straighten(self, function._body, function.raw)
            see_passed(function)
            see_texts(function)

    @cached_property
    def identifiers(self) -> frozenset[str]:
        """Every identifier-like stretch of the text."""
        return identifiers(self.source)

    @cached_property
    def words(self) -> frozenset[str]:
        """The lower-case words of all identifiers; what decides which checks are worth running."""
        return all_words(self.identifiers)

    @cached_property
    def problems(self) -> tuple[str, ...]:
        """What keeps this file from being understood whole, in words."""
        found = []
        if self.tree.root_node.has_error:
            found.append("syntax error")
        if self.too_deep:
            found.append("nested too deeply")
        return tuple(found)

    @cached_property
    def is_test(self) -> bool:
        """Tell whether the file is a test by the usual names of the field."""
        return is_test(self.path)

    def text(self, raw: RawNode) -> str:
        """The source text of a parser's node."""
        text = self.source[raw.start_byte : raw.end_byte] if raw.start_byte < len(self.source) else raw.text or b""
        return text.decode("utf-8", "replace")

    def file_of(self, position: int) -> str:
        """The path of the file that the text at a byte position is of: this one, or one that lends a constant."""
        return next((path for start, path in reversed(self.lent) if start <= position), self.path)

    def text_of(self, node: Node) -> str:
        """The source text of a node; a star that the parser takes for a part of it is left out: ``*table.get(key)``."""
        if isinstance(node, Name) and node.id == "this" and self.language != "python":
            return node.id  # the code of a factory has no word for it
        text = self.text(node.raw) if not self._spelled else self._text_in_full(node.raw)
        starred = text.startswith("*") and self.language == "python" and not isinstance(node, Spread)
        return text[1:] if starred else text

    def spell(self, raw: RawNode, text: str) -> None:
        """Let `text_of` give another text for a name: what it stands for."""
        shorthand = raw.type == "shorthand_property_identifier"
        insort(self._spelled, (raw.start_byte, raw.end_byte, f"{self.text(raw)}: {text}" if shorthand else text))

    def _text_in_full(self, raw: RawNode) -> str:
        found, done = [], raw.start_byte
        for start, end, text in self._spelled[bisect_left(self._spelled, (raw.start_byte, 0, "")) :]:
            if start >= raw.end_byte:
                break
            found += [self.source[done:start].decode("utf-8", "replace"), text]
            done = end
        return "".join([*found, self.source[done : raw.end_byte].decode("utf-8", "replace")])

    # Definitions

    @cached_property
    def order(self) -> Order:
        """Every node of the file in source order; asking lowers the whole file."""
        return Order(self.body)

    @property
    def all_nodes(self) -> tuple[Node, ...]:
        """Every node of the file, in source order."""
        return self.order.nodes

    def all(self, kind: type[N]) -> list[N]:
        """Every node of one kind, in source order: far cheaper than looking through `all_nodes`."""
        return self.order.all(kind)

    def some(self, *kinds: type[Node]) -> list[Node]:
        """Every node of several kinds, in source order."""
        return self.order.some(*kinds)

    @property
    def functions(self) -> list[Function]:
        """Every function, method, arrow and lambda, outer before inner."""
        return self.order.all(Function)

    @property
    def classes(self) -> list[Class]:
        """Every class, interface and object type, outer before inner."""
        return self.order.all(Class)

    @cached_property
    def imports(self) -> tuple[Imported, ...]:
        """Every name imported by a statement at the top level or inside top-level blocks."""
        return tuple(
            name for node in walk(self.body, into_functions=False) if isinstance(node, Import) for name in node.names
        )

    # Calls

    def calls(self, names: Iterable[str]) -> Iterator[Call]:
        """Yield the calls whose last name is one of ``names``, in source order.

        ``exec`` finds ``exec(x)``, ``cp.exec(x)`` and ``new exec()``. Only the functions
        around the hits are lowered.
        """
        present = {name for name in names if name.removeprefix("#") in self.identifiers}
        if not present:
            return
        if "order" in self.__dict__:
            by_name = self._calls_by_name
            yield from sorted((call for name in present for call in by_name.get(name, ())), key=lambda c: c.start)
            return
        pattern = re.compile(
            rb"(?<![\w$])(?:" + b"|".join(re.escape(n) for n in sorted(self._spellings(present))) + rb")(?![\w$])"
        )
        seen: set[int] = set()
        for count, hit in enumerate(pattern.finditer(self.source)):
            if count >= _MOST_SITES:
                return
            for node in self.covering(hit.start()):
                if isinstance(node, Call) and id(node) not in seen and _named_at(node, hit.start(), hit.end()):
                    seen.add(id(node))
                    yield node

    def _spellings(self, names: set[str]) -> set[bytes]:
        """Return how names are spelled in the text."""
        return {name.encode() for name in names} | {alias for alias, name in self.aliases.items() if name in names}

    @cached_property
    def _calls_by_name(self) -> dict[str, list[Call]]:
        found: dict[str, list[Call]] = {}
        for call in self.order.all(Call):
            if call.name:
                found.setdefault(call.name, []).append(call)
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return [statement.raw.start_byte for statement in self.body]

    def covering(self, position: int) -> Iterator[Node]:
        """Yield the nodes around a byte position, outermost first; lowers only what lies on the way."""
        last = bisect_right(self._starts, position)
        level: list[Node] = []
        for statement in reversed(self.body[:last]):
            if statement.raw.end_byte > position:
                level.append(statement)
            elif level or statement.raw.start_byte < position:
                break
        seen = False
        while level:
            inner: list[Node] = []
            for node in level:
                yield node
                inner.extend(child for child in node.children() if _reaches(child, position))
            if not inner:
                inner = [one for one in self.moved if one.raw.start_byte <= position < one.raw.end_byte and not seen]
                seen = True
            level = inner

    # Meaning

    def resolve(self, expr: Expr | None) -> str:
        """Return what an expression names, dotted, or an empty string.

        Imports, ``require``, aliases, destructuring and single assignments are followed:
        ``const {exec: run} = require("node:child_process"); run`` is ``child_process.exec``.
        The plugin's context is ``context`` however it reached this place; ``this`` stays
        ``this``; the value of a call is its function with ``()``.
        """
        return self.scopes.resolve(expr)


def _reaches(node: Node, position: int) -> bool:
    """Tell whether a node lies around a position, or is taken out of what does: ``[first] = list(name)``."""
    while not node.raw.start_byte <= position < node.raw.end_byte:
        if not isinstance(node, Index | Member):
            return False
        node = node.object
    return True


def _named_at(call: Call, start: int, end: int) -> bool:
    """Tell whether the called name stands at these bytes."""
    callee = call.callee.raw
    if callee.end_byte == end and callee.start_byte <= start:
        return True
    return callee.start_byte <= start and end <= callee.end_byte and call.name != "" and _last_name(callee, start)


def _last_name(callee: RawNode, start: int) -> bool:
    prop = callee.child_by_field_name("property") or callee.child_by_field_name("attribute")
    return prop is not None and prop.start_byte == start
