"""The words by which mail programs mark quotes, forwards, signatures and footers, merged over all languages."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from worker.core.phrases import GAP, Phrases, Pieces, Tables

SHORT_CLOSING = 10
"""Characters of the longest closing that must stand alone; with a longer one a line may begin and go on."""
ROLES = ("from", "sent", "to", "cc", "subject", "other")
_EACH = (
    "forward_separators",
    "original_separators",
    "attributions",
    "closings",
    "mobile_signatures",
    "banners",
    "banner_lines",
    "disclaimers",
    "legal_words",
    "reply_above",
    "signature_stops",
    "contact_marks",
    "name_particles",
)
PHRASES = ("banners", "disclaimers", "legal_words", "reply_above", "signature_stops", "contact_marks", "mobile_signatures")
_PREFIXES = ("forward_prefixes", "reply_prefixes")


@dataclass(frozen=True, kw_only=True)
class MailWords:
    """Every word is folded (see ``folded``), but for ``spellings``, which keeps the labels as written.

    ``labels`` maps a header label to its role. ``speakers`` (the labels for From), ``forward_prefixes`` and ``reply_prefixes`` map a
    word to the languages that use it, by their place in the tables: the same two letters may mean a reply in one language and a forward
    in another. An attribution is the literal pieces between the gaps of a pattern such as ``On … wrote:``; they are kept by the words
    with which they end, each with its place, for the first that fits is taken. ``attribution_end_lengths`` are how long those ends are,
    ``attribution_marks`` their last letters. ``separator_starts``, ``closing_starts`` and ``mobile_starts`` are the first two letters
    of what they begin, and ``long_closing_starts`` as many as each of the ``long_closings`` has at the least. A mobile signature
    begins with its words or stands in a frame of them such as ``從我的 … 傳送``, of which ``mobile_ends`` are the ends. ``phrases`` are the
    tables named in PHRASES.
    """

    labels: Mapping[str, str]
    spellings: tuple[tuple[str, str, frozenset[int]], ...]
    speakers: Mapping[str, frozenset[int]]
    forward_prefixes: Mapping[str, frozenset[int]]
    reply_prefixes: Mapping[str, frozenset[int]]
    attributions: Mapping[str, Sequence[tuple[int, Pieces]]]
    attribution_end_lengths: frozenset[int]
    attribution_marks: frozenset[str]
    forward_separators: frozenset[str]
    original_separators: frozenset[str]
    separator_starts: frozenset[str]
    closings: frozenset[str]
    closing_starts: frozenset[str]
    long_closings: tuple[str, ...]
    long_closing_starts: frozenset[str]
    mobile_starts: frozenset[str]
    mobile_signatures: tuple[str, ...]
    mobile_frames: tuple[tuple[str, str], ...]
    mobile_ends: tuple[str, ...]
    banner_lines: frozenset[str]
    name_particles: frozenset[str]
    phrases: Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenWords:
    """The words, and of the tables of phrases what may be said in one mail."""

    words: MailWords
    banners: Phrases
    disclaimers: Phrases
    legal_words: Phrases
    reply_above: Phrases
    signature_stops: Phrases
    contact_marks: Phrases
    mobile_signatures: Phrases

    @classmethod
    def of(cls, words: MailWords, text: str) -> SpokenWords:
        """What may be said in ``text``, folded and without line ends."""
        return cls(words=words, **words.phrases.in_text(text))


def folded(text: str) -> str:
    """Text for comparing: one Unicode form, lower case, plain spaces and apostrophes."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).replace("\xa0", " ").replace("\u202f", " ").replace("’", "'")
    return text.casefold()


def label_of(text: str) -> str:
    """A header label for looking it up: folded, full-width letters plain (``Ｃｃ``), without what sets it off."""
    return folded(text if text.isascii() else unicodedata.normalize("NFKC", text)).strip(" *_\t\ufeff")


