"""The thirty or so header fields that mail hosts add on a mail's way: signatures, traces and verdicts."""

from __future__ import annotations

import random
from base64 import b64encode
from collections.abc import Iterator
from email.utils import parseaddr


def delivered(raw: bytes, chance: random.Random) -> bytes:
    """``raw`` as it lies in a mailbox; it grows by some 3 kB, to the size of an ordinary short mail."""
    header = raw.partition(b"\r\n\r\n")[0].decode("ascii", "replace")
    sender = next(line for line in header.split("\r\n") if line.startswith("From: "))
    domain = parseaddr(sender.removeprefix("From: "))[1].rpartition("@")[2]
    return "".join(f"{field}\r\n" for field in _fields(domain, chance)).encode("ascii") + raw


def _fields(domain: str, chance: random.Random) -> Iterator[str]:
    yield f"Return-Path: <bounces+{_hex(chance, 8)}@{domain}>"
    yield "Delivered-To: billing@harbour.example"
    for hop in range(2):
        yield (
            f"Received: from out{hop}.protection.{domain} (out{hop}.protection.{domain} [203.0.113.{chance.randrange(1, 250)}])\r\n"
            "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\r\n"
            "\t key-exchange X25519 server-signature RSA-PSS (2048 bits))\r\n"
            f"\tby in{hop}.harbour.example (Postfix) with ESMTPS id {_hex(chance, 6)}\r\n"
            "\tfor <billing@harbour.example>; Mon, 16 Nov 2026 08:38:40 +0000 (UTC)"
        )
    yield (
        f"Received-SPF: Pass (harbour.example: domain of {domain} designates 203.0.113.7 as\r\n"
        " permitted sender) receiver=harbour.example; client-ip=203.0.113.7;"
    )
    for name in ("ARC-Message-Signature", "ARC-Seal"):
        yield f"{name}: i=1; a=rsa-sha256; c=relaxed/relaxed; d={domain};\r\n s=arcselector; b={_seal(chance)}"
    yield f"ARC-Authentication-Results: i=1; mx.{domain} 1; spf=none; dmarc=none;\r\n dkim=none; arc=none"
    yield (
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain};\r\n"
        " s=selector1; h=From:Date:Subject:Message-ID:Content-Type:MIME-Version;\r\n"
        f" bh={b64encode(chance.randbytes(32)).decode()};\r\n b={_seal(chance)}"
    )
    yield f"Thread-Topic: {_hex(chance, 4)}"
    yield f"Thread-Index: {b64encode(chance.randbytes(22)).decode()}"
    yield "Accept-Language: en-GB, de-DE, en-US"
    yield "Content-Language: en-GB"
    yield "X-MS-Has-Attach:"
    yield "X-MS-TNEF-Correlator:"
    yield f"x-ms-office365-filtering-correlation-id: {_hex(chance, 16)}"
    yield "x-ms-publictraffictype: Email"
    yield f"x-ms-traffictypediagnostic: {_hex(chance, 6).upper()}:EE_|{_hex(chance, 6).upper()}:EE_"
    yield (
        "x-forefront-antispam-report: CIP:255.255.255.255;CTRY:;LANG:en;SCL:1;SRV:;\r\n"
        " IPV:NLI;SFV:NSPM;H:mail.example;PTR:;CAT:NONE;SFS:(13230040);DIR:OUT;SFP:1102;"
    )
    yield f"x-microsoft-antispam: BCL:0;ARA:13230040|{chance.randrange(10**14)}|{chance.randrange(10**14)};"
    yield f"X-OriginatorOrg: {domain}"
    yield f"X-MS-Exchange-CrossTenant-Network-Message-Id: {_hex(chance, 16)}"
    yield "X-MS-Exchange-CrossTenant-FromEntityHeader: Hosted"
    yield f"X-MS-Exchange-CrossTenant-Id: {_hex(chance, 16)}"
    yield "X-Spam-Status: No, score=-2.1 required=5.0"


def _hex(chance: random.Random, count: int) -> str:
    return chance.randbytes(count).hex()


def _seal(chance: random.Random) -> str:
    """A signature of 256 bytes in base64, folded as signers fold it."""
    text = b64encode(chance.randbytes(256)).decode()
    return "\r\n ".join(text[place : place + 72] for place in range(0, len(text), 72))
