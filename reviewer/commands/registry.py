"""Every command, once: the command line, the slash prompt and all help are drawn from here."""

from __future__ import annotations

from typing import Final

from reviewer.commands.command import ADOPTION, OUTPUT, RULES, RUN, SCOPE, Argument, Command
from reviewer.core.errors import UsageError
from reviewer.core.experts import EXPERTS
from reviewer.core.nearest import did_you_mean

_SEVERITIES: Final = ("critical", "high", "medium", "low", "info")
_KINDS: Final = ("plugin", "host", "registry", "design")

_PATHS: Final = Argument(
    "path", "paths", "folders, archives or files; the current folder where none is named", "paths", default=(),
    metavar="PATH",
)  # fmt: skip
_EXPERT: Final = Argument("--expert", "experts", "ask these experts alone", "words", EXPERTS, (), "NAME", group=RULES)
_KIND: Final = Argument("--kind", "kind", "what the subject is", "word", _KINDS, "", group=SCOPE)
_CONFIG: Final = Argument(
    "--config", "configuration", "use this configuration file", "path", default="", metavar="FILE", group=SCOPE
)
_OUTPUT: Final = (
    Argument("--output", "output", "write the report to a file", "path", default="", metavar="FILE", group=OUTPUT),
    Argument(
        "--color", "colour", "colour the text", "word", ("auto", "always", "never"), "auto", group=OUTPUT
    ),
)  # fmt: skip
_RUNNING: Final = (
    Argument("--no-cache", "no_cache", "review anew even if nothing has changed", "flag", default=False, group=RUN),
    Argument("--jobs", "jobs", "the most processes at once", "number", default=0, metavar="N", group=RUN),
)
_CHOOSING: Final = (
    _KIND,
    Argument("--ecosystem", "ecosystem", "the plugin system it is for", default="", metavar="NAME", group=SCOPE),
    Argument(
        "--untrusted", "untrusted", "let nothing inside the subject change the review; archives are always "
        "reviewed so", "flag", default=False, group=SCOPE,
    ),
    _CONFIG,
    _EXPERT,
    Argument(
        "--request", "words", "choose the experts by what the request says", default="", metavar="TEXT", group=RULES
    ),
    Argument(
        "--select", "select", "run these rules alone (ids, prefixes or names)", "words", default=(),
        metavar="RULE", group=RULES,
    ),
    Argument("--ignore", "ignore", "leave these rules out", "words", default=(), metavar="RULE", group=RULES),
    Argument(
        "--strictness", "strictness", "how much is shown", "word", ("regular", "pedantic", "auditor"), "",
        group=RULES,
    ),
    Argument("--pedantic", "strictness", "show matters of style, too", "flag", sets="pedantic", group=RULES),
    Argument("--auditor", "strictness", "show what is only possible, too", "flag", sets="auditor", group=RULES),
)  # fmt: skip

_GATING: Final = (
    Argument(
        "--fail-on", "fail_on", "the mildest severity that fails the gate", "word", (*_SEVERITIES, "none"), "",
        group=ADOPTION,
    ),
    Argument("--baseline", "baseline", "the findings in this file are known and do not fail the gate", "path",
             default="", metavar="FILE", group=ADOPTION),
    Argument("--write-baseline", "write_baseline", "write all that is found to the baseline "
             "(.reviewer/baseline.json without --baseline)", "flag", default=False, group=ADOPTION),
    Argument("--prune-baseline", "prune_baseline", "take out of the baseline what finds nothing any more", "flag",
             default=False, group=ADOPTION),
    Argument("--changed-since", "changed_since", "only findings on lines changed since this revision fail the gate",
             default="", metavar="REV", group=ADOPTION),
    Argument("--signoff", "signoff", "the file with answers and waivers; .reviewer/signoff.toml by itself", "path",
             default="", metavar="FILE", group=ADOPTION),
    Argument("--require-signoff", "require_signoff", "ask for an answer to every question of the checklist", "flag",
             default=False, group=ADOPTION),
    Argument("--require-maturity", "require_maturity", "the maturity that a host must have reached", "word",
             ("1", "2", "3"), "", group=ADOPTION),
)  # fmt: skip

