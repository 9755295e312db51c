"""Whether code runs plugins is told from the code, whatever it calls them."""

from __future__ import annotations

from reviewer.subject.documents.read import read_document
from reviewer.subject.evidence import Evidence, weigh
from reviewer.subject.package_evidence import weigh_packages

DEPOT = b"""
export interface Release { readonly name: string; readonly version: string; readonly sha512: string }
export class LayerDepot {
  async bytesOf(release: Release): Promise<Buffer> {
    const bytes = await this.open(release.name, release.version);
    if (createHash("sha512").update(bytes).digest("hex") !== release.sha512) throw new Error("other bytes");
    return bytes;
  }
  async unpackLayers(bytes: Buffer, version: string): Promise<void> {}
  async sweep(name: string): Promise<void> {}
}
"""
NOTES = b"""
export function noteDigest(version: string, text: string): string {
  return createHash("sha256").update(`${version}${text}`).digest("hex");
}
export async function download(version: string, notes: string): Promise<void> {}
"""

PORTAL = b"""
class Portal {
  async #start(school, moduleId) {
    const instance = await this.#shelf.instance(moduleId);
    await instance.open(this.#desk(school));
    return instance;
  }
  end(instance) {
    return instance.close();
  }
}
"""
FILE = b"""
async function copy(from, to) {
  const file = await storage.open(from);
  await file.open();
  await file.close();
}
"""
BOATS = b"""
export class Quay {
  #boats = new Map();
  async moor(id) {
    const { default: Boat } = await import(`./boats/${id}.js`);
    this.#boats.set(id, new Boat());
  }
}
"""
WORDS = b"""
export async function speak(lang) {
  return (await import(`./locales/${lang}.js`)).default;
}
"""
GUILD = b"""
export interface Smith { strike(forge: Forge): Promise<void>; rest(): Promise<void> }
export class Guild {
  constructor(private readonly teach: (trade: string) => Promise<Smith>) {}
}
"""
MUSEUM = b"""
export const createMuseum = ({ make, floor }) => {
  const rooms = new Map();
  return {
    async open(id) {
      const exhibit = await make(id);
      await exhibit.light(floor);
      rooms.set(id, { exhibit });
    },
    async shut(id) {
      await rooms.get(id).exhibit.darken();
    },
  };
};
"""


def test_what_is_made_for_a_name_and_kept_under_it_is_somebody_elses():
    assert weigh([MUSEUM]).is_host
    assert not weigh([MUSEUM.replace(b"darken", b"measure")]).is_host


def test_a_path_that_is_put_together_loads_what_others_wrote_unless_it_leads_to_texts():
    assert weigh([BOATS]).loads
    assert not weigh([WORDS]).loads


def test_who_is_handed_what_makes_instances_for_a_name_is_a_host():
    assert weigh([GUILD]).is_host


def test_what_opens_and_closes_instances_that_others_wrote_is_a_host():
    assert weigh([PORTAL]).is_host


def test_what_opens_and_closes_a_file_is_none():
    assert not weigh([FILE]).is_host


def test_what_checks_unpacks_and_sweeps_versions_is_a_host_though_it_never_says_plugin():
    assert weigh([DEPOT]).is_host


def test_one_digest_and_one_download_make_no_host():
    assert not weigh([NOTES]).is_host


def test_a_private_package_that_is_called_plugins_keeps_them_and_is_not_published_as_one():
    found = Evidence()
    package = b'{"name": "pigeon-mail-plugins", "private": true}'
    weigh_packages({"package.json": read_document("package.json", package)}, found)
    assert found.published == ""


def test_a_package_that_is_called_plugin_is_published_as_one():
    found = Evidence()
    package = b'{"name": "pigeon-mail-plugin", "private": true}'
    weigh_packages({"package.json": read_document("package.json", package)}, found)
    assert found.published


def test_a_peer_that_a_package_does_without_is_no_host_of_it():
    optional = b"""{"name": "orchard-runner", "peerDependencies": {"swift-bundler": "*", "zod": "^4"},
        "peerDependenciesMeta": {"swift-bundler": {"optional": true}}}"""
    found = Evidence()
    weigh_packages({"package.json": read_document("package.json", optional)}, found)
    assert not found.published


def test_a_peer_in_the_name_of_a_package_is_its_host():
    named = b"""{"name": "orchard-prune", "peerDependencies": {"orchard": "*"},
        "peerDependenciesMeta": {"orchard": {"optional": true}}}"""
    found = Evidence()
    weigh_packages({"package.json": read_document("package.json", named)}, found)
    assert found.published == "package.json asks for the host orchard"


def test_what_asks_for_a_maker_of_plugins_is_one_unless_it_is_an_app_of_that_host():
    plugin = b'{"name": "@quays/limits", "dependencies": {"fastify-plugin": "^5"}}'
    found = Evidence(host=9)
    weigh_packages({"package.json": read_document("package.json", plugin)}, found)
    assert not found.is_host
    app = b'{"name": "@quays/server", "dependencies": {"fastify-plugin": "^5", "fastify": "^5"}}'
    found = Evidence(host=9)
    weigh_packages({"package.json": read_document("package.json", app)}, found)
    assert found.is_host


def test_what_is_named_after_a_package_that_it_asks_for_is_a_plugin_of_that():
    named = b'{"name": "orchard-pruning", "dependencies": {"orchard": "^2"}}'
    for host, loads, name in ((9, False, named), (9, True, b'{"name": "orchard-pruning"}')):
        found = Evidence(host=host, loads=loads)
        weigh_packages({"package.json": read_document("package.json", name)}, found)
        assert found.is_host is loads
    built_upon = b'{"name": "express-orchard", "dependencies": {"express": "^5"}}'
    found = Evidence(host=9)
    weigh_packages({"package.json": read_document("package.json", built_upon)}, found)
    assert found.is_host


def test_what_is_labelled_a_plugin_and_named_after_what_it_asks_for_may_load_what_it_likes():
    labelled = b'{"name": "orchard-pruning", "keywords": ["plugin"], "dependencies": {"orchard": "^2"}}'
    found = Evidence(host=9, loads=True)
    weigh_packages({"package.json": read_document("package.json", labelled)}, found)
    assert not found.is_host


def test_plugin_among_the_keywords_of_what_loads_plugins_says_little():
    labelled = b'{"name": "heron", "keywords": ["bot", "plugin"]}'
    for loads in (True, False):
        found = Evidence(host=9, loads=loads)
        weigh_packages({"package.json": read_document("package.json", labelled)}, found)
        assert found.is_host is loads


def test_what_says_of_itself_what_it_is_as_a_plugin_is_one():
    config = b"from rack.plugins import PluginConfig\n\n\nclass Labels(PluginConfig):\n    name = 'labels'\n"
    assert weigh([config]).published
    assert not weigh([b"class PluginConfig:\n    pass\n\n\nclass Own(PluginConfig):\n    pass\n"]).published
