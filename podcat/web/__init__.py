"""The catalogue as pages to browse and feeds to subscribe to: a plain WSGI application.

Reads the catalogue and never opens a connection to the outside, so that no visitor can make
the server fetch anything.
"""

from __future__ import annotations

from podcat.web.app import create_app

__all__ = ["create_app"]
