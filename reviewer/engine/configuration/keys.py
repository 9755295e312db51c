"""Every key of the configuration: what it means, what it takes, and the smallest right example."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from reviewer.core.experts import EXPERTS
from reviewer.core.scale import Severity, Strictness

KINDS: Final = ("plugin", "host", "registry", "design")
SEVERITIES: Final = tuple(level.value for level in reversed(Severity))


class Key(Struct, frozen=True):
    """One key; ``shape`` names the reader in `reviewer.engine.configuration.values`."""

    name: str
    """As it stands in the file."""
    setting: str
    """The field of `Settings` that it sets."""
    shape: str
    expects: str
    """What a right value is, in words that fit after "expected"."""
    summary: str
    example: str
    choices: tuple[str, ...] = ()


KEYS: Final = (
    Key(
        "kind",
        "kind",
        "word",
        "a kind",
        "What the subject is; overrules what was recognised.",
        'kind = "host"',
        KINDS,
    ),
    Key(
        "ecosystem",
        "ecosystem",
        "word",
        "the name of an ecosystem",
        "The plugin system that the subject belongs to; overrules what was recognised.",
        'ecosystem = "generic"',
    ),
    Key(
        "trust",
        "trust",
        "number",
        "1 (untrusted), 2 (semi-trusted) or 3 (trusted)",
        "How far the host trusts its plugins.",
        "trust = 1",
        ("1", "2", "3"),
    ),
    Key(
        "experts",
        "experts",
        "words",
        "a list of experts",
        "The experts that review; all seven where the key is absent.",
        'experts = ["security"]',
        EXPERTS,
    ),
    Key(
        "select",
        "select",
        "words",
        "a list of rule ids, prefixes or names",
        "The only rules that speak.",
        'select = ["SEC", "FUN003"]',
    ),
    Key(
        "ignore",
        "ignore",
        "words",
        "a list of rule ids, prefixes or names",
        "Rules that do not speak.",
        'ignore = ["FUN003"]',
    ),
    Key(
        "per-path-ignores",
        "path_ignores",
        "ignores",
        "a table with path, rules and reason",
        "Rules that are silenced for some files, each entry with its reason.",
        '[[per-path-ignores]]\npath = "legacy/**"\nrules = ["SEC014"]\nreason = "replaced in 3.0"',
    ),
    Key(
        "severity",
        "severities",
        "severities",
        "a table from rule id to severity",
        "Severities that overrule those of the rules.",
        '[severity]\nSEC014 = "critical"',
        SEVERITIES,
    ),
    Key(
        "fail-on",
        "fail_on",
        "threshold",
        "a severity, or none",
        "The mildest severity that fails the gate.",
        'fail-on = "high"',
        (*SEVERITIES, "none"),
    ),
    Key(
        "strictness",
        "strictness",
        "strictness",
        "a strictness",
        "How much is shown: regular, pedantic (adds style), auditor (adds what is only possible).",
        'strictness = "pedantic"',
        tuple(level.value for level in Strictness),
    ),
    Key(
        "skills",
        "skills",
        "folders",
        "a list of folders, relative to the configuration file",
        "Folders with rules of your own.",
        'skills = ["rules"]',
    ),
    Key(
        "exclude",
        "exclude",
        "globs",
        "a list of patterns, relative to the configuration file",
        "Files that are not read.",
        'exclude = ["vendor/**"]',
    ),
    Key(
        "design",
        "design",
        "file",
        "a file, relative to the configuration file",
        "The design whose decisions the code is held against.",
        'design = "plugin-design.yaml"',
    ),
    Key(
        "baseline",
        "baseline",
        "file",
        "a file, relative to the configuration file",
        "The findings that are known already and do not fail the gate.",
        'baseline = ".reviewer/baseline.json"',
    ),
    Key(
        "require-signoff",
        "require_signoff",
        "switch",
        "true or false",
        "Whether the gate asks for an answer to every question of the checklist.",
        "require-signoff = true",
    ),
    Key(
        "require-maturity",
        "require_maturity",
        "number",
        "1 (basic), 2 (production) or 3 (enterprise)",
        "The maturity that a host must have reached for the gate to pass.",
        "require-maturity = 2",
        ("1", "2", "3"),
    ),
)
"""In the order in which ``--show-settings`` and the help list them."""

BY_NAME: Final = {key.name: key for key in KEYS}


class IgnoreField(Struct, frozen=True):
    """One field of an entry of ``per-path-ignores``."""

    name: str
    required: bool
    summary: str
    example: str


IGNORE_FIELDS: Final = (
    IgnoreField("path", True, "Files, as a pattern relative to the configuration file.", 'path = "legacy/**"'),
    IgnoreField("rules", True, "Ids of the rules that are silenced.", 'rules = ["SEC014"]'),
    IgnoreField("reason", True, "Why that is right.", 'reason = "replaced in 3.0"'),
    IgnoreField("pointer", False, "JSON Pointer of one value of a data file.", 'pointer = "/permissions/0"'),
    IgnoreField("until", False, "Day after which the entry has expired.", 'until = "2030-12-31"'),
)
