"""Adding from the browser: a page or a file comes in, is previewed, and is kept by a click.

`views` are the routes, `trust` says who may, `forms` takes what came in, `reading` makes pages of
it, `preview` puts into words what was recognised and why. Nothing is fetched.
"""

from __future__ import annotations

from podcat.web.adding.trust import POLICY, is_on
from podcat.web.adding.views import blueprint

__all__ = ["POLICY", "blueprint", "is_on"]
