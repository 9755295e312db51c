"""What a person asks for on the command line about known findings, changed lines and signed answers."""

from __future__ import annotations

from typing import NamedTuple


class Adoption(NamedTuple):
    """The wishes of one run; none of them changes what is found, only what the gate makes of it."""

    since: str = ""
    """A revision: findings on lines that have not changed since do not gate."""
    signoff: str = ""
    """A sign-off file that a person named; empty to look for the nearest."""
    write: bool = False
    """Write every finding to the baseline."""
    prune: bool = False
    """Take out of the baseline what finds nothing any more."""
