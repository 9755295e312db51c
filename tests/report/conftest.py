"""Invented results of reviews: an ordinary one with everything in it, a clean one, a hostile one."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

import pytest

from reviewer.core.checklist import Answer, Status
from reviewer.core.experts import EXPERTS
from reviewer.core.finding import Finding, Suppression
from reviewer.core.location import Edit, Fix, Location, Related
from reviewer.core.review import (
    Coverage,
    Feature,
    Gate,
    Interface,
    Maturity,
    Permissions,
    Problem,
    Review,
    ReviewRun,
    RouteStep,
    Sign,
    Skipped,
    SubjectIdentity,
)
from reviewer.core.rule import Rule
from reviewer.core.scale import Confidence, Severity
from reviewer.report.options import RenderOptions

if str(Path(__file__).parent) not in sys.path:
    sys.path.insert(0, str(Path(__file__).parent))  # the invented results stand beside this file

from invented import FAIL_OPEN, RULES, UNDISPOSED, sources


def finding(rule: str, name: str, expert: str, severity: Severity, message: str, at: Location, **more) -> Finding:
    """Make a finding that is certain, unless told otherwise."""
    fingerprint = sha256(f"{rule} {at}".encode("utf-8", "backslashreplace")).hexdigest()[:32]
    values = {"confidence": Confidence.CERTAIN, "fingerprint": fingerprint, **more}
    return Finding(rule, name, expert, severity, message=message, location=at, **values)


HOST_FINDINGS = (
    finding(
        "LIF003",
        "activation-without-deactivation",
        "lifecycle",
        Severity.MEDIUM,
        "PluginHost activates plugins and never deactivates one: nothing calls deactivate, dispose or close.",
        Location("src/host.ts", 7, 3, 12, 4),
        confidence=Confidence.LIKELY,
        fix=Fix(UNDISPOSED.fix),
    ),
    finding(
        "SEC002",
        "unverified-plugin-import",
        "security",
        Severity.CRITICAL,
        "The path of the plugin goes to import() without any check: no digest, no signature, no containment.",
        Location("src/host.ts", 8, 26, 8, 38),
        related=(Related(Location("src/host.ts", 7, 14, 7, 26), "the path comes in here"),),
        fix=Fix("Resolve the path inside the plugin folder and verify the digest of the file before it is imported."),
        references=("CWE-829",),
    ),
    finding(
        "SEC009",
        "shell-from-plugin-input",
        "security",
        Severity.HIGH,
        "child_process.exec runs a shell command that holds plugin.settings.shell, plugin.settings.user and two more"
        " values of the plugin.",
        Location("src/host.ts", 16, 57, 16, 87),
        fix=Fix("Use execFile with a list of arguments."),
        references=("CWE-78",),
    ),
    finding(
        "SEC014",
        "fail-open-permission-check",
        "security",
        Severity.HIGH,
        "allowed() returns true where the grants can't be read, so that the check fails open.",
        Location("src/permissions.ts", 8, 4, 8, 34),
        related=(
            Related(
                Location("src/host.ts", 15, 15, 15, 45),
                "the answer decides here whether a process is started on behalf of the plugin",
            ),
        ),
        fix=Fix(FAIL_OPEN.fix, (Edit(Location("src/permissions.ts", 8, 27, 8, 31), "false"),)),
        references=("CWE-636", "https://cwe.mitre.org/data/definitions/636.html"),
    ),
    finding(
        "API005",
        "context-with-raw-object",
        "api",
        Severity.MEDIUM,
        "Known and accepted.",
        Location("src/host.ts", 9, 36, 9, 48),
        suppressed=Suppression("inline", "the context is frozen before it is handed out", "src/host.ts", 8),
        fix=Fix("Hand out an object made for the plugin."),
    ),
)

WEATHER_FINDINGS = (
    finding(
        "FUN005",
        "name-with-mixed-scripts",
        "fundamentals",
        Severity.LOW,
        "The name mixes scripts: 天気 and Weather.",
        Location("plugin.json", 3, 3, 3, 26),
        fix=Fix("Keep one script in the name and translate it in the locales."),
    ),
    finding(
        "SEC001",
        "trust-in-the-manifest",
        "security",
        Severity.HIGH,
        "The manifest claims its own trust.",
        Location("plugin.json", 5, 3, 5, 21),
        fix=Fix("Remove the key.", (Edit(Location("plugin.json", 5, 1, 6, 1), ""),)),
    ),
    finding(
        "SEC003",
        "wildcard-permission",
        "security",
        Severity.HIGH,
        "The permission * grants everything.",
        Location("plugin.json", 6, 19, 6, 22),
        fix=Fix("Name the permissions that the code uses: network.fetch."),
        references=("CWE-250",),
    ),
)


def answers(*statuses: Status) -> tuple[Answer, ...]:
    """Answer invented questions, one for each status."""
    return tuple(
        Answer(f"SEC{number}", "security", f"Question {number}?", status, ("src/host.ts",))
        for number, status in enumerate(statuses, 1)
    )


HOST = Review(
    SubjectIdentity("hosts/desktop", "host", "generic", "desktop", "", "package.json"),
    route=tuple(RouteStep(expert, "nobody named an expert") for expert in EXPERTS),
    findings=HOST_FINDINGS,
    checklist=answers(*[Status.PASS] * 41, *[Status.FAIL] * 4, Status.WAIVED, *[Status.NOT_ASSESSED] * 12),
    coverage=Coverage(
        18,
        14,
        (
            Skipped("assets/icon.png", "binary"),
            Skipped("dist/bundle.min.js", "minified"),
            Skipped("src/broken.ts", "can't be parsed: unexpected end of file in line 210", matters=True),
            Skipped("yarn.lock", "generated"),
        ),
    ),
    errors=(Problem("REG004", "the check crashed: KeyError: 'entries'", "src/host.ts"),),
    maturity=Maturity(
        1,
        "basic",
        (
            Feature("loading", 1, "loads plugins", "", "load"),
            Feature("permissions", 2, "permissions that hold", "SEC014 fail-open at src/permissions.ts:9", "allowed"),
            Feature("events", 2, "events", "nothing in the code names it"),
        ),
    ),
    interfaces=(
        Interface("loader", "Loader", (Sign("import()", Location("src/host.ts", 8, 20, 8, 39)),), 1, ("src/host.ts",)),
        Interface("process", "Processes and messages between them", (), 0),
        Interface("records", "Logs, metrics, audit", (), 0),
    ),
)

WEATHER = Review(
    SubjectIdentity("plugins/weather", "plugin", "generic", "com.example.weather", "1.2.0", "plugin.json"),
    route=(
        RouteStep("security", "named on the command line"),
        RouteStep("fundamentals", 'the request says "manifest"'),
        RouteStep("lifecycle", "named on the command line"),
    ),
    findings=WEATHER_FINDINGS,
    checklist=answers(*[Status.PASS] * 9, *[Status.FAIL] * 3, Status.NOT_APPLICABLE, Status.NOT_ASSESSED),
    permissions=Permissions(("*", "storage.read"), ("network.fetch",), ("network.fetch",), ("storage.read",), 60),
    coverage=Coverage(3, 3),
    ignored=("reviewer.toml: the subject is not trusted to configure its own review",),
)

FULL = ReviewRun(
    (HOST, WEATHER),
    Gate("fail", Severity.HIGH, ("5 findings at or above high", "the review of hosts/desktop is incomplete")),
    "0f" * 32,
)

CLEAN = ReviewRun(
    (
        Review(
            SubjectIdentity("plugins/clock", "plugin", "generic", "com.example.clock", "0.3.1", "plugin.json"),
            route=tuple(RouteStep(expert, "nobody named an expert") for expert in EXPERTS),
            checklist=answers(*[Status.PASS] * 12, *[Status.NOT_ASSESSED] * 2),
            coverage=Coverage(4, 4),
        ),
    ),
    Gate("pass", Severity.HIGH),
    "0f" * 32,
)

EVIL = "\x1b[2J\x1b]0;owned\x07\r::error file=a::b\n\u202egnp.exe\u2069 \U000e0041 \u200b\ufe0f <b>&amp; [x](https://evil.example) `@here` ${{ x }} \udcff"

_EVIL_PATH = f"src/{EVIL}/../../../etc/passwd"

HOSTILE = ReviewRun(
    (
        Review(
            SubjectIdentity(f"in/{EVIL}", "plugin", EVIL, EVIL * 20, EVIL, EVIL),
            route=(RouteStep("security", EVIL),),
            findings=(
                finding(
                    "SEC014",
                    "fail-open-permission-check",
                    "security",
                    Severity.HIGH,
                    EVIL * 20,
                    Location(_EVIL_PATH, 1, 3, 1, 30),
                    related=(Related(Location(EVIL, 1, 1, 3, 2), EVIL),),
                    fix=Fix(EVIL, (Edit(Location(_EVIL_PATH, 1, 1, 1, 9), EVIL),)),
                    references=("CWE-636",),
                ),
                finding(
                    "SEC001",
                    "trust-in-the-manifest",
                    "security",
                    Severity.INFO,
                    EVIL,
                    Location(EVIL, 999, 999, 999, 999),
                    suppressed=Suppression("baseline", EVIL, EVIL, 3),
                ),
            ),
            checklist=(Answer("SEC4", "security", EVIL, Status.FAIL, (EVIL,)),),
            permissions=Permissions((EVIL,), (EVIL,), (EVIL,), (EVIL,), 100),
            coverage=Coverage(2, 1, (Skipped(EVIL, EVIL, matters=True),)),
            errors=(Problem("SEC014", EVIL, EVIL),),
            ignored=(EVIL,),
            interfaces=(
                Interface("context", "Context services", (Sign(EVIL, Location(EVIL, 1, 1, 1, 2)),), 1, (EVIL,)),
            ),
        ),
    ),
    Gate("incomplete", None, (EVIL,)),
    "0f" * 32,
)

RUNS = {"full": FULL, "clean": CLEAN, "hostile": HOSTILE}


def evil_sources(_subject: str, _path: str) -> list[str] | None:
    """Give hostile lines for every file."""
    return [EVIL * 40, "\t" * 30 + EVIL, EVIL]


@pytest.fixture(params=RUNS)
def any_run(request) -> ReviewRun:
    """Each invented run in turn."""
    return RUNS[request.param]


@pytest.fixture
def runs() -> dict[str, ReviewRun]:
    """Every invented run by name."""
    return RUNS


@pytest.fixture
def rules() -> dict[str, Rule]:
    """The invented rule pages by id."""
    return RULES


@pytest.fixture
def options() -> RenderOptions:
    """80 columns without colour, with the invented files and rules."""
    return RenderOptions(sources=sources, rules=RULES.get)


@pytest.fixture
def evil_options() -> RenderOptions:
    """The same, with hostile lines in every file."""
    return RenderOptions(sources=evil_sources, rules=RULES.get)


@pytest.fixture
def evil() -> str:
    """Text that tries to act in every sink."""
    return EVIL