def mail_words(tables: Iterable[Mapping[str, object]]) -> MailWords:
    """Build the words from the parsed ``[mail]`` table of each language; raises ValueError that names the key which is wrong."""
    languages = [_checked(table) for table in tables]
    merged = {key: _merged(languages, key) for key in _EACH}
    by_end: dict[str, list[tuple[int, Pieces]]] = {}
    for place, pattern in enumerate(merged["attributions"]):
        pieces = tuple(pattern.replace("：", ":").split(GAP))
        by_end.setdefault(pieces[-1], []).append((place, pieces))
    return MailWords(
        labels={label_of(word): role for table in languages for role in ROLES for word in table.get(role, ())},
        spellings=_spellings(languages),
        speakers={label_of(word): spoken for word, spoken in _by_language(languages, "from").items()},
        attributions=by_end,
        attribution_end_lengths=frozenset(map(len, by_end)),
        attribution_marks=frozenset((":", "：", *(end[-1] for end in by_end))),
        forward_prefixes=_by_language(languages, "forward_prefixes"),
        reply_prefixes=_by_language(languages, "reply_prefixes"),
        forward_separators=frozenset(merged["forward_separators"]),
        original_separators=frozenset(merged["original_separators"]),
        separator_starts=frozenset(phrase[:2] for key in ("forward_separators", "original_separators") for phrase in merged[key]),
        closings=frozenset(merged["closings"]),
        closing_starts=frozenset(closing[:2] for closing in merged["closings"]),
        long_closings=tuple(phrase for phrase in merged["closings"] if len(phrase) > SHORT_CLOSING),
        long_closing_starts=frozenset(phrase[: SHORT_CLOSING + 1] for phrase in merged["closings"] if len(phrase) > SHORT_CLOSING),
        mobile_starts=frozenset(phrase[:2] for phrase in merged["mobile_signatures"] if GAP not in phrase),
        mobile_signatures=tuple(phrase for phrase in merged["mobile_signatures"] if GAP not in phrase),
        mobile_frames=tuple(_frame(phrase) for phrase in merged["mobile_signatures"] if GAP in phrase),
        mobile_ends=tuple(_frame(phrase)[1] for phrase in merged["mobile_signatures"] if GAP in phrase),
        banner_lines=frozenset(merged["banner_lines"]),
        name_particles=frozenset(merged["name_particles"]),
        phrases=Tables({name: merged[name] for name in PHRASES}),
    )


def _checked(table: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    known = {*ROLES, *_EACH, *_PREFIXES}
    for key, words in table.items():
        if key not in known:
            raise ValueError(f'[mail] has no key "{key}"; the keys are {", ".join(sorted(known))}')
        if not isinstance(words, list) or not all(isinstance(word, str) and word.strip(f" {GAP}") for word in words):
            raise ValueError(f'[mail] "{key}" must be a list of words, none of them empty')
        if key == "attributions" and not all(GAP in word and word.split(GAP)[-1].strip() for word in words):
            raise ValueError(f'[mail] "attributions": each needs a gap "{GAP}" and words after the last gap')
    return {key: tuple(words) for key, words in table.items() if isinstance(words, list)}


def _frame(phrase: str) -> tuple[str, str]:
    begin, _, end = phrase.partition(GAP)
    return begin, end


def _merged(languages: list[dict[str, tuple[str, ...]]], key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(folded(word) for table in languages for word in table.get(key, ())))


def _by_language(languages: list[dict[str, tuple[str, ...]]], key: str) -> dict[str, frozenset[int]]:
    spoken: dict[str, set[int]] = {}
    for place, table in enumerate(languages):
        for word in table.get(key, ()):
            spoken.setdefault(folded(word), set()).add(place)
    return {word: frozenset(places) for word, places in spoken.items()}


def _spellings(languages: list[dict[str, tuple[str, ...]]]) -> tuple[tuple[str, str, frozenset[int]], ...]:
    spoken: dict[tuple[str, str], set[int]] = {}
    for place, table in enumerate(languages):
        for role in ROLES:
            for word in table.get(role, ()):
                spoken.setdefault((word, role), set()).add(place)
    return tuple((word, role, frozenset(places)) for (word, role), places in spoken.items())
