"""What is to be done again and again: sources looked at, files found, links checked."""

from __future__ import annotations
