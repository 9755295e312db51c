"""Reads ``decisions.toml`` and ``questions.toml`` of the skills; every mistake is told with its line."""

from __future__ import annotations

import hashlib
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any, Final, cast

from msgspec.structs import replace

from reviewer import resources
from reviewer.blueprint.condition import Condition, ConditionError, Vocabulary, read_condition
from reviewer.blueprint.inputs import INPUTS
from reviewer.blueprint.rulebook import Dimension, Each, Question, Row, Rule, Rulebook, Value, WayOut
from reviewer.blueprint.vocabulary import vocabulary
from reviewer.core.experts import EXPERTS
from reviewer.library.frontmatter import Page, toml_file
from reviewer.library.mistakes import Mistakes
from reviewer.library.tables import Key, check_table

if TYPE_CHECKING:
    from pathlib import Path

    from reviewer.library.toml_lines import Steps

EACH: Final = ("interaction", "permission", "service", "combination")
_RULE_ID: Final = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_WORDS: Final = "lower-case words with hyphens"

_DIMENSION: Final = (
    Key("key", "text", 'key = "boundary"', True, pattern=r"[a-z][a-z0-9_]*(?:\.[a-z]+)?", means="a lower-case name"),
    Key("title", "text", 'title = "Boundary"', True),
    Key("question", "text", 'question = "Where does plugin code run?"', True, pattern=r"[^\n]+\?",
        means="a question that ends in ?"),
    Key("takes", "text", 'takes = "one"', choices=("one", "several", "number")),
    Key("ordered", "flag", "ordered = true"),
    Key("unit", "text", 'unit = "months"'),
    Key("guide", "number", "guide = 6", True),
    Key("each", "text", 'each = "interaction"', choices=EACH),
    Key("options", "table", 'options with option = "consequence"'),
    Key("choose", "tables", "[[dimension.choose]] with rule, value, why", True),
)  # fmt: skip
_ROW: Final = (
    Key("rule", "text", 'rule = "boundary-for-partners"', True, pattern=_RULE_ID, means=_WORDS),
    Key("when", "text", 'when = "trust == 2"'),
    Key("why", "text", 'why = "A crash of a partner must not end the host."', True),
)
_RULE: Final = (
    Key("id", "text", 'id = "public-needs-boundary"', True, pattern=_RULE_ID, means=_WORDS),
    Key("each", "text", 'each = "interaction"', choices=EACH),
    Key("when", "text", "when = \"trust == 1 and boundary < 'B3'\"", True),
    Key("level", "text", 'level = "reject"', True, choices=("reject", "warn")),
    Key("milder-when", "text", 'milder-when = "trust == 3"'),
    Key("why", "text", 'why = "Permissions can\'t be enforced in one heap."', True),
    Key("consequence", "text", 'consequence = "The plugin takes what it likes."', True),
    Key("dimension", "text", 'dimension = "boundary"', True),
    Key("out", "tables", 'out = [{text = "Run plugins in an engine.", set = {boundary = "B3"}}]', True),
    Key("silences", "texts", 'silences = ["public-needs-boundary"]'),
    Key("references", "texts", 'references = ["CWE-636"]'),
)
_OUT: Final = (Key("text", "text", 'text = "Run plugins in an engine."', True), Key("set", "table", "set = {a = 'b'}"))
_QUESTION: Final = (
    Key("key", "text", 'key = "authors"', True, choices=INPUTS),
    Key("question", "text", 'question = "Who writes the plugins?"', True, pattern=r"[^\n]+\?",
        means="a question that ends in ?"),
    Key("why", "text", 'why = "Trust follows from it."', True),
    Key("unit", "text", 'unit = "ms"'),
    Key("when", "text", "when = \"authors == 'public'\""),
    Key("options", "table", 'options with option = "consequence"'),
)  # fmt: skip
_TOP: Final = (Key("dimension", "tables", "[[dimension]]"), Key("rule", "tables", "[[rule]]"))


