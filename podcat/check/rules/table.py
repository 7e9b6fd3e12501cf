"""All rules in their order: the first that has something to say is right."""

from __future__ import annotations

from typing import Final

from podcat.check.asking import Verdict
from podcat.check.rules import files, framing, pages, redirects, services, status
from podcat.check.rules.case import Case
from podcat.check.rules.rule import KINDS, Note, Rule
from podcat.check.states import State

PLAYER: Final = ("player",)
PAGES: Final = ("player", "page")
TEXTS: Final = ("player", "page", "transcript")
AUDIO: Final = ("audio",)
_WORDS: Final = ("page", "transcript")

_DESIGN: Final = "the states of podcat check"
_HTTP: Final = "RFC 9110"
_CHECKERS: Final = "what other link checkers get wrong, measured"
_OWN: Final = "the provider's file, [check]"


def _well(case: Case) -> Verdict:
    return Verdict(State.OK, f"{status.answers(case)}{_AS.get(case.kind, '')}")


_AS: Final = {
    "audio": ", and begins as audio does",
    "image": ", and begins as an image does",
}

BEFORE: Final = (
    Rule("misfit", "it goes a player's way, but names no recording: malformed",
         _DESIGN, status.misfit),
    Rule("closed", "its provider gave up: gone, and nobody is asked",
         "the provider's file, closed", status.closed),
    Rule("retired", "its form of player plays no more: gone, and the new address is suggested",
         "the provider's file, retired", status.retired),
    Rule("members-only", "its provider tells nobody without an account: unclear, nobody is asked",
         _OWN, status.members_only, PAGES),
)  # fmt: skip
"""Before anybody is asked."""