REVIEW: Final = Command(
    "review",
    "review-plugin",
    "review plugins, hosts and registries, and judge the result",
    (
        _PATHS,
        *_CHOOSING,
        Argument("--design", "design", "hold the code against the decisions of this design", "path", default="",
                 metavar="FILE", group=SCOPE),
        Argument(
            "--against", "against", "report what breaks compared with an earlier version: a path or a revision",
            default="", metavar="REV|PATH", group=SCOPE,
        ),
        *_GATING,
        Argument("--format", "format", "the form of the report", "word", (), "text", "NAME", group=OUTPUT),
        *_OUTPUT,
        Argument(
            "--show-settings", "purpose", "show which settings govern which subject, and review nothing", "flag",
            sets="settings", group=OUTPUT,
        ),
        Argument(
            "--show-files", "purpose", "show which files are read and which are not, and review nothing", "flag",
            sets="files", group=OUTPUT,
        ),
        Argument("--diff", "purpose", "show the edits that are surely safe, and change nothing", "flag", sets="diff",
                 group=OUTPUT),
        Argument("--fix", "purpose", "apply the edits that are surely safe, then review again", "flag", sets="fix",
                 group=OUTPUT),
        *_RUNNING,
    ),
    "reviewer.commands.review:run",
    ("reviewer review", "reviewer review plugin.zip --format json", "reviewer review src --expert security"),
)  # fmt: skip

AUDIT: Final = Command(
    "audit",
    "security-audit",
    "audit the security: risk, threat model, permissions, hardening guide",
    (
        _PATHS,
        *(argument for argument in _CHOOSING if argument.field != "strictness"),
        Argument(
            "--fail-on", "fail_on", "the mildest severity that fails the gate", "word", (*_SEVERITIES, "none"), "",
            group=RULES,
        ),
        Argument("--format", "format", "the form of the report", "word", ("text", "markdown", "html", "json"), "text",
                 group=OUTPUT),
        *_OUTPUT,
        *_RUNNING,
    ),
    "reviewer.commands.audit:run",
    ("reviewer audit", "reviewer audit plugin.zip --format html --output audit.html"),
)  # fmt: skip

EXPLAIN: Final = Command(
    "explain",
    "explain",
    "show the page of a rule",
    (
        Argument("rule", "rule", "id or name of the rule", "word", metavar="RULE", required=True),
        _CONFIG,
        *_OUTPUT,
    ),
    "reviewer.commands.rules:explain",
    ("reviewer explain SEC014",),
)

RULE_LIST: Final = Command(
    "rules",
    "rules",
    "list the rules",
    (
        Argument(
            "rule", "select", "only these (ids, prefixes, names or experts)", "paths", default=(), metavar="RULE"
        ),
        Argument("--format", "format", "the form of the list", "word", ("text", "json", "matrix"), "text",
                 group=OUTPUT),
        _CONFIG,
        *_OUTPUT,
    ),
    "reviewer.commands.rules:run",
    ("reviewer rules", "reviewer rules SEC --format json"),
)  # fmt: skip

SKILLS: Final = Command(
    "skills",
    "skills",
    "search what the experts know, or list their skills",
    (
        Argument("query", "query", "words to search for", "paths", default=(), metavar="WORD"),
        _CONFIG,
        *_OUTPUT,
    ),
    "reviewer.commands.skills:run",
    ("reviewer skills", "reviewer skills timer leak"),
)

CHECKLIST: Final = Command(
    "checklist",
    "checklist",
    "show the checklist, answered for a path as far as a review can",
    (
        Argument("path", "paths", "what to answer it for; without one it is shown blank", "paths", default=(),
                 metavar="PATH"),
        *_CHOOSING,
        Argument("--format", "format", "the form of the sheet", "word", ("text", "markdown", "json"), "text",
                 group=OUTPUT),
        *_OUTPUT,
        *_RUNNING,
    ),
    "reviewer.commands.checklist:run",
    ("reviewer checklist --kind host", "reviewer checklist . --format markdown"),
)  # fmt: skip