@cache
def shipped_rulebook() -> Rulebook:
    """Return what ships; raises `LibraryError` with every mistake."""
    return read_rulebook(resources.skills())


@cache
def rulebook_digest() -> str:
    """Return a digest of the files that the shipped rulebook is read from."""
    digest = hashlib.sha256()
    for expert in EXPERTS:
        for name in ("decisions.toml", "questions.toml"):
            path = resources.skills() / expert / name
            digest.update(f"{expert}/{name}\0".encode() + (path.read_bytes() if path.is_file() else b""))
    return digest.hexdigest()


def read_rulebook(skills: Path) -> Rulebook:
    """Read the files of every expert below a folder of skills; raises `LibraryError`."""
    reader = _Reader(Mistakes())
    for expert in EXPERTS:
        decisions, questions = skills / expert / "decisions.toml", skills / expert / "questions.toml"
        if decisions.is_file():
            reader.decisions(expert, f"skills/{expert}/decisions.toml", decisions.read_text(encoding="utf-8"))
        if questions.is_file():
            reader.questions(expert, f"skills/{expert}/questions.toml", questions.read_text(encoding="utf-8"))
    return reader.finish()


class _Reader:
    """Collects tables first, and makes records of them when every name is known."""

    def __init__(self, mistakes: Mistakes) -> None:
        self._mistakes = mistakes
        self._dimensions: dict[str, tuple[Page, int, Dimension, list[dict[str, Any]]]] = {}
        self._rules: list[tuple[str, Page, int, dict[str, Any]]] = []
        self._questions: list[tuple[str, Page, int, dict[str, Any]]] = []
        self._words = Vocabulary({}, {})

    def decisions(self, expert: str, path: str, text: str) -> None:
        page = toml_file(path, text, self._mistakes)
        if page is None or not check_table(page.data, _TOP, page, self._mistakes):
            return
        for at, table in enumerate(page.data.get("dimension", ())):
            if check_table(table, _DIMENSION, page, self._mistakes, ("dimension", at)):
                self._dimensions[table["key"]] = (page, at, _dimension(expert, table), table["choose"])
        for at, table in enumerate(page.data.get("rule", ())):
            if check_table(table, _RULE, page, self._mistakes, ("rule", at)):
                self._rules.append((expert, page, at, table))

    def questions(self, expert: str, path: str, text: str) -> None:
        page = toml_file(path, text, self._mistakes)
        if page is None or not check_table(page.data, (Key("question", "tables", "[[question]]"),), page,
                                           self._mistakes):  # fmt: skip
            return
        for at, table in enumerate(page.data.get("question", ())):
            bare = {key: value for key, value in table.items() if key != "default"}
            if "default" not in table:
                self._wrong(page, ("question", at), '"default" is missing; write for example default = "internal"')
            elif check_table(bare, _QUESTION, page, self._mistakes, ("question", at)):
                self._questions.append((expert, page, at, table))

    def finish(self) -> Rulebook:
        self._words = vocabulary(dimension for _, _, dimension, _ in self._dimensions.values())
        dimensions = {key: self._with_rows(*found) for key, found in self._dimensions.items()}
        rules = [self._rule(*found) for found in self._rules]
        questions = {question.key: question for question in (self._question(*found) for found in self._questions)}
        order = self._order(dimensions)
        self._mistakes.raise_any(lambda shown: shown)
        return Rulebook(
            {key: questions[key] for key in INPUTS if key in questions},
            dimensions,
            tuple(order),
            {rule.id: rule for rule in rules},
        )

    def _with_rows(self, page: Page, at: int, dimension: Dimension, tables: list[dict[str, Any]]) -> Dimension:
        rows: list[Row] = []
        for number, table in enumerate(tables):
            steps: Steps = ("dimension", at, "choose", number)
            bare = {key: value for key, value in table.items() if key != "value"}
            if not check_table(bare, _ROW, page, self._mistakes, steps):
                continue
            value = _value(table.get("value"))
            if value is None or not _fits(dimension, value):
                self._wrong(page, steps, f"value is {table.get('value')!r}; expected what {dimension.key} takes")
                continue
            rows.append(Row(table["rule"], value, table["why"], self._condition(page, steps, table.get("when"))))
        if not rows or rows[-1].when is not None:
            self._wrong(page, ("dimension", at), "the last row of choose must have no when: it is the rest")
        return replace(dimension, rows=tuple(rows))

    def _rule(self, expert: str, page: Page, at: int, table: dict[str, Any]) -> Rule:
        steps: Steps = ("rule", at)
        for number, out in enumerate(table["out"]):
            check_table(out, _OUT, page, self._mistakes, (*steps, "out", number))
        if table["dimension"] not in self._words.values:
            self._wrong(page, steps, f"there is no dimension {table['dimension']!r}")
        when = self._condition(page, steps, table["when"])
        return Rule(
            id=table["id"],
            expert=expert,
            level=table["level"],
            when=cast("Condition", when),
            why=table["why"],
            consequence=table["consequence"],
            ways_out=tuple(
                WayOut(out.get("text", ""), {key: cast("Value", _value(to)) for key, to in out.get("set", {}).items()})
                for out in table["out"]
            ),
            dimension=table["dimension"],
            each=cast("Each", table.get("each", "")),
            milder_when=self._condition(page, steps, table.get("milder-when")),
            silences=tuple(table.get("silences", ())),
            references=tuple(table.get("references", ())),
            source=page.path,
        )

    def _question(self, expert: str, page: Page, at: int, table: dict[str, Any]) -> Question:
        return Question(
            key=table["key"],
            expert=expert,
            question=table["question"],
            why=table["why"],
            default=cast("Value", _value(table["default"])),
            options=table.get("options", {}),
            unit=table.get("unit", ""),
            when=self._condition(page, ("question", at), table.get("when")),
        )

    def _condition(self, page: Page, steps: Steps, text: str | None) -> Condition | None:
        if text is None:
            return None
        try:
            return read_condition(text, self._words)
        except ConditionError as error:
            self._wrong(page, (*steps, "when"), str(error))
            return None

    def _order(self, dimensions: dict[str, Dimension]) -> list[str]:
        """Return the dimensions so that each comes after those that its rows ask about."""
        after = {
            key: sorted({name for row in one.rows if row.when for name in row.when.names if name in dimensions} - {key})
            for key, one in dimensions.items()
        }
        try:
            return list(TopologicalSorter(after).static_order())
        except CycleError as error:
            self._mistakes.add("skills", 0, f"dimensions wait for each other: {' → '.join(error.args[1])}")
            return list(dimensions)

    def _wrong(self, page: Page, steps: Steps, text: str) -> None:
        self._mistakes.add(page.path, page.lines.line(*steps), text)


def _dimension(expert: str, table: dict[str, Any]) -> Dimension:
    return Dimension(
        key=table["key"],
        expert=expert,
        title=table["title"],
        question=table["question"],
        takes=table.get("takes", "one"),
        options=table.get("options", {}),
        rows=(),
        ordered=table.get("ordered", False),
        guide=table["guide"],
        unit=table.get("unit", ""),
        each=cast("Each", table.get("each", "")),
    )


def _value(given: Any) -> Value | None:
    """Return an answer or choice as records hold it; None for what can't be one."""
    if isinstance(given, list):
        return tuple(given) if all(isinstance(item, str) for item in given) else None
    return given if isinstance(given, bool | int | float | str) else None


def _fits(dimension: Dimension, value: Value) -> bool:
    """Tell whether a value is one that the dimension takes."""
    if isinstance(value, str) and value.startswith("@"):
        return True
    if dimension.takes == "number":
        return isinstance(value, int) and not isinstance(value, bool)
    if dimension.takes == "several":
        return isinstance(value, tuple) and set(value) <= set(dimension.options)
    return isinstance(value, str) and value in dimension.options
