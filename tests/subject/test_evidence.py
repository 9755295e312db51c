"""Whether code runs plugins is told from the code, whatever it calls them."""

from __future__ import annotations

from reviewer.subject.evidence import weigh

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


def test_what_checks_unpacks_and_sweeps_versions_is_a_host_though_it_never_says_plugin():
    assert weigh([DEPOT]).is_host


def test_one_digest_and_one_download_make_no_host():
    assert not weigh([NOTES]).is_host
