"""Diagrams: the same picture as Mermaid that its own parser accepts, as ASCII, and as SVG that is well formed."""

from __future__ import annotations

import html
import json
import re
import subprocess

import pytest
from defusedxml.ElementTree import fromstring
from designs import CHANCES, EXAMPLES, example, random_design

from reviewer.blueprint.decide import decide
from reviewer.design.diagrams.drawn import diagrams
from reviewer.design.diagrams.layering import layers_of
from reviewer.design.diagrams.mermaid import mermaid
from reviewer.design.diagrams.model import Edge, Flow, Message, Node, Sequence
from reviewer.design.diagrams.plain import plain
from reviewer.design.diagrams.svg import svg

MERMAID = "mermaid@11.17.2"
DECIDED = [decide(example(path.stem)) for path in EXAMPLES] + [decide(random_design(seed)) for seed in range(CHANCES)]
NASTY = 'end ] --> x["] %% ; #35; \n click a href "javascript:alert(1)" {<b>}'
NASTY_FLOW = Flow("f", "F", (Node("a", NASTY), Node("end", "end")), (Edge("a", "end", NASTY),))
NASTY_SEQUENCE = Sequence("s", "S", (("a", NASTY), ("end", "end")), (Message("a", "end", NASTY),))
DRAWN = [drawn for decided in DECIDED for drawn in diagrams(decided).values()]


@pytest.fixture(scope="module")
def parsed(tmp_path_factory):
    """Return what Mermaid itself says of a list of sources, in a browser: an empty text where it accepts one."""
    folder = tmp_path_factory.mktemp("mermaid")
    done = subprocess.run(["npm", "pack", "--silent", MERMAID], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"npm did not deliver Mermaid: {done.stderr.strip()[-300:]}")
    (archive,) = folder.glob("*.tgz")
    subprocess.run(["tar", "xzf", archive.name, "package/dist/mermaid.min.js"], cwd=folder, check=True)

    def parse(sources: list[str]) -> list[str]:
        (folder / "page.html").write_text(
            '<meta charset="utf-8"><pre id="said"></pre><script src="package/dist/mermaid.min.js"></script><script>'
            f"const sources = {json.dumps(sources).replace('<', chr(92) + 'u003c')};"
            "(async () => { const said = []; for (const source of sources) {"
            "try { await mermaid.parse(source); said.push(''); } catch (error) { said.push(String(error)); } }"
            "document.getElementById('said').textContent = JSON.stringify(said); })();</script>",
            "utf-8",
        )
        shown = subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=60000", "--dump-dom",
             f"file://{folder / 'page.html'}"], capture_output=True, text=True, check=True, timeout=120,
        ).stdout  # fmt: skip
        found = re.search(r'<pre id="said">(.*?)</pre>', shown, re.DOTALL)
        assert found, shown[-2000:]
        return json.loads(html.unescape(found[1]))

    return parse


@pytest.mark.needs("npm", "chromium", "tar")
def test_mermaid_accepts_every_diagram_and_would_say_if_it_did_not(parsed):
    sources = sorted({mermaid(drawn) for drawn in (*DRAWN, NASTY_FLOW, NASTY_SEQUENCE)})
    broken = "flowchart TB\n  a --->>> b(\n"
    said = parsed([*sources, broken])
    assert [(text, source) for text, source in zip(said[:-1], sources, strict=True) if text] == []
    assert "Parse error" in said[-1]


def test_every_design_has_the_same_kinds_of_diagrams():
    kinds = ["context", "parts", "permissions", "lifecycle", "loading", "call"]
    assert all(list(diagrams(decided)) == kinds for decided in DECIDED)


def test_a_picture_is_well_formed_and_holds_every_label_inside_its_frame():
    for drawn in DRAWN:
        root = fromstring(str(svg(drawn)))
        left, top, width, height = map(float, root.attrib["viewBox"].split())
        texts = [one for one in root.iter() if one.tag.endswith("}text")]
        labels = [label for _, label in drawn.actors] if isinstance(drawn, Sequence) else [
            node.label for node in drawn.nodes if node.id != "start"]  # fmt: skip
        assert set(labels) <= {one.text for one in texts}
        for one in texts:
            assert left <= float(one.attrib["x"]) <= width
            assert top <= float(one.attrib["y"]) <= height


def test_boxes_of_a_picture_do_not_overlap():
    for drawn in DRAWN:
        boxes = [
            tuple(float(one.attrib[name]) for name in ("x", "y", "width", "height"))
            for one in fromstring(str(svg(drawn))).iter()
            if one.tag.endswith("}rect") and one.attrib["height"].startswith("36")
        ]
        for number, (x, y, width, height) in enumerate(boxes):
            for x2, y2, width2, height2 in boxes[number + 1 :]:
                assert x + width <= x2 or x2 + width2 <= x or y + height <= y2 or y2 + height2 <= y, drawn.id


def test_a_picture_on_a_terminal_is_ascii_with_every_message_and_every_arrow():
    for decided in DECIDED[: len(EXAMPLES)]:
        for drawn in diagrams(decided).values():
            text = plain(drawn)
            assert text.isascii()
            if isinstance(drawn, Sequence):
                assert all(message.text in text for message in drawn.messages)
            else:
                assert text.count("> ") == len(drawn.edges)


def test_names_of_a_design_are_no_syntax_of_mermaid():
    for drawn in (NASTY_FLOW, NASTY_SEQUENCE):
        lines = mermaid(drawn).splitlines()
        assert len(lines) == 4
        said = lines[1].partition(" as ")[2] + lines[-1].partition(": ")[2]
        assert not re.search(r'[<>[\]{}%";]', re.sub(r"#\d+;", "", said))


def test_layers_follow_the_arrows_and_circles_do_no_harm():
    nodes = tuple(Node(name, name) for name in "abcd")
    flow = Flow("f", "F", nodes, (Edge("a", "b"), Edge("b", "c"), Edge("c", "a"), Edge("a", "d"), Edge("d", "d")))
    assert layers_of(flow) == [["a"], ["b", "d"], ["c"]]


def test_the_life_cycle_shows_what_was_decided():
    decided = {path.stem: one for path, one in zip(EXAMPLES, DECIDED, strict=False)}
    states = {name: {node.id for node in diagrams(one)["lifecycle"].nodes} for name, one in decided.items()}
    assert {"failed", "quarantined", "updating", "rolled_back", "uninstalled"} <= states["ide"]
    assert "fetched" in states["ide"]
    assert "fetched" not in states["game-mods"], "mods come with the game"
