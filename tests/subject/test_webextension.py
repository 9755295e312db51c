"""Browser extensions are recognised by what their manifest says, in folders and archives, and reviewed as such."""

from __future__ import annotations

import json
import zipfile

import pytest

from reviewer.core.settings import Settings
from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.root_review import review_root
from reviewer.subject.discover import discover
from reviewer.subject.memory import MemoryRoot

MANIFEST = {
    "manifest_version": 3,
    "name": "Tide table",
    "version": "1.4.0",
    "permissions": ["storage"],
    "icons": {"48": "icons/tide.png"},
    "background": {"service_worker": "scripts/worker.js"},
    "content_scripts": [{"matches": ["https://tides.example/*"], "js": ["scripts/content.js"]}],
}
WORKER = """
chrome.runtime.onMessage.addListener((message, sender, sendResponse) => {
  if (message.type === "load") {
    chrome.storage.local.get("tides", sendResponse);
    return true;
  }
});
"""
CONTENT = """
chrome.runtime.sendMessage({ type: "load" }, (tides) => {
  document.title = tides.next;
});
"""


class Quiet:
    """Hears of the walk and says nothing."""

    def at(self, _path):
        pass

    def during(self, _rule):
        pass


def review(path, **asked):
    (job,) = jobs_of(Plan((str(path),), Request(today="2026-01-01", **asked), use_cache=False))
    (reviewed,) = review_root(job, Quiet()).reviewed
    return reviewed.review


def rules(path, **asked):
    return sorted(finding.rule for finding in review(path, **asked).findings)


def write(folder, manifest=MANIFEST, worker=WORKER, content=CONTENT):
    (folder / "scripts").mkdir(parents=True, exist_ok=True)
    (folder / "icons").mkdir(exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2))
    (folder / "scripts/worker.js").write_text(worker)
    (folder / "scripts/content.js").write_text(content)
    (folder / "icons/tide.png").write_bytes(b"\x89PNG")
    return folder


@pytest.fixture
def extension(tmp_path):
    return write(tmp_path / "tides")


def test_a_manifest_with_a_number_is_an_extension_and_right_code_is_left_alone(extension):
    found = review(extension)
    assert (found.subject.ecosystem, found.subject.kind, found.subject.manifest) == (
        "webextension",
        "plugin",
        "manifest.json",
    )
    assert found.findings == ()
    assert (found.permissions.declared, found.permissions.used) == (("storage",), ("storage",))


@pytest.mark.parametrize("name", ["tides.zip", "tides.xpi", "tides.crx"])
def test_an_archive_is_one_too(extension, tmp_path, name):
    archive = tmp_path / name
    with zipfile.ZipFile(archive, "w") as packed:
        for file in sorted(extension.rglob("*.*")):
            packed.write(file, file.relative_to(extension).as_posix())
    if name.endswith(".crx"):
        archive.write_bytes(b"Cr24" + (3).to_bytes(4, "little") + (0).to_bytes(4, "little") + archive.read_bytes())
    assert review(archive).subject.ecosystem == "webextension"


@pytest.mark.parametrize(
    "neighbour",
    [
        {"name": "Tides", "short_name": "Tides", "start_url": "/", "display": "standalone", "icons": []},
        {"id": "tides", "name": "Tides", "version": "1.0.0", "minAppVersion": "1.5.0"},
        {"manifest_version": "0.2", "name": "tides", "version": "1.0.0", "server": {"type": "node"}},
    ],
    ids=["a web app", "Obsidian", "a bundle for assistants"],
)
def test_manifests_of_others_are_none(extension, neighbour):
    (extension / "manifest.json").write_text(json.dumps(neighbour))
    assert review(extension).subject.ecosystem != "webextension"


def test_code_in_a_folder_of_scripts_is_reviewed_where_the_manifest_leads_into_it(extension):
    write(extension, worker=WORKER + "chrome.runtime.onMessage.addListener((message) => eval(message.code));\n")
    assert "SEC048" in rules(extension)


def test_a_file_in_other_letters_is_told_at_its_line(extension):
    (extension / "icons/tide.png").rename(extension / "icons/Tide.png")
    (found,) = (one for one in review(extension).findings if one.rule == "REG110")
    lines = (extension / "manifest.json").read_text().splitlines()
    assert "icons/tide.png" in lines[found.location.line - 1]
    assert "'icons/Tide.png'" in found.fix.text


