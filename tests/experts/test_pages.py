"""Every example on every rule page, through the whole engine: a Bad gives its finding on its line, a Good gives none."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewer import resources
from reviewer.core.rule import Rule
from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.root_review import RootReview
from reviewer.engine.rules import PAGES_CANNOT_SHOW
from reviewer.library.examples import ExampleSubject, example_subjects
from reviewer.library.library import load_library

EARLIER = "earlier/"
"""Where the files of the version lie that an example is compared with."""
DESIGN = "design/plugin-design.yaml"
"""Where the design lies that an example is held against."""
OWN = Path(__file__).resolve().parents[2] / "examples" / "own-rules"
RULES = load_library(resources.skills(), resources.agents(), (OWN,), pages=True).rules
ECOSYSTEMS = sorted(
    (path.parent.name for path in (resources.skills() / "ecosystems").glob("*/profile.toml")), reverse=True
)
CASES = [
    pytest.param(rule, subject, id=f"{rule.id}-{'good' if subject.good else 'bad'}-{subject.name}")
    for rule in RULES.values()
    if rule.id not in PAGES_CANNOT_SHOW
    for subject in example_subjects(rule)
]


class Quiet:
    """Watches nothing."""

    def at(self, path: str) -> None:
        """Say which file comes next."""

    def during(self, rule: str) -> None:
        """Say which check comes next."""


def review(rule: Rule, subject: ExampleSubject, folder: Path) -> list[tuple[str, int]]:
    """Review an example as a folder, with its rule alone; return path and line of what is found."""
    for file in subject.files:
        beside = file.path.startswith(EARLIER) or file.path == DESIGN
        path = (folder.parent / file.path) if beside else folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
    configuration = folder.parent / "own.toml"
    configuration.write_text(f'skills = ["{OWN}"]\n' if rule.id.startswith("ACME") else "")
    applies = rule.applies_to
    request = Request(
        kind=next((kind for kind in applies.kinds if subject.name.startswith(kind)), (*applies.kinds, "plugin")[0]),
        ecosystem=next(
            (name for name in ECOSYSTEMS if subject.name.startswith(f"{name}-")), (*applies.ecosystems, "generic")[0]
        ),
        select=(rule.id,),
        strictness="auditor",
        today="2026-01-01",
        design=str(folder.parent / DESIGN) if (folder.parent / DESIGN).is_file() else "",
        against=EARLIER if any(file.path.startswith(EARLIER) for file in subject.files) else "",
        against_path=str(folder.parent / EARLIER) if (folder.parent / EARLIER).is_dir() else "",
    )
    (job,) = jobs_of(Plan((str(folder),), request, str(configuration), use_cache=False))
    root = RootReview(job, Quiet())
    results = {(unit.subject, unit.path): root.look(unit.subject, unit.path) for unit in root.units}
    found: list[tuple[str, int]] = []
    for reviewed in root.finish(results).reviewed:
        assert reviewed.review.errors == ()
        findings = [one for one in reviewed.review.findings if one.suppressed is None]
        found += [(one.location.path, one.location.line) for one in findings]
    return sorted(found)


@pytest.mark.parametrize(("rule", "subject"), CASES)
def test_a_page_says_what_its_rule_does(rule: Rule, subject: ExampleSubject, tmp_path: Path):
    found = review(rule, subject, tmp_path / "subject")
    if subject.good:
        assert found == []
    elif subject.mark is not None:
        assert found == [subject.mark]
    else:
        assert len(found) == 1


@pytest.mark.parametrize(
    "rule", [pytest.param(rule, id=rule.id) for rule in RULES.values() if rule.id not in PAGES_CANNOT_SHOW]
)
def test_a_page_has_two_bad_and_two_good_in_the_languages_that_it_speaks_of(rule: Rule):
    subjects = example_subjects(rule)
    assert sum(not subject.good for subject in subjects) >= 2, "two Bad"
    assert sum(subject.good for subject in subjects) >= 2, "two Good, one of them a near miss"
    languages = {file.language for subject in subjects if not subject.good for file in subject.files}
    families = {"python": "python"} | dict.fromkeys(("javascript", "typescript", "jsx", "tsx"), "script")
    if languages - families.keys():
        return  # manifests, tables and the like have a say of their own
    seen = {families[language] for language in languages if language in families}
    wanted = {"python" if language == "python" else "script" for language in rule.applies_to.languages}
    assert not seen or seen >= (wanted or {"python", "script"}), f"Bad only in {sorted(seen)}"
