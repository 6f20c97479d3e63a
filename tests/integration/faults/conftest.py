"""A running school, and people at their browsers."""

from tests.support.running import *  # noqa: F403
