"""What the ``[match]`` of a rule of data may say, kind by kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from reviewer.core.nearest import did_you_mean
from reviewer.library.patterns import pattern_problem, query_problem, schema_problems
from reviewer.library.tables import Key, check_table, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.library.frontmatter import Page
    from reviewer.library.mistakes import Mistakes
    from reviewer.library.toml_lines import Steps

_CALLED: Final = r"(?!node:)[\w$@/:-]+(?:\.[\w$#-]+)*(?:\.\*)?"
_CALLED_MEANS: Final = "a dotted name without node: and with * at most as its last part"
_FIELD: Final = r"[^\s.]+(?:\.[^\s.]+)*"
_IS_ARGUMENT: Final = ("dynamic", "literal", "template", "present", "absent", "true", "false", "function")
_IS_FIELD: Final = ("absent", "present", "empty")
QUERY_LANGUAGES: Final = ("javascript", "typescript", "python")

_KIND: Final = Key("kind", "text", 'kind = "call"', True, choices=("call", "import", "query", "schema", "manifest"))
_MESSAGE: Final = Key("message", "text", 'message = "{callee} runs a shell."', True)

_KEYS: Final[dict[str, tuple[Key, ...]]] = {
    "call": (
        _KIND,
        Key("names", "texts", 'names = ["child_process.exec"]', True, pattern=_CALLED, means=_CALLED_MEANS),
        Key("where", "tables", '[[match.where]] with argument = 0, is = "dynamic"'),
        _MESSAGE,
    ),
    "import": (
        _KIND,
        Key("modules", "texts", 'modules = ["vm2"]', True, pattern=r"(?!node:)\S+",
            means="module names without node:"),
        Key("message", "text", 'message = "{module} is no boundary."', True),
    ),
    "query": (
        _KIND,
        *(
            Key(language, "text", f'{language} = "(debugger_statement) @finding"')
            for language in QUERY_LANGUAGES
        ),
        Key("message", "text", 'message = "{finding} stays in the package."', True),
    ),
    "schema": (
        _KIND,
        Key("schema", "table", "[match.schema] with required = [\"license\"]", True),
        Key("message", "text", 'message = "{pointer}: {problem}"'),
    ),
    "manifest": (
        _KIND,
        Key("field", "text", 'field = "license"', True, pattern=_FIELD, means="keys joined by dots"),
        *(
            key
            for prefix in ("", "when-")
            for key in (
                Key(f"{prefix}is", "text", f'{prefix}is = "absent"', choices=_IS_FIELD),
                Key(f"{prefix}equals", "scalar", f'{prefix}equals = "*"'),
                Key(f"{prefix}matches", "text", f'{prefix}matches = "^http:"'),
                Key(f"{prefix}not-matches", "text", f'{prefix}not-matches = "^https:"'),
            )
        ),
        Key("when-field", "text", 'when-field = "main"', pattern=_FIELD, means="keys joined by dots"),
        Key("message", "text", 'message = "{field} is {value}."', True),
    ),
}  # fmt: skip
_WHERE_KEYS: Final = (
    Key("argument", "number", "argument = 0"),
    Key("keyword", "text", 'keyword = "shell"', pattern=r"\w+", means="the name of a keyword argument"),
    Key("is", "text", 'is = "dynamic"', choices=_IS_ARGUMENT),
    Key("equals", "scalar", 'equals = "latin-1"'),
    Key("matches", "text", 'matches = "^http:"'),
)
PLACEHOLDERS: Final[dict[str, tuple[str, ...]]] = {
    "call": ("callee", "argument"),
    "import": ("module",),
    "query": ("finding",),
    "schema": ("pointer", "problem"),
    "manifest": ("field", "value"),
}
"""What a message of each kind may name between braces."""


def check_match(match: Mapping[str, Any], page: Page, mistakes: Mistakes) -> None:
    """Check a ``[match]``: its keys, its regular expressions, queries and schema, its message."""
    kind = match.get("kind")
    if not isinstance(kind, str) or kind not in _KEYS:
        check_table({"kind": kind} if "kind" in match else {}, (_KIND,), page, mistakes, ("match",))
        return
    if not check_table(match, _KEYS[kind], page, mistakes, ("match",)):
        return
    _check_message(match, kind, page, mistakes)
    if kind == "call":
        for index, condition in enumerate(match.get("where", ())):
            _check_where(condition, ("match", "where", index), page, mistakes)
    elif kind == "query":
        _check_queries(match, page, mistakes)
    elif kind == "schema":
        for problem in schema_problems(match["schema"]):
            mistakes.add(page.path, page.lines.line("match", "schema", *problem.steps), problem.text)
    elif kind == "manifest":
        _check_condition(match, "", page, mistakes)
        if "when-field" in match or any(name.startswith("when-") for name in match):
            _check_condition(match, "when-", page, mistakes)


def _check_message(match: Mapping[str, Any], kind: str, page: Page, mistakes: Mistakes) -> None:
    """Check that a message names only what its kind of match can fill in."""
    known = PLACEHOLDERS[kind]
    for name in re.findall(r"\{([^{}]*)\}", match.get("message", "")):
        if name not in known:
            hint = did_you_mean(name, known)
            expected = " and ".join(f"{{{word}}}" for word in known)
            text = f"message names {{{name[:40]}}}; a match of kind {kind} fills in {expected}{hint}"
            mistakes.add(page.path, page.lines.line("match", "message"), text)


def _check_where(condition: Mapping[str, Any], steps: Steps, page: Page, mistakes: Mistakes) -> None:
    """Check one condition on an argument of a call."""
    if not check_table(condition, _WHERE_KEYS, page, mistakes, steps):
        return
    line = page.lines.line(*steps)
    if "argument" not in condition and "keyword" not in condition:
        text = 'a condition needs to say which argument it means: argument = 0, or keyword = "shell", or both'
        mistakes.add(page.path, line, text)
    if condition.get("argument", 0) < 0:
        mistakes.add(page.path, page.lines.line(*steps, "argument"), "argument counts from 0")
    _check_one_test(condition, "", ("is", "equals", "matches"), (page, steps), mistakes)


def _check_condition(match: Mapping[str, Any], prefix: str, page: Page, mistakes: Mistakes) -> None:
    """Check the condition on a manifest field, or with the prefix ``when-`` the one it depends on."""
    if f"{prefix}field" not in match:
        first = next(name for name in match if name.startswith(prefix))
        text = f'{first} needs {prefix}field: the manifest field it is about, for example {prefix}field = "main"'
        mistakes.add(page.path, page.lines.line("match", first), text)
    _check_one_test(match, prefix, ("is", "equals", "matches", "not-matches"), (page, ("match",)), mistakes)


def _check_one_test(
    table: Mapping[str, Any],
    prefix: str,
    tests: tuple[str, ...],
    place: tuple[Page, Steps],
    mistakes: Mistakes,
) -> None:
    """Check that a condition has exactly one test, and that its regular expression is one."""
    page, steps = place
    given = [f"{prefix}{test}" for test in tests if f"{prefix}{test}" in table]
    choices = ", ".join(f"{prefix}{test}" for test in tests)
    if not given:
        mistakes.add(page.path, page.lines.line(*steps), f"a condition needs one of {choices}")
    elif len(given) > 1:
        text = f"a condition has one test, this one has {' and '.join(given)}; keep one of {choices}"
        mistakes.add(page.path, page.lines.line(*steps, given[1]), text)
    for name in given:
        if name.endswith("matches"):
            problem = pattern_problem(table[name])
            if problem:
                text = f"{name} is {shown(table[name])}, no regular expression of RE2: {problem}"
                mistakes.add(page.path, page.lines.line(*steps, name), text)


def _check_queries(match: Mapping[str, Any], page: Page, mistakes: Mistakes) -> None:
    """Check that there is a query, that each compiles, and that each marks its finding."""
    languages = [language for language in QUERY_LANGUAGES if language in match]
    if not languages:
        text = f"a match of kind query needs a query for one of {', '.join(QUERY_LANGUAGES)}"
        mistakes.add(page.path, page.lines.line("match"), text)
    for language in languages:
        text = match[language]
        first = page.lines.text_line("match", language)
        problem = query_problem(language, text)
        if problem is not None:
            mistakes.add(page.path, first + problem[0], f"the {language} query can't be used: {problem[1]}")