def test_what_typescript_becomes_is_not_missing(extension):
    (extension / "scripts/worker.js").unlink()
    (extension / "src").mkdir()
    (extension / "src/worker.ts").write_text(WORKER)
    assert "REG110" not in rules(extension)
    assert "REG112" in rules(extension, strictness="auditor")


@pytest.mark.parametrize(("builder", "missing"), [("rollup", []), ("prettier", ["REG110", "REG221"])])
def test_what_a_build_puts_beside_a_manifest_among_sources_is_not_missing(tmp_path, builder, missing):
    folder = write(tmp_path / "source", {**MANIFEST, "default_locale": "en", "icons": {"48": "assets/tide.png"}})
    (tmp_path / "package.json").write_text(json.dumps({"devDependencies": {builder: "4.0.0"}}))
    assert [rule for rule in rules(folder.parent) if rule in ("REG110", "REG221")] == missing


def test_the_source_of_a_worker_that_is_not_built_is_looked_at_as_one(extension):
    (extension / "scripts/worker.js").unlink()
    (extension / "src").mkdir()
    (extension / "src/worker.ts").write_text("localStorage.setItem('ready', '1');\n")
    (found,) = (one for one in review(extension).findings if one.rule == "LIF221")
    assert found.location.path == "src/worker.ts"


def test_a_permission_that_another_manifest_of_the_folder_asks_for_counts(extension):
    write(extension, worker=WORKER + "chrome.alarms.create('tides', { periodInMinutes: 30 });\n")
    assert "SEC220" in rules(extension)
    (extension / "manifest.chrome.json").write_text(json.dumps({**MANIFEST, "permissions": ["storage", "alarms"]}))
    assert "SEC220" not in rules(extension)


def test_the_manifest_of_the_usual_name_is_the_one_that_is_loaded(extension):
    (extension / "manifest-chrome.json").write_text(json.dumps({**MANIFEST, "permissions": ["storage", "alarms"]}))
    assert review(extension).subject.manifest == "manifest.json"


def test_what_every_firefox_advises_against_is_told_without_a_promise(extension):
    write(extension, worker=WORKER + "chrome.tabs.create({ url: chrome.extension.getURL('tide.html') });\n")
    assert "API202" not in rules(extension)
    (extension / "manifest.json").write_text(
        json.dumps({**MANIFEST, "applications": {"gecko": {"id": "tide@example"}}})
    )
    assert "API202" in rules(extension)


def test_a_browser_that_is_older_than_the_api_is_told(extension):
    write(extension, manifest={**MANIFEST, "minimum_chrome_version": "100", "permissions": ["storage", "sidePanel"]})
    with (extension / "scripts/worker.js").open("a") as file:
        file.write("chrome.sidePanel.setPanelBehavior({ openPanelOnActionClick: true });\n")
    assert "API201" in rules(extension)


def test_a_copy_of_a_library_is_left_to_auditors(extension):
    (extension / "scripts/jquery-3.1.0.js").write_text(
        "function run(name) {\n  return new Function(name)();\n}\nrun(location.hash);\n"
    )
    assert rules(extension) == []


COLLECTOR = """
import fs from "fs/promises";

export const loadExtensionNames = async (folder) => {
  const extensions = [];
  for (const extension of await fs.readdir(folder)) {
    const manifest = JSON.parse(await fs.readFile(`${folder}/${extension}/manifest.json`, "utf8"));
    extensions.push({ name: manifest.name, permissions: manifest.permissions });
  }
  await fs.writeFile("extensions.json", JSON.stringify(extensions));
};
"""
RUNNER = """
const loaded = new Map();

exports.loadExtension = async (id, file) => {
  const extension = await import(file);
  await extension.activate({ id });
  loaded.set(id, extension);
};

exports.unloadExtension = async (id) => {
  await loaded.get(id).deactivate();
  loaded.delete(id);
};
"""


@pytest.mark.parametrize(("code", "kind"), [(COLLECTOR, "plugin"), (RUNNER, "host")])
def test_code_beside_extensions_is_their_host_only_where_it_runs_them(code, kind):
    manifest = json.dumps({"manifest_version": 3, "name": "Tide", "version": "1.0", "action": {}}).encode()
    files = {"samples/tide/manifest.json": manifest, "samples/wind/manifest.json": manifest.replace(b"Tide", b"Wind")}
    found = discover(MemoryRoot("tides", {**files, ".list/collect.js": code.encode()}), Settings())
    assert [(one.base, one.kind) for one in found] == [
        ("", kind),
        ("samples/tide/", "plugin"),
        ("samples/wind/", "plugin"),
    ]
