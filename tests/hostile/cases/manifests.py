"""JSON manifests of wrong shapes, sizes, depths and encodings."""

from __future__ import annotations

import json
from pathlib import Path

from case import BAIT, BAIT_RULE, FINDINGS, MANIFEST, Builder, case, plugin

GROUP = "manifests"


def with_manifest(manifest: str | bytes) -> Builder:
    """Return a builder of a flawed plugin with this manifest."""

    def build(folder: Path) -> Path:
        return plugin(folder / "p", BAIT, manifest)

    return build


def changed(**members: object) -> str:
    """Return the usual manifest with other members."""
    return json.dumps(json.loads(MANIFEST) | members)


UNREADABLE = {
    "a manifest of no bytes": b"",
    "a manifest of white space": b" \n\t ",
    "a manifest that is cut off": MANIFEST[:-10].encode(),
    "a manifest followed by something else": MANIFEST.encode() + b" true",
    "a manifest with a number that is none": MANIFEST.replace('"1.0.0"', "NaN", 1).encode(),
    "a manifest of ninety thousand brackets": b"[" * 90_000,
    "a manifest of ninety thousand keys in each other": b'{"a":' * 90_000,
    "a manifest of binary bytes": bytes(range(256)) * 4,
    "a manifest of more than a megabyte": changed(description="x" * 1_100_000).encode(),
    "a manifest of more than a hundred thousand values": changed(keywords=[0] * 100_001).encode(),
}
for title, content in UNREADABLE.items():
    case(GROUP, title, FINDINGS, BAIT_RULE)(with_manifest(content))

SHAPES = {
    "a list": [1, [2], {"id": []}],
    "a text": "x" * 1000,
    "a number": 10**400,
    "nothing": None,
    "a truth": True,
    "an object": {"a": {"b": {"c": []}}},
    "a list of nothing": [None] * 200,
}
MEMBERS = (
    "id name version description main minHostVersion maxHostVersion requiredFeatures dependencies permissions "
    "optionalPermissions activationEvents contributes publisher license homepage manifestVersion entry lifecycle"
).split()
for spelled, shape in SHAPES.items():
    everywhere = dict.fromkeys(MEMBERS, shape)
    case(GROUP, f"{spelled} for every member", FINDINGS, BAIT_RULE)(with_manifest(json.dumps(everywhere)))
    case(GROUP, f"{spelled} for a manifest", FINDINGS, BAIT_RULE)(with_manifest(json.dumps(shape)))

STRANGE: dict[str, str | bytes] = {
    "a manifest with a byte order mark": b"\xef\xbb\xbf" + MANIFEST.encode(),
    "a manifest in UTF-16": MANIFEST.encode("utf-16"),
    "a manifest in Latin 1": changed(name="caf\u00e9").replace("\\u00e9", "\u00e9").encode("latin-1"),
    "a manifest with half a character": MANIFEST.replace("Gauge", "\\ud800").encode(),
    "a manifest with the keys of every object": changed(
        __proto__={"polluted": True}, constructor={"prototype": {"x": 1}}
    ),
    "a manifest with terminal escapes": changed(name="\x1b[2J\x1b]0;owned\x07", id="com.x.\u202egnp"),
    "a manifest with markup, commands and templates": changed(
        name="<script>alert(1)</script>",
        description="::error::owned\n{{ 7*7 }} ${{ github.token }} [x](javascript:alert(1))",
    ),
    "a version that slow patterns choke on": changed(version="1.0.0-" + "a." * 20_000),
    "a range that slow patterns choke on": changed(
        minHostVersion=">=" + "1." * 20_000, dependencies={"a.b": "^" * 9_000}
    ),
    "an id of ten thousand parts": changed(id=".".join(["a"] * 10_000)),
    "a main file that climbs out": changed(main="../../../../etc/passwd"),
    "a main file that is an address": changed(main="https://evil.example/a.js"),
    "a main file with a NUL": changed(main="a.js\0.png"),
    "a main file that is a folder": changed(main="."),
    "permissions without end": changed(permissions={f"r{n}": {f"a{m}": True for m in range(9)} for n in range(200)}),
    "permissions nested in each other": changed(permissions=json.loads('{"storage":' * 60 + "true" + "}" * 60)),
    "a schema on another machine": changed(
        **{"$schema": "http://127.0.0.1:9/schema.json", "$ref": "file:///etc/passwd"}
    ),
    "a thousand dependencies": changed(dependencies={f"com.x.p{n}": f"^{n}.0.0" for n in range(1_000)}),
}
for title, text in STRANGE.items():
    case(GROUP, title, FINDINGS, BAIT_RULE)(with_manifest(text))


@case(GROUP, "a key that stands twice", FINDINGS, "FUN081", BAIT_RULE)
def _(folder: Path) -> Path:
    return plugin(folder / "p", BAIT, MANIFEST[:-1] + ', "id": "com.other.identity"}')


@case(GROUP, "the same key two thousand times", FINDINGS, "FUN081", BAIT_RULE)
def _(folder: Path) -> Path:
    return plugin(folder / "p", BAIT, "{" + '"id": "a.b",' * 2_000 + MANIFEST[1:])


@case(GROUP, "two manifests that contradict each other", FINDINGS, BAIT_RULE)
def _(folder: Path) -> Path:
    made = plugin(folder / "p", BAIT)
    (made / "extension.json").write_text(MANIFEST.replace("com.quayside.gauge", "com.other.gauge"))
    (made / "package.json").write_text('{"name": "x", "version": "9.9.9", "main": "b.js"}')
    return made