AFTER: Final = (
    Rule("resting", "its host wants no requests for now: unchecked", _DESIGN, status.resting),
    Rule("private", "it leads into a private network: unchecked", _DESIGN, status.private),
    Rule("no-address", "it redirects to what is no web address: unreachable",
         _DESIGN, status.no_address),
    Rule("bot-wall", "a test that only browsers pass stands before it: gated",
         "Cloudflare, cf-mitigated; AWS WAF, x-amzn-waf-action", status.bot_wall),
    Rule("toll", "402, or a gate of TollBit: gated",
         "NPR's answers to programs; TollBit", status.toll),
    Rule("not-there", "404 or 410: gone", f"{_HTTP} §15.5.5, §15.5.11", status.not_there),
    Rule("gate", "401, 402, 403, 407, 429, 451: gated", f"{_HTTP} §15.5; RFC 6585; RFC 7725",
         status.gate),
    Rule("server-error", "5xx, 408, 425: unreachable", f"{_HTTP} §15.6", status.server_error),
    Rule("trouble", "no address, no TLS, no answer in time, a circle of redirects: unreachable",
         _DESIGN, status.trouble, tuple(kind for kind in KINDS if kind != "audio")),
    Rule("audio-cut-short", "the answer ends before its first bytes are complete: hollow",
         _CHECKERS, files.cut_short, AUDIO),
    Rule("audio-trouble", "no address, no TLS, no answer in time, a circle of redirects: "
         "unreachable", _DESIGN, status.trouble, AUDIO),
    Rule("empty-range", "416 for the first bytes: hollow when the file is empty, else unclear",
         f"{_HTTP} §15.5.17", status.nothing_to_range),
    Rule("odd-status", "any other status that is no success: unclear", _HTTP, status.odd_status),

    Rule("parked", "it redirects to where names of sites are for sale: hollow",
         _CHECKERS, redirects.parked),
    Rule("login", "it redirects to where one logs in: gated", "Wikipedia's dead-link bots",
         redirects.login),
    Rule("consent", "it redirects to a question for consent: gated", "NPR's wall for Europe",
         redirects.consent),
    Rule("to-missing", "it redirects to the page for what is not there: hollow",
         "Wikipedia's dead-link bots", redirects.to_missing),
    Rule("to-home", "it redirects to a front page: hollow", "Wikipedia's dead-link bots",
         redirects.to_home),
    Rule("breaks-off", "it ends before its declared length: unreachable", _DESIGN,
         status.breaks_off, TEXTS),
    Rule("empty", "success, and nothing in it: hollow", _DESIGN, status.empty, TEXTS),

    Rule("no-page", "a player that is no page: hollow", _DESIGN, pages.no_page, PLAYER),
    Rule("own-death", "its provider's mark for what is not there: hollow", _OWN,
         pages.own_death, PAGES),
    Rule("soft-404", "its title or heading begins by saying that it is not there: hollow",
         _CHECKERS, pages.soft_404, TEXTS),
    Rule("states-missing", "it states the page for what is not there as its own address: hollow",
         _CHECKERS, pages.calls_itself_missing, TEXTS),
    Rule("states-home", "it states the front page as its own address: hollow; unclear for players",
         _CHECKERS, pages.calls_itself_home, TEXTS),
    Rule("http-in-https", "an http player in an https page: unframeable, https is suggested",
         "W3C Mixed Content", framing.mixed, PLAYER),
    Rule("frame-ancestors", "its policy does not let the page embed it: unframeable",
         "CSP Level 3, frame-ancestors", framing.forbidden_by_policy, PLAYER),
    Rule("frame-options", "it forbids frames, and no policy says otherwise: unframeable",
         "HTML, the X-Frame-Options header", framing.forbidden_by_option, PLAYER),
    Rule("own-silence", "it lacks what its provider's living players hold: unclear", _OWN,
         pages.own_silence, PLAYER),

    Rule("audio-empty", "no bytes where audio should be: hollow", _DESIGN, files.empty_audio,
         AUDIO),
    Rule("audio-page", "a page where audio should be: hollow", _DESIGN, files.page_for_audio,
         AUDIO),
    Rule("audio-other", "an image, a PDF file, text where audio should be: hollow", _DESIGN,
         files.other_for_audio, AUDIO),
    Rule("audio-stub", "fewer bytes than any recording has: hollow", _CHECKERS, files.stub, AUDIO),
    Rule("audio-unknown", "first bytes that are nothing known: unclear", _DESIGN,
         files.no_known_audio, AUDIO),
    Rule("transcript-unread", "what cannot be read where a transcript should be: hollow", _DESIGN,
         files.no_transcript, ("transcript",)),
    Rule("transcript-page", "a page where VTT, SRT or JSON should be: hollow", _DESIGN,
         files.page_for_transcript, ("transcript",)),
    Rule("image-other", "what is no image where one should be: hollow", _DESIGN, files.no_image,
         ("image",)),
    Rule("moved", "every redirect on the way is permanent: moved, the new address is suggested",
         f"{_HTTP} §15.4.2, §15.4.9", redirects.moved),
    Rule("well", "it answers, and is what it claims: ok", _DESIGN, _well),
)  # fmt: skip
"""Of the answer of the address itself."""

SECOND: Final = (
    Rule("oembed", "its provider's oEmbed service denies it, and does not deny everything",
         "oEmbed; the provider's file, [check] oembed", services.oembed, PAGES),
    Rule("lookup", "its provider's own directory does not have it: gone",
         "the provider's file, [check] lookup", services.lookup, PAGES),
)  # fmt: skip
"""Where all looks well: a second opinion."""

NOTES: Final = (
    Note("many-redirects", "more than five redirects", "podcast apps that give up",
         redirects.many),
    Note("https-answers", "http, answered by https", _CHECKERS, redirects.by_https),
    Note("plain-http", "http, which inside https is not shown, or asked for by https",
         "W3C Mixed Content", framing.plain_http),
    Note("some-pages-only", "it can be embedded in some hosts only", "CSP Level 3",
         framing.some_pages_only, PLAYER),
    Note("length", "another size than was declared", "RSS 2.0, enclosure", files.other_length,
         AUDIO),
    Note("type", "another type than was declared", "RSS 2.0, enclosure", files.other_type, AUDIO),
    Note("served-as", "its server names a type that it is not", _HTTP, files.served_as, AUDIO),
    Note("ranges", "no byte ranges", "Apple Podcasts, requirements", files.no_ranges, AUDIO),
)  # fmt: skip
"""What is not good, and changes no state."""