DESIGN: Final = Command(
    "design",
    "design-plugin",
    "decide a plugin system from answers, and refuse what contradicts itself",
    (
        Argument("spec", "spec", "the design file; plugin-design.yaml where none is named", "path", default="",
                 metavar="SPEC"),
        Argument("--set", "set", "answer a question or overrule a decision; key= takes it back", "texts", default=(),
                 metavar="KEY=VALUE", group=SCOPE),
        Argument("--defaults", "purpose", "ask nothing: what is not answered takes its default", "flag",
                 sets="defaults", group=SCOPE),
        Argument("--diff", "purpose", "show what the settings change, and write nothing", "flag", sets="diff",
                 group=OUTPUT),
        Argument("--against", "against", "show what is different from this design, and write nothing", "path",
                 default="", metavar="SPEC", group=OUTPUT),
        Argument("--keys", "purpose", "list what can be set, with consequences", "flag", sets="keys", group=OUTPUT),
        Argument("--schema", "purpose", "print the JSON Schema of design files, for editors", "flag", sets="schema",
                 group=OUTPUT),
        Argument("--out", "out", "write documents and starter code into this folder", "path", default="",
                 metavar="DIR", group=OUTPUT),
        Argument("--format", "format", "the form of the answer", "word",
                 ("text", "json", "markdown", "html", "diagrams"), "text", group=OUTPUT),
        *_OUTPUT,
    ),
    "reviewer.commands.design:run",
    (
        "reviewer design",
        "reviewer design plugin-design.yaml --set authors=public --set boundary=B4",
        "reviewer design plugin-design.yaml --set latency_ms=0.5 --diff",
        "reviewer design --defaults --set target=vscode --out notes",
    ),
)  # fmt: skip

GUIDE: Final = Command(
    "guide",
    "integration-guide",
    "write a guide to building plugins into a host, step by step, with code that runs",
    (
        Argument("spec", "spec", "a design, or the repository of a host; the current folder where none is named",
                 "path", default="", metavar="PATH"),
        Argument("--stack", "stack", "what the host is built with: node, python, electron or web-worker; what the "
                 "design or the repository shows where none is named", default="", metavar="NAME", group=SCOPE),
        Argument("--out", "out", "write the guide and its code into this folder", "path", default="", metavar="DIR",
                 group=OUTPUT),
        *_OUTPUT,
    ),
    "reviewer.commands.guide:run",
    ("reviewer guide plugin-design.yaml", "reviewer guide . --stack python --out plugins"),
)  # fmt: skip

SIGNOFF: Final = Command(
    "signoff",
    "signoff",
    "answer a question of the checklist, or waive a finding, with name, reason and day",
    (
        Argument("item", "item", "id of a question (SEC4), or a finding (LIF001:src/plugin.js:4, or its fingerprint)",
                 "word", metavar="ITEM", required=True),
        Argument("path", "path", "what it is about; the current folder where none is named", "word", default="",
                 metavar="PATH"),
        Argument("--status", "status", "the answer; open takes the last one back", "word",
                 ("pass", "fail", "waived", "not-applicable", "open"), "pass", group=ADOPTION),
        Argument("--why", "why", "the reason", default="", metavar="TEXT", group=ADOPTION),
        Argument("--who", "who", "whose answer it is; your account where none is named", default="", metavar="NAME",
                 group=ADOPTION),
        Argument("--until", "until", "the day after which it no longer holds", default="", metavar="DAY",
                 group=ADOPTION),
        Argument("--evidence", "evidence", "files that were looked at; all where none is named, and a change of one "
                 "reopens the answer", "words", default=(), metavar="FILE", group=ADOPTION),
        Argument("--signoff", "signoff", "the file to write to; .reviewer/signoff.toml by itself", "path", default="",
                 metavar="FILE", group=ADOPTION),
        _CONFIG,
        *_OUTPUT,
    ),
    "reviewer.commands.signoff:run",
    (
        'reviewer signoff API7 . --why "compared with 1.4.0" --until 2027-05-31',
        'reviewer signoff LIF001:src/plugin.js:4 --why "mended in 2.0" --until 2027-05-31',
    ),
)  # fmt: skip

