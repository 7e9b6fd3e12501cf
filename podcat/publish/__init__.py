"""The whole site as files for any file host: what the application would answer, made ahead.

    config -> plan (addresses) -> answers (the application) -> links (for files) -> folder

Nothing is rendered here: every byte comes from the same application that serves the pages, told
that there will be no server (`create_app(config, static=True)`).
"""

from __future__ import annotations

from podcat.publish.build import Built, build

__all__ = ["Built", "build"]
