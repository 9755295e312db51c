"""Tests of a sign of hosts: what a loader gives for a name is called."""

from reviewer.subject.evidence import weigh

HOST = b"""
export async function openStall(stalls, fetchStall, place, edition) {
  const build = await fetchStall(place, edition);
  stalls.set(place, await build({ place }));
}
"""
DATA = b"""
export async function prices(place, edition) {
  const list = await fetchPrices(place, edition);
  return list.map((one) => one.price);
}
"""


def test_what_calls_what_it_has_loaded_by_name_and_version_is_a_host() -> None:
    """A factory of others is fetched by its name, and called."""
    assert weigh([HOST]).is_host


def test_what_loads_data_by_name_is_none() -> None:
    """A list is fetched, and only read."""
    assert not weigh([DATA]).is_host
