"""The hardening guide: what to mend, in order of what it takes away, with code that is right."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Confidence, Severity
from reviewer.report.audit.model import Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.core.rule import Example
    from reviewer.report.options import Rules
    from reviewer.report.outcome import Told

_WEIGHT: Final = {
    Severity.CRITICAL: 40,
    Severity.HIGH: 20,
    Severity.MEDIUM: 8,
    Severity.LOW: 3,
    Severity.INFO: 1,
}
_SURE: Final = {Confidence.CERTAIN: 10, Confidence.LIKELY: 8, Confidence.POSSIBLE: 4}
"""Tenths of the weight that count."""
_FAMILY: Final = {
    "py": "python",
    "pyi": "python",
    **dict.fromkeys(("js", "mjs", "cjs", "jsx", "ts", "tsx", "mts", "cts"), "script"),
}
"""Endings of files to the language in which an example helps."""


def steps(found: Sequence[Told], rules: Rules | None) -> Iterator[Step]:
    """Yield a step for each rule that found something; the one that takes away most comes first."""
    by_rule: dict[str, list[Told]] = defaultdict(list)
    for one in found:
        by_rule[one.finding.rule].append(one)
    whole = sum(map(_weight, found))
    ordered = sorted(
        by_rule.values(),
        key=lambda group: (-sum(map(_weight, group)), -group[0].finding.severity.rank, group[0].finding.rule),
    )
    for group in ordered:
        finding = group[0].finding
        share = round(100 * sum(map(_weight, group)) / whole)
        example = _example(finding.rule, finding.location.path, rules)
        text = finding.fix.text
        yield Step(finding.rule, finding.name, finding.severity, share, text, tuple(group), example)


def _weight(one: Told) -> int:
    return _WEIGHT[one.finding.severity] * _SURE[one.finding.confidence]


def _example(rule: str, path: str, rules: Rules | None) -> Example | None:
    """Return code of the rule's page that is right, in the language of a file where there is one, else the first.

    What mends a Bad of the page stands in a file of the same name; other Goods show what the rule lets be.
    """
    page = rules(rule) if rules is not None else None
    examples = page.examples if page is not None else ()
    good = [example for example in examples if example.good]
    same = [example for example in good if _family(example.path) == _family(path)]
    bad = {example.path for example in examples if not example.good}
    mended = [example for example in same if example.path in bad]
    return next(iter(mended or same or good), None)


def _family(path: str) -> str:
    ending = path.rpartition(".")[2].lower()
    return _FAMILY.get(ending, ending)