INIT: Final = Command(
    "init",
    "init",
    "write a small configuration and a workflow that fit this repository",
    (
        Argument("path", "path", "the repository; the current folder where none is named", "word", default="",
                 metavar="PATH"),
        Argument("--ci", "ci", "whose workflow to write; guessed from what is there", "word",
                 ("github", "gitlab", "none"), "", group=OUTPUT),
        Argument("--dry-run", "dry", "show what would be written, and write nothing", "flag", default=False,
                 group=OUTPUT),
        *_OUTPUT,
    ),
    "reviewer.commands.init:run",
    ("reviewer init", "reviewer init --ci gitlab --dry-run"),
)  # fmt: skip

COMPLETION: Final = Command(
    "completion",
    "completion",
    "print a script that completes commands and options in a shell",
    (
        Argument("shell", "shell", "bash, zsh or fish", "word", ("bash", "zsh", "fish"), metavar="SHELL",
                 required=True),
        *_OUTPUT,
    ),
    "reviewer.commands.completion:run",
    ('eval "$(reviewer completion bash)"', "reviewer completion fish > ~/.config/fish/completions/reviewer.fish"),
)  # fmt: skip

BATCH: Final = Command(
    "batch",
    "batch",
    "review a whole marketplace, and keep what was found in a store",
    (
        Argument("source", "sources", "folders of subjects, archives, lists, registry documents; without one a run "
                 "that was is told of", "paths", default=(), metavar="SOURCE"),
        Argument("--store", "store", "the file that keeps runs and findings", "path", default="market.db",
                 metavar="FILE", group=OUTPUT),
        *(argument for argument in _CHOOSING if argument.field != "untrusted"),
        Argument(
            "--fail-on", "fail_on", "the mildest severity that fails the gate", "word", (*_SEVERITIES, "none"), "",
            group=ADOPTION,
        ),
        Argument("--run", "run", "tell of this run of the store; the last one where none is named", default="",
                 metavar="N", group=OUTPUT),
        Argument("--whole", "whole", "tell what only the whole shows, too: ids that look alike, dependencies, "
                 "permissions, shared libraries", "flag", default=False, group=OUTPUT),
        Argument("--diff", "diff", "tell what one run says and another does not, by rule", "words", default=(),
                 metavar="RUN,RUN", group=OUTPUT),
        Argument("--format", "format", "the form of what is told; html is one page with everything", "word",
                 ("text", "json", "html"), "text", group=OUTPUT),
        Argument("--export", "export", "write the run into this folder, a file for each table", "path", default="",
                 metavar="DIR", group=OUTPUT),
        Argument("--export-format", "export_format", "the form of these files", "word", ("jsonl", "parquet"), "jsonl",
                 group=OUTPUT),
        *_OUTPUT,
        *_RUNNING,
        Argument("--keep", "keep", "keep so many runs in the store, and forget older ones; all by itself", "number",
                 default=0, metavar="N", group=RUN),
        Argument("--cluster", "cluster", "review on this Dask cluster: the address of its scheduler", default="",
                 metavar="ADDRESS", group=RUN),
        Argument("--ship", "ship", "send files to the cluster, where its workers can't see their paths", "flag",
                 default=False, group=RUN),
    ),
    "reviewer.commands.batch:run",
    (
        "reviewer batch packages --store market.db",
        "reviewer batch market.jsonl --select SEC --export tables",
        "reviewer batch packages --cluster tcp://10.0.0.5:8786",
        "reviewer batch --store market.db --format html --output market.html",
        "reviewer batch --store market.db --diff 1,2",
    ),
)  # fmt: skip

COMMANDS: Final = (
    REVIEW, DESIGN, AUDIT, GUIDE, EXPLAIN, RULE_LIST, SKILLS, CHECKLIST, SIGNOFF, BATCH, INIT, COMPLETION,
)  # fmt: skip
"""In the order of the help."""


def find(name: str) -> Command:
    """Return the command of this name, with or without a slash; raises `UsageError` with the nearest one."""
    wanted = name.removeprefix("/")
    for command in COMMANDS:
        if wanted in (command.name, command.slash):
            return command
    known = {command.name: command for command in COMMANDS} | {command.slash: command for command in COMMANDS}
    names = ", ".join(command.name for command in COMMANDS)
    raise UsageError(f"there is no command {name[:80]!r}{did_you_mean(wanted, known)} (commands: {names})")
