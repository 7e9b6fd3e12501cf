"""One document into one page; what goes wrong is a value, so that it can cross processes."""

from __future__ import annotations

from podcat.errors import SourceError
from podcat.extract import extract
from podcat.model import Document, Page


def page(document: Document) -> Page | SourceError:
    """What is on a document, or why it cannot be known; nothing is raised."""
    try:
        return extract(document)
    except SourceError as error:
        return error
    except Exception as error:
        # A document that trips a mistake of ours must not keep the others out.
        problem = f"cannot be understood: {type(error).__name__}: {error}"
        return SourceError(document.name, problem, "please report this document")
