"""Player pages -> files: where a recording can be heard, how long it is, what is said in it."""

from __future__ import annotations

from podcat.resolve.run import Outcome, Report, resolve

__all__ = ["Outcome", "Report", "resolve"]
