"""The routes below `/add`: sign in, hand over, look, keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any, Final
from urllib.parse import quote

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from podcat.catalogue import Outcome
from podcat.catalogue.pending import Session
from podcat.model import Document, Episode
from podcat.web.adding import forms, trust
from podcat.web.adding.forms import FormError
from podcat.web.site import absolute, site

PREVIEWS: Final = 30
"""Previews that one token may have in a minute; the same for what is kept."""
_FORM: Final = 2**16  # bytes of a form beside what is handed over
_PARTS: Final = 60
_ECHOED: Final = 200_000
_LISTED: Final = 100
_TAGS: Final = 20
_PATIENCE = 10  # seconds

blueprint = Blueprint("adding", __name__)


@blueprint.record
def _set_up(state: BlueprintSetupState) -> None:
    state.app.extensions["podcat.guesses"] = trust.Guesses()
    state.app.extensions["podcat.reading"] = Lock()
    state.app.jinja_env.globals["adding_is_on"] = trust.is_on


@blueprint.before_request
def _guard() -> ResponseReturnValue | None:
    """Off without a token for it; what is sent comes from a page of ours, and is small."""
    if not site().catalogue.adding():
        return render_template("add_off.html"), 404
    if request.method == "POST":
        if not trust.is_from_here():
            return _refused(403, "This request came from another site, so nothing was done.")
        request.max_content_length = forms.limit() + _FORM
        request.max_form_memory_size = forms.limit() + _FORM
        request.max_form_parts = _PARTS
    return None


@blueprint.after_request
def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.errorhandler(413)
def _too_large(error: Exception) -> ResponseReturnValue:
    assert isinstance(error, RequestEntityTooLarge)
    problem = f"That is more than {forms.much()}, the most that is taken here at once."
    if trust.signed_in() is None:
        return _refused(413, problem)
    return _form_page(413, FormError("file", f"{problem} podcat add takes more."))


# ---------------------------------------------------------------- signing in and out


@blueprint.get("/add")
def show() -> ResponseReturnValue:
    """What may be added, and how; or the form for the token."""
    return _form_page() if trust.signed_in() else _sign_in_page()


@blueprint.post("/add/sign-in")
def sign_in() -> ResponseReturnValue:
    """A token for a cookie."""
    guesses: trust.Guesses = current_app.extensions["podcat.guesses"]
    if seconds := guesses.wait():
        return _later(seconds, "Too many wrong tokens came from your address.")
    token_id = site().catalogue.adder(request.form.get("token", "").strip())
    if token_id is None:
        guesses.note()
        problem = "That is no token for adding: it may be mistyped, or was revoked."
        return _sign_in_page(403, problem)
    there = "adding.window" if request.form.get("next") == "window" else "adding.show"
    response = make_response(redirect(url_for(there), 303))
    trust.give_cookie(response, site().catalogue.open_session(token_id))
    return response


@blueprint.post("/add/sign-out")
def sign_out() -> ResponseReturnValue:
    """The end of a session; again, it does no harm."""
    if not trust.is_form_of_ours():
        return _old_form()
    site().catalogue.close_session(request.cookies.get(trust.COOKIE, ""))
    response = make_response(redirect(url_for("adding.show"), 303))
    trust.take_cookie(response)
    return response


@blueprint.get("/add/window")
def window() -> ResponseReturnValue:
    """What the bookmarklet opens: it takes the page that is handed over.

    Another site has opened it, so the cookie has not come along. To a request of our own page it
    does, and then it is known who it is.
    """
    if trust.signed_in():
        return _page("add_window.html", limit=forms.limit())
    if "again" in request.args:
        return _sign_in_page(to="window")
    return render_template("add_wait.html", there=url_for("adding.window", again=1))


# ---------------------------------------------------------------- looking and keeping


@blueprint.post("/add/preview")
def look() -> ResponseReturnValue:
    """What is on what was handed over, and why; it waits for the click that keeps it."""
    if not (session := trust.signed_in()):
        return _signed_out()
    if not trust.is_form_of_ours():
        return _old_form()
    if seconds := site().catalogue.use(session.token_id, PREVIEWS):
        return _later(seconds, f"{PREVIEWS} previews a minute are the most.")
    try:
        came = forms.sent()
    except FormError as error:
        return _form_page(400, error)
    return _looked(session, came)


def _looked(session: Session, came: Sequence[Document]) -> ResponseReturnValue:
    from podcat.web.adding.preview import preview
    from podcat.web.adding.reading import read

    with _turn() as has_turn:
        if not has_turn:
            return _later(_PATIENCE, "Another page is being read.")
        found = preview(read(came))
    batch = site().catalogue.hold(session.token_id, came) if found.recordings else None
    return _page("add_preview.html", preview=found, batch=batch)


@blueprint.post("/add/keep")
def keep() -> ResponseReturnValue:
    """What was looked at into the catalogue, in one transaction; again, it changes nothing."""
    from podcat.web.adding.reading import read

    if not (session := trust.signed_in()):
        return _signed_out()
    if not trust.is_form_of_ours():
        return _old_form()
    if seconds := site().catalogue.use(session.token_id, PREVIEWS):
        return _later(seconds, f"{PREVIEWS} a minute are the most.")
    held = site().catalogue.held(session.token_id, request.form.get("batch", ""))
    if not held:
        return _refused(410, "This preview is gone: they wait for an hour, and five at a time. "
                             "Hand the page over once more.")  # fmt: skip
    tags = request.form.get("tags", "").split(",")[:_TAGS]
    with _turn() as has_turn:
        if not has_turn:
            return _later(_PATIENCE, "Another page is being read.")
        found = read(held).found
    if site().config.hub:
        site().catalogue.owe_hub()
    outcomes = site().catalogue.store_all(found, tags)
    return redirect(url_for("adding.kept", **_numbers(outcomes)), 303)


@contextmanager
def _turn() -> Iterator[bool]:
    """Reading takes all of a core: one at a time for each process, so that visitors are served."""
    lock: Lock = current_app.extensions["podcat.reading"]
    has_turn = lock.acquire(timeout=_PATIENCE)
    try:
        yield has_turn
    finally:
        if has_turn:
            lock.release()


def _numbers(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """What became of the recordings, for an address that may be loaded again."""
    done = list(outcomes)
    new = {number for outcome in done for number in outcome.made}
    changed = {number for outcome in done for number in outcome.altered} - new
    every = dict.fromkeys(number for outcome in done for number in outcome.episodes)
    groups = {
        "new": [number for number in every if number in new],
        "changed": [number for number in every if number in changed],
        "same": [number for number in every if number not in new | changed],
    }
    return {name: ".".join(map(str, found[:_LISTED])) for name, found in groups.items() if found}


@blueprint.get("/add/kept")
def kept() -> ResponseReturnValue:
    """The episodes that came of it."""
    if not trust.signed_in():
        return _sign_in_page()
    groups = {name: _episodes(request.args.get(name, "")) for name in ("new", "changed", "same")}
    return _page("add_kept.html", groups=groups, hub=site().config.hub is not None)


def _episodes(numbers: str) -> list[Episode]:
    given = [int(n) for n in numbers.split(".")[:_LISTED] if n.isascii() and n.isdecimal()]
    found = [site().catalogue.episode(number) for number in given]
    return [episode for episode in found if episode]


@blueprint.post("/add/drop")
def drop() -> ResponseReturnValue:
    """Forget a preview."""
    if not (session := trust.signed_in()):
        return _signed_out()
    if not trust.is_form_of_ours():
        return _old_form()
    site().catalogue.drop(session.token_id, request.form.get("batch", ""))
    return redirect(url_for("adding.show"), 303)


# ---------------------------------------------------------------- pages


def _page(template: str, status: int = 200, **values: Any) -> ResponseReturnValue:
    """A page for somebody who is signed in."""
    return render_template(template, form_token=trust.form_token(), **values), status


def _form_page(status: int = 200, error: FormError | None = None) -> ResponseReturnValue:
    too_much = status == 413  # what was sent cannot be looked at again
    given = {} if error is None or too_much else request.form
    html = given.get("html", "")
    return _page(
        "add.html",
        status,
        error=error,
        pasted="html" in given,
        url=given.get("url", ""),
        html=html if len(html) <= _ECHOED else "",
        limit=forms.limit(),
        much=forms.much(),
        files=forms.MOST_FILES,
        bookmarklet=_bookmarklet(),
    )


def _bookmarklet() -> str:
    """The address of the bookmark; a browser undoes its escapes before it runs it."""
    code = render_template("add_bookmarklet.js", window=absolute(url_for("adding.window")))
    return "javascript:" + quote(" ".join(code.split()), safe="(){}[];,.:=!&|+*/'?<>")


def _sign_in_page(status: int = 200, problem: str = "", to: str = "") -> ResponseReturnValue:
    return render_template("add_sign_in.html", problem=problem, next=to), status


def _signed_out() -> ResponseReturnValue:
    return _sign_in_page(403, "You are not signed in any more. Sign in, then hand it over again.")


def _old_form() -> ResponseReturnValue:
    return _refused(403, "This form is older than your sign-in, so nothing was done. Begin anew.")


def _later(seconds: int, problem: str) -> ResponseReturnValue:
    said = f"{problem} Try again in {seconds} second{'' if seconds == 1 else 's'}."
    page, status = render_template("add_refused.html", code=429, problem=said), 429
    return page, status, {"Retry-After": str(seconds)}


def _refused(code: int, problem: str) -> ResponseReturnValue:
    return render_template("add_refused.html", code=code, problem=problem), code
