"""Who a mail really comes from: only the mailbox's own server is believed, and only what it says outside comments and quotes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.samples import AP, AUTHSERV, mail, rulebook
from worker.core.messages import Address, Message
from worker.core.proofs import prove
from worker.edges import mime

RESULTS = "authentication-results"


def proven(*values: str, sender: str = AP, trusted: str = AUTHSERV) -> bool:
    """Whether a mail with these Authentication-Results headers, topmost first, proves its sender."""
    return prove(mail("hello", sender=sender, proof=tuple((RESULTS, value) for value in values)), trusted).holds


@pytest.mark.parametrize(
    "value",
    [
        "mx.fernhill.example; dmarc=pass header.from=tannery.example",
        "MX.Fernhill.Example; DMARC=Pass header.from=Tannery.Example",
        "mx.fernhill.example 1; dmarc=pass header.from=tannery.example",
        "mx.fernhill.example (our own host); dmarc=pass header.from=tannery.example",
        "mx.fernhill.example (nested (comment; dmarc=fail)) 1; dmarc=pass header.from=tannery.example",
        "mx.fernhill.example; spf=fail smtp.mailfrom=x.example; dkim=none; dmarc=pass (p=reject dis=none) header.from=tannery.example",
        "mx.fernhill.example;dmarc = pass header.from = tannery.example",
        "mx.fernhill.example; dmarc=pass header.from=tannery.example.",
        "mx.fernhill.example;\n\tdmarc=pass\n\theader.from=tannery.example",
    ],
)
def test_the_trusted_host_saying_pass_for_the_from_domain_proves_the_sender(value: str) -> None:
    assert proven(value)


@pytest.mark.parametrize(
    "value",
    [
        "mx.fernhill.example; dmarc=fail header.from=tannery.example",
        "mx.fernhill.example; dmarc=none header.from=tannery.example",
        "mx.fernhill.example; dmarc=bestguesspass header.from=tannery.example",
        "mx.fernhill.example; dmarc=pass-ish header.from=tannery.example",
        "mx.fernhill.example; dmarc=pass.x header.from=tannery.example",
        'mx.fernhill.example; dmarc="pass" header.from=tannery.example',
        "mx.fernhill.example; dmarc=temperror header.from=tannery.example",
        "mx.fernhill.example; dmarc= header.from=tannery.example",
        "mx.fernhill.example; dmarc",
        "mx.fernhill.example; none",
        "mx.fernhill.example",
        "",
        ";",
        "; dmarc=pass header.from=tannery.example",
        "dmarc=pass header.from=tannery.example",
        "mx.fernhill.example; spf=pass smtp.mailfrom=tannery.example; dkim=pass header.d=tannery.example",
        "mx.fernhill.example; xdmarc=pass header.from=tannery.example",
        "mx.fernhill.example; arc=pass (i=1 dmarc=pass fromdomain=tannery.example)",
    ],
)
def test_anything_less_than_a_dmarc_pass_proves_nothing(value: str) -> None:
    assert not proven(value)


@pytest.mark.parametrize(
    "value",
    [
        "mx.fernhill.example.evil.example; dmarc=pass header.from=tannery.example",
        "evil.example; dmarc=pass header.from=tannery.example",
        "evil-mx.fernhill.example; dmarc=pass header.from=tannery.example",
        "fernhill.example; dmarc=pass header.from=tannery.example",
        "evil.example (mx.fernhill.example); dmarc=pass header.from=tannery.example",
        "(mx.fernhill.example;) evil.example; dmarc=pass header.from=tannery.example",
        '"mx.fernhill.example; dmarc=pass header.from=tannery.example"',
        "evil.example mx.fernhill.example; dmarc=pass header.from=tannery.example",
        "1 mx.fernhill.example; dmarc=pass header.from=tannery.example",
        "mx.fernhill.example; dmarc=pass",
        "mx.fernhill.example; dmarc=pass policy.dmarc=none",
        "mx.fernhill.example; dmarc/1=fail header.from=tannery.example",
        "mx.fernhill.example x y; dmarc=pass header.from=tannery.example",
        "mx.fernhill.example dmarc=pass; dmarc=pass header.from=tannery.example",
        "mx.fernhill.examp\u200ble.evil; dmarc=pass header.from=tannery.example",
        "mx.fern(x)hill.example; dmarc=pass header.from=tannery.example",
        "mx.fernhill.ex(x)ample; dmarc=pass header.from=tannery.example",
        'mx.fern"evil"hill.example; dmarc=pass header.from=tannery.example',
        '"mx.fernhill.example"; dmarc=pass header.from=tannery.example',
        r"mx.fernhill\x.example; dmarc=pass header.from=tannery.example",
        r"mx.fernhil\l.example; dmarc=pass header.from=tannery.example",
        "mx。fernhill。example; dmarc=pass header.from=tannery.example",
    ],
)
def test_another_hosts_id_that_looks_like_ours_is_noise(value: str) -> None:
    assert not proven(value)


@pytest.mark.parametrize(
    "value",
    [
        'mx.fernhill.example; spf=fail reason="x; dmarc=pass header.from=tannery.example"',
        "mx.fernhill.example; spf=fail (x; dmarc=pass header.from=tannery.example)",
        "mx.fernhill.example; spf=fail (outer (inner) ; dmarc=pass header.from=tannery.example)",
        r'mx.fernhill.example; spf=fail reason="a\"; dmarc=pass header.from=tannery.example"',
        r"mx.fernhill.example; spf=fail (a\); dmarc=pass header.from=tannery.example)",
        'mx.fernhill.example; spf=fail (no "end; dmarc=pass header.from=tannery.example',
        'mx.fernhill.example; spf=fail reason="no end; dmarc=pass header.from=tannery.example',
        "mx.fernhill.example; spf=pass smtp.mailfrom=dmarc=pass",
        'mx.fernhill.example; dkim=pass header.i="@x; dmarc=pass header.from=tannery.example"; dmarc=fail header.from=tannery.example',
    ],
)
def test_a_pass_inside_a_comment_or_a_quoted_string_is_not_said_by_the_host(value: str) -> None:
    assert not proven(value)


@pytest.mark.parametrize(
    "named",
    [
        "header.from=evil.example",
        "header.from=tannery.example.evil.example",
        "header.from=pay.tannery.example",
        "header.from=xtannery.example",
        "header.from=evil.example (header.from=tannery.example)",
        "header.from=evil.example header.from=tannery.example",
        "header.from=tannery.example header.from=evil.example",
        'header.from="evil.example"',
        "x-header.from=tannery.example header.from=evil.example",
        "policy.header.from=tannery.example header.from=evil.example",
    ],
)
def test_a_pass_for_another_domain_than_the_from_proves_nothing(named: str) -> None:
    assert not proven(f"mx.fernhill.example; dmarc=pass {named}")


def test_only_headers_under_the_trusted_id_count_and_the_topmost_must_speak_of_dmarc() -> None:
    good, bad = f"{AUTHSERV}; dmarc=pass header.from=tannery.example", f"{AUTHSERV}; dmarc=fail header.from=tannery.example"
    silent, foreign = f"{AUTHSERV}; spf=pass", "other.example; dmarc=fail header.from=tannery.example"
    assert proven(foreign, good)
    assert proven(good, foreign)
    assert proven(good, silent)
    assert proven(good, good)
    assert not proven(silent, good)
    assert not proven(good, bad)
    assert not proven(bad, good)
    assert not proven(good, f"{AUTHSERV}; dmarc=pass header.from=evil.example")
    assert not proven(foreign)


@pytest.mark.parametrize("odd", ["x y; dmarc=fail", "x y;", "dmarc=fail", "/x; spf=fail"])
def test_an_oddly_written_header_of_the_trusted_id_is_not_passed_over(odd: str) -> None:
    assert not proven(f"{AUTHSERV} {odd}", f"{AUTHSERV}; dmarc=pass header.from=tannery.example")


def test_a_version_may_stand_behind_a_slash_or_a_method() -> None:
    assert proven(f"{AUTHSERV}/1; dmarc/1=pass header.from=tannery.example")


FORGED = "=?utf-8?q?x=3B_dmarc=3Dpass_header=2Efrom=3Dtannery=2Eexample_?=@evil.example"


@pytest.mark.parametrize(
    "header",
    [
        f"{AUTHSERV}; spf=pass smtp.mailfrom={FORGED}",
        f"{AUTHSERV};\n dkim=pass header.d=evil.example header.i={FORGED}",
        "=?utf-8?q?mx=2Efernhill=2Eexample=3B_dmarc=3Dpass_header=2Efrom=3Dtannery=2Eexample?=",
    ],
)
def test_what_a_sender_has_encoded_into_the_hosts_header_is_not_decoded(header: str) -> None:
    raw = f"Authentication-Results: {header}\nFrom: {AP}\n\nHello\n".encode()
    assert not prove(mime.parse(raw, words=rulebook().mail_words), AUTHSERV).holds
    whole = f"Authentication-Results: {AUTHSERV};\n dmarc=pass\n header.from=tannery.example\nFrom: {AP}\n\nHello\n".encode()
    assert prove(mime.parse(whole, words=rulebook().mail_words), AUTHSERV).holds


def test_two_results_in_one_header_must_both_pass() -> None:
    assert not proven(f"{AUTHSERV}; dmarc=pass header.from=tannery.example; dmarc=fail header.from=tannery.example")
    assert not proven(f"{AUTHSERV}; dmarc=fail header.from=tannery.example; dmarc=pass header.from=tannery.example")


@pytest.mark.parametrize("name", ["arc-authentication-results", "x-authentication-results", "received-spf", "subject"])
def test_no_other_header_proves_anything(name: str) -> None:
    value = f"{AUTHSERV}; dmarc=pass header.from=tannery.example"
    assert not prove(mail(value, proof=((name, value), (name, f"i=1; {value}"))), AUTHSERV).holds


def test_without_a_single_from_address_or_a_configured_host_nothing_is_proven() -> None:
    value = ((RESULTS, f"{AUTHSERV}; dmarc=pass header.from=tannery.example"),)
    two = Message(froms=(Address(AP), Address("x@evil.example")), headers=value)
    twice = Message(froms=(Address(AP),), from_headers=2, headers=value)
    assert "does not name one address" in prove(two, AUTHSERV).sentence
    assert not prove(twice, AUTHSERV).holds
    assert not prove(Message(headers=value), AUTHSERV).holds
    assert not prove(Message(froms=(Address("", "Tannery"),), headers=value), AUTHSERV).holds
    assert not proven(f"{AUTHSERV}; dmarc=pass", trusted="")
    assert not proven("; dmarc=pass header.from=tannery.example", trusted="")


def test_the_sentence_says_who_said_what() -> None:
    def sentence(value: str) -> str:
        return prove(mail("x", proof=((RESULTS, value),)), AUTHSERV).sentence

    assert sentence(f"{AUTHSERV}; dmarc=pass header.from=tannery.example") == "mx.fernhill.example says dmarc=pass for tannery.example"
    assert sentence(f"{AUTHSERV}; dmarc=fail header.from=tannery.example") == "mx.fernhill.example says dmarc=fail for tannery.example"
    assert sentence(f"{AUTHSERV}; spf=pass") == "mx.fernhill.example says nothing about DMARC"
    assert sentence("other.example; dmarc=pass") == "no Authentication-Results header of mx.fernhill.example"


@given(st.lists(st.text(), max_size=3), st.text(max_size=20), st.text(max_size=20))
def test_no_header_text_breaks_it(values: list[str], sender: str, trusted: str) -> None:
    message = Message(froms=(Address(sender),), headers=tuple((RESULTS, value) for value in values))
    assert isinstance(prove(message, trusted).holds, bool)


@given(st.text('()\\";= \tadmrcps.', max_size=60))
def test_no_text_in_a_quote_or_comment_turns_a_fail_into_a_pass(text: str) -> None:
    balanced = text.replace("\\", "").replace('"', "").replace("(", "").replace(")", "")
    assert not proven(
        f'{AUTHSERV}; spf=fail reason="{balanced}; dmarc=pass header.from=tannery.example"; dmarc=fail header.from=tannery.example'
    )
    assert not proven(f"{AUTHSERV}; spf=fail ({balanced}; dmarc=pass header.from=tannery.example); dmarc=fail header.from=tannery.example")
    assert not proven(f"{AUTHSERV}; dmarc=fail header.from=tannery.example; {text}; dmarc=pass header.from=tannery.example")
