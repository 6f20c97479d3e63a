"""How long things take in the tests of faults: a twentieth of production, or its full length.

``FULL_LENGTH=1`` leaves every interval, lease and outage as long as it really is; ``make soak
FULL=1`` does so. What is promised in seconds ("live again within 10 s") is asked for either way.
"""

from __future__ import annotations

import os

FULL_LENGTH = bool(os.environ.get("FULL_LENGTH"))


def paced(seconds: float) -> float:
    """So many seconds of production, as long as they are here."""
    return seconds if FULL_LENGTH else seconds / 20
