"""YAML and TOML manifests, and data files beside them, that make readers work for ever or run code."""

from __future__ import annotations

from pathlib import Path

from case import BAIT, BAIT_RULE, FINDINGS, Builder, case, plugin

GROUP = "documents"
YAML = "id: com.quayside.gauge\nname: Gauge\nversion: 1.0.0\nmain: a.js\n"
TOML = 'id = "com.quayside.gauge"\nname = "Gauge"\nversion = "1.0.0"\nmain = "a.js"\n'


def named(name: str, content: str | bytes) -> Builder:
    """Return a builder of a flawed plugin whose manifest has this name and content."""

    def build(folder: Path) -> Path:
        made = plugin(folder / "p", BAIT)
        (made / "plugin.json").unlink()
        (made / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return made

    return build


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{after}: &{after} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGES = "a: &a {x: 1}\n" + "".join(
    f"{after}: &{after}\n  <<: [{', '.join([f'*{before}'] * 9)}]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)

MANIFESTS: dict[str, tuple[str, str | bytes]] = {
    "YAML aliases that multiply": ("plugin.yaml", YAML + LAUGHS),
    "YAML merges that multiply": ("plugin.yaml", YAML + MERGES),
    "YAML that makes Python objects": (
        "plugin.yaml",
        YAML + 'x: !!python/object/apply:os.system ["touch /var/owned"]\n',
    ),
    "YAML with tags that readers choke on": (
        "plugin.yaml",
        YAML + "a: !!timestamp abc\nb: !!bool abc\nc: !!float ''\nd: !!int abc\n",
    ),
    "YAML nested without end": ("plugin.yaml", YAML + "x: " + "[" * 8_000),
    "YAML of dashes without end": ("plugin.yaml", YAML + "x:\n" + "- " * 8_000 + "1\n"),
    "YAML with a key that is a list": ("plugin.yaml", YAML + "? [a, b]\n: c\n"),
    "YAML of several documents": ("plugin.yaml", YAML + "---\n" + YAML),
    "YAML with a tab for indentation": ("plugin.yaml", YAML + "x:\n\ty: 1\n"),
    "YAML with control characters": ("plugin.yaml", YAML.encode() + b"x: \x01\x1b[2J\n"),
    "YAML numbers in base sixty": ("plugin.yaml", YAML + "x: " + "1:" * 50_000 + "1\n"),
    "TOML keys of ten thousand parts": ("plugin.toml", TOML + ".".join(["a"] * 10_000) + " = 1\n"),
    "TOML arrays nested without end": ("plugin.toml", TOML + "x = " + "[" * 50_000),
    "TOML tables without end": ("plugin.toml", TOML + "".join(f"[a{n}.b.c.d]\n" for n in range(2_000))),
    "TOML that defines a key twice": ("plugin.toml", TOML + 'id = "com.other"\n'),
    "TOML with a number of five thousand digits": ("plugin.toml", TOML + "x = " + "9" * 5_000 + "\n"),
    "TOML that is no UTF-8": ("plugin.toml", TOML.encode() + b'x = "\xff"\n'),
    "comments in JSON without end": ("plugin.jsonc", "/*" * 100_000 + '{"id": "a.b"}'),
}
for title, (file_name, text) in MANIFESTS.items():
    case(GROUP, title, FINDINGS, BAIT_RULE)(named(file_name, text))


def beside(name: str, content: str) -> Builder:
    """Return a builder of a flawed plugin with this file beside its manifest."""

    def build(folder: Path) -> Path:
        made = plugin(folder / "p", BAIT)
        (made / name).write_text(content)
        return made

    return build


BESIDE = {
    "a package file of wrong types": (
        "package.json",
        '{"name": 1, "version": [], "main": {}, "scripts": 5, "exports": null}',
    ),
    "a lock file without end": (
        "package-lock.json",
        '{"packages": {' + ",".join(f'"n{n}": {{}}' for n in range(5_000)) + "}}",
    ),
    "a schema that is a slow pattern": (
        "manifest.schema.json",
        '{"type": "object", "properties": {"id": {"pattern": "(a+)+$"}}}',
    ),
    "a schema that refers to itself": (
        "plugin.schema.json",
        '{"$ref": "#", "properties": {"a": {"$ref": "http://127.0.0.1:9/x"}}}',
    ),
    "XML with entities that multiply": (
        "plugin.xml",
        '<!DOCTYPE x [<!ENTITY a "ha">'
        + "".join(f'<!ENTITY a{n} "{"&a%s;" % (n - 1 if n > 1 else "") * 9}">' for n in range(1, 9))
        + "]><x>&a8;</x>",
    ),
    "XML that reads a file of the system": (
        "plugin.xml",
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    ),
    "a registry of wrong types": (
        "registry.json",
        '{"plugins": [1, null, [], {"id": []}, {"id": "a.b", "version": {}}]}',
    ),
    "a registry without end": (
        "registry.json",
        '{"plugins": [' + ",".join(f'{{"id":"a.b{n}","version":"1.0.0"}}' for n in range(2_000)) + "]}",
    ),
}
for title, (file_name, text) in BESIDE.items():
    case(GROUP, title, FINDINGS, BAIT_RULE)(beside(file_name, text))
