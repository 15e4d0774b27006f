"""Tells a text's own words from what programs and habits add to it: warning banners on top, signatures and legal footers below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from worker.core import texts
from worker.core.mail_words import SHORT_CLOSING, SpokenWords, folded
from worker.core.messages import BlockKind
from worker.core.phrases import Pieces, says

_LONGEST_LINE = 1_000
_LONGEST_CLOSING = 80
_MOST_CLOSING_WORDS = 8
_MOST_CLOSINGS = 50
_LONGEST_SIGNATURE = 15
_LONGEST_BANNER_TOP = 12
_LONGEST_REPLY_LINE = 150
_LEGAL_BELOW_A_CLOSING = 3
_LEGAL_ANYWHERE = 5
_LONGEST_FIGURES = 4
_LONGEST_MOBILE = 100
_FEWEST_WORDS = 6
"""Of a sentence that is more than a name or an abbreviation."""
_MOST_POST_WORDS = 6
_LONGEST_JOINER = 5
_LONGEST_UNCASED_NAME = 25
_LONGEST_NAME = 200
_REMEMBERED = 4096
"""Of how many lines it is remembered whether they are names: the same few people write to a mailbox."""
_LABELLED = re.compile(r"[a-z] ?(?:[:.] ?[+(]?|[+(])\d[\d ()/.-]{5,}")
"""A phone number behind one letter, "T: 0117 496 0000", "T +31 10 450 00 00"."""
_REGISTERED = r"[ .:-]*(?:n(?:umme)?r[ .:]*)?(?!po|no|nr|is|to|on)[a-z]{2}[ .]?\d{3}"
"""What stands behind the word of a visiting card for a registration, a country with its number: "BTW BE 0412.886.130"."""
_STREET_OR_TOWN = re.compile(
    r"(?:[^\W\d_][\w.'-]*\.? ){1,3}\d{1,3} ?[a-z]?"
    r"|(?!p\.?o|oc|nr)(?:[a-z]{1,2}[ -]?)?\d{4,5}(?:-\d{3}| [a-z]{2})? [^\W\d_][\w./() -]{2,40}"
    r"|\d{2,3}[ -]\d{2,3} [^\W\d_][\w./() -]{2,40}"
)
"""Lines of a postal address without a comma: "Harbour Street 14", "72336 Balingen", "211 19 Malmö", "3011 AB Rotterdam"."""
_RULES = ("--", "—", "–", "- --", "__")
_DRAWN = frozenset("-–—―_=*#~+·•.━─═＝＊☆★◇◆■□▼▲※ ")
"""What lines above and below a visiting card are drawn with."""
_FIGURE = re.compile(r"\d")
_ADDRESS = re.compile(r"\S+@\S+")
_LINK = re.compile(r"<?\[?https?://\S+")
_SENTENCE_END = re.compile(r"[.!?:;]\s|[。！？]")
_AFTER_CLOSING = " ,.!-–—;/&|+，。！、～~"

_BEFORE_CLOSING = _DRAWN | frozenset(_AFTER_CLOSING)
"""What a line may begin with that ends a text without beginning as a closing does."""
_SPOKEN = re.compile("[、，：；]|[\u3041-\u3096]{3}")
"""What no name or post holds in a script without spaces: marks, and hiragana in a row as verbs have them."""

Part = tuple[BlockKind | None, str]


def told_apart(lines: Sequence[str], said: SpokenWords) -> list[Part]:
    """The text in runs, in order: None marks the author's own words. Every line that is not blank is in exactly one run.

    ``said`` are the words of the whole mail that the lines are of.
    """
    if not any(lines):
        return []
    plain = folded("\n".join([line.strip()[:_LONGEST_LINE] for line in lines])).split("\n")
    kinds: list[BlockKind | None] = [None] * len(lines)
    _mark_banners(plain, kinds, said)
    _mark_disclaimers(plain, kinds, said)
    _mark_legal_paragraphs(plain, kinds, said)
    _mark_signatures(lines, plain, kinds, said)
    _mark_card(lines, plain, kinds, said)
    return _runs(lines, plain, kinds)


def _mark_banners(plain: list[str], kinds: list[BlockKind | None], said: SpokenWords) -> None:
    """Warnings at the top, up to the first line that is none; a line with a figure in it is never taken for one."""
    warned = False
    for at, line in enumerate(plain[:_LONGEST_BANNER_TOP]):
        if not line:
            warned = False
            continue
        bare = line.strip("*-_=!⚠️ .:[]()|【】※#>")
        is_warning = (
            bool(said.banners.said(line)) or bare in said.words.banner_lines or line in said.words.banner_lines or (warned and not bare)
        )
        goes_on = warned and plain[at - 1] and len(plain[at - 1]) > 60 and line[0].islower() and not plain[at - 1].endswith((".", "!", ":"))
        asks = len(line) <= _LONGEST_REPLY_LINE and bool(said.reply_above.said(line))
        leads = not warned and _is_drawn(line) and _is_warned_below(plain, at, said)
        if asks or leads or ((is_warning or goes_on) and not _has_figures(_ADDRESS.sub("", line))):
            kinds[at] = BlockKind.BANNER
            warned = True
        else:
            return


def _is_warned_below(plain: list[str], at: int, said: SpokenWords) -> bool:
    below = plain[at + 1] if at + 1 < len(plain) else ""
    return bool(below) and bool(said.reply_above.said(below) or said.banners.said(below))


def _mark_disclaimers(plain: list[str], kinds: list[BlockKind | None], said: SpokenWords) -> None:
    """From a legal phrase to the end of its paragraph."""
    phrases = said.disclaimers.said("\n".join(plain))
    legal = False
    for at, line in enumerate(plain) if phrases else ():
        legal = bool(line) and (legal or any(says(line, phrase) and _begins_by(line, phrase) for phrase in phrases))
        if legal and kinds[at] is None:
            kinds[at] = BlockKind.DISCLAIMER


def _begins_by(line: str, phrase: Pieces) -> bool:
    """Whether no whole sentence stands before a phrase: what is said before it on a long line is the author's own."""
    *before, _ = _SENTENCE_END.split(line[: line.find(phrase[0])])
    return not any(map(_is_sentence, before))


def _is_sentence(text: str) -> bool:
    return texts.word_count(text) >= _FEWEST_WORDS


def _mark_signatures(lines: Sequence[str], plain: list[str], kinds: list[BlockKind | None], said: SpokenWords) -> None:
    closings, spoken = 0, False
    may_be_of_a_telephone = bool(said.mobile_signatures.pieces)
    for at, line in enumerate(plain):
        if kinds[at] is not None or not line:
            continue
        if not (may_be_of_a_telephone or _may_close(line, said)):
            spoken = True
            continue
        if may_be_of_a_telephone and _is_of_a_telephone(line, said):
            kinds[at] = BlockKind.SIGNATURE
        elif line in _RULES:
            end = len(plain) if sum(map(bool, plain[at:])) <= _LONGEST_SIGNATURE else at
            _mark(kinds, at, end)
        elif closings < _MOST_CLOSINGS and _is_drawn(line):
            closings += 1
            end = _signature_end(lines, plain, kinds, at, said)
            _mark(kinds, at, end if any(_is_contact(card, said) for card in plain[at:end]) else at)
        elif closings < _MOST_CLOSINGS and (_is_closing(line, said) or (spoken and _is_signed_closing(lines[at].strip(), line, said))):
            closings += 1
            _mark(kinds, at, _signature_end(lines, plain, kinds, at, said))
        spoken = spoken or kinds[at] is None


def _is_of_a_telephone(line: str, said: SpokenWords) -> bool:
    """Whether a program for telephones added the line: "Sent from my iPhone 6", "Get Outlook for iOS<https://…>"."""
    shown = (_LINK.sub("", line) if "http" in line else line).strip(" <>()[]")
    begins = shown[:2] in said.words.mobile_starts and shown.startswith(said.words.mobile_signatures)
    framed = shown.rstrip(".").endswith(said.words.mobile_ends) and any(_is_framed(shown, *frame) for frame in said.words.mobile_frames)
    if not (begins or framed):
        return False
    return len(shown) <= _LONGEST_MOBILE and not _has_figures(shown.rstrip("0123456789 ."))


def _is_framed(shown: str, begin: str, end: str) -> bool:
    return len(shown) > len(begin) + len(end) and shown.startswith(begin) and shown.rstrip(".").endswith(end)


def _is_drawn(line: str) -> bool:
    return len(line) >= 5 and line[0] in _DRAWN and _DRAWN.issuperset(line)


def _mark_legal_paragraphs(plain: list[str], kinds: list[BlockKind | None], said: SpokenWords) -> None:
    """A paragraph in the words of a legal notice, whatever its sentences: some of them below a closing, many anywhere else.

    One with figures as long as an order number is left in the text.
    """
    if len(said.legal_words.pieces) < _LEGAL_BELOW_A_CLOSING:
        return
    closed = False
    for start, end in _paragraphs(plain):
        text = " ".join(plain[start:end])
        count = _legal_words(text, said)
        if count < _LEGAL_BELOW_A_CLOSING or any(kinds[start:end]):
            continue
        closed = closed or any((_may_close(line, said) and _is_closing(line, said)) or line in _RULES for line in plain[:start])
        first = _SENTENCE_END.split(text, maxsplit=1)[0]
        legal = count >= (_LEGAL_BELOW_A_CLOSING if closed else _LEGAL_ANYWHERE) and (_legal_words(first, said) or not _is_sentence(first))
        if legal and not _has_long_figures(text):
            kinds[start:end] = [BlockKind.DISCLAIMER] * (end - start)


def _legal_words(text: str, said: SpokenWords) -> int:
    """How many legal words a text says; one that two languages share ("destinatario", "destinatar") counts once."""
    found = [word for (word,) in said.legal_words.pieces if word in text]
    return (
        len(found)
        if len(found) < _LEGAL_BELOW_A_CLOSING
        else sum(not any(other != word and other in word for other in found) for word in found)
    )


def _paragraphs(plain: list[str]) -> Iterator[tuple[int, int]]:
    """Where each run of lines that are not blank begins and ends."""
    start = None
    for at, line in enumerate([*plain, ""]):
        if line and start is None:
            start = at
        elif not line and start is not None:
            yield start, at
            start = None


def _mark_card(lines: Sequence[str], plain: list[str], kinds: list[BlockKind | None], said: SpokenWords) -> None:
    """A last paragraph that is a visiting card: a name, then only names and at least one phone, postal box or the like."""
    own = [bool(line) and kinds[at] is None for at, line in enumerate(plain)]
    if True not in own:
        return
    end = len(own) - own[::-1].index(True)
    start = end - 1
    while start and own[start - 1]:
        start -= 1
    card = range(start, end)
    if True not in own[:start] or not 2 <= len(card) <= _LONGEST_SIGNATURE or not _is_name(lines[start].strip(), said):
        return
    told = [_is_contact(plain[at], said) for at in card]
    fits = all(told[at - start] or _is_name(lines[at].strip(), said) or _is_postal(lines[at].strip()) for at in card)
    if any(told) and fits and not any(_may_be_content(plain[at], said) for at in card):
        _mark(kinds, start, end)


def _mark(kinds: list[BlockKind | None], start: int, end: int) -> None:
    for at in range(start, end):
        kinds[at] = kinds[at] or BlockKind.SIGNATURE


def _may_close(line: str, said: SpokenWords) -> bool:
    """Whether a line begins as a closing or with marks: a look that tells most lines of a mail from what ends it."""
    return line[:2] in said.words.closing_starts or line[:1] in _BEFORE_CLOSING or line[1:2] in _AFTER_CLOSING


def _is_closing(line: str, said: SpokenWords) -> bool:
    """Whether a folded line is a closing, or begins as one in few words: "mit freundlichen grüßen aus wien"."""
    bare = line.strip(_AFTER_CLOSING)
    if len(line) > _LONGEST_CLOSING or bare[:2] not in said.words.closing_starts or _has_figures(line):
        return False
    if bare in said.words.closings or _is_joined_closing(bare.split(), said):
        return True
    if bare[: SHORT_CLOSING + 1] not in said.words.long_closing_starts or len(bare.split()) > _MOST_CLOSING_WORDS:
        return False
    rests = [bare[len(closing) :] for closing in said.words.long_closings if bare.startswith(closing)]
    return any(not rest[0].isalnum() and not _may_be_content(rest, said) for rest in rests)


def _is_joined_closing(parts: list[str], said: SpokenWords) -> bool:
    """Closings with nothing but a mark or a short word between them: "danke & viele grüße", "pozdrawiam / best regards"."""
    for end in range(1, len(parts)) if len(parts) <= 2 * _MOST_CLOSING_WORDS else ():
        if " ".join(parts[:end]).strip(_AFTER_CLOSING) in said.words.closings:
            rest = [part for part in parts[end:] if part.strip(_AFTER_CLOSING)]
            tails = [rest, rest[1:]] if rest and len(rest[0]) <= _LONGEST_JOINER else [rest]
            if any(" ".join(tail).strip(_AFTER_CLOSING) in said.words.closings or _is_joined_closing(tail, said) for tail in tails):
                return True
    return False


def _is_signed_closing(line: str, plain: str, said: SpokenWords) -> bool:
    """A closing with the name on its own line: "Mvh Karin", "Yt. Laura Niemi"; ``plain`` is the line folded."""
    if plain[:2] not in said.words.closing_starts:
        return False
    parts = line.split()
    if not 2 <= len(parts) <= _MOST_CLOSING_WORDS or _may_be_content(plain, said):
        return False
    return any(
        folded(" ".join(parts[:end])).strip(_AFTER_CLOSING) in said.words.closings and _is_name(" ".join(parts[end:]), said)
        for end in range(max(1, len(parts) - 3), len(parts))
    )


def _signature_end(lines: Sequence[str], plain: list[str], kinds: list[BlockKind | None], start: int, said: SpokenWords) -> int:
    """Where the signature below a closing ends; ``start`` where it is none.

    It must run to the end of the text, or else it reaches only as far as its last line with a phone, postal box or the like: words that
    may be content are left in the text rather than taken away. What may be a post ("Service comptabilité") must have such a line below.
    """
    contact, named, unsure = start, False, False
    for at in range(start + 1, len(plain)):
        line = plain[at]
        if not line or kinds[at] is not None or _is_drawn(line) or line in _RULES:
            continue
        if at - start > 2 * _LONGEST_SIGNATURE or _may_be_content(line, said):
            return contact
        if _shows_a_contact(line, said):
            contact, unsure = at + 1, False
        elif _is_name(lines[at].strip(), said):
            named = True
        elif named and _is_post(line):
            unsure = True
        elif not _is_postal(lines[at].strip()):
            return contact
    return contact if unsure else len(plain)


def _is_post(line: str) -> bool:
    """A post or firm in small letters: few said, no figures, and no end of a sentence but for a legal form such as "s.r.o."."""
    ends = line.endswith((".", "!", "?", ":", ",", ";", "。", "！", "？")) and line.split()[-1].count(".") < 2
    return len(line.split()) <= _MOST_POST_WORDS and not _has_figures(line) and not ends


def _may_be_content(line: str, said: SpokenWords) -> bool:
    return any(not _is_label(line, stop, said) for stop in said.signature_stops.said(line))


def _is_label(line: str, stop: tuple[str, ...], said: SpokenWords) -> bool:
    """Whether what one language stops a signature at ("btw") is another's mark of a visiting card here: a registration stands behind it."""
    if len(stop) > 1 or stop not in said.contact_marks.pieces:
        return False
    return re.search(rf"(?<!\w){re.escape(stop[0])}{_REGISTERED}", line) is not None


def _is_contact(line: str, said: SpokenWords) -> bool:
    return _shows_a_contact(line, said) and not _may_be_content(line, said)


def _shows_a_contact(line: str, said: SpokenWords) -> bool:
    """Whether a phone, postal box, address or the like stands in the line."""
    if len(line) > 200 or line.endswith("?"):
        return False
    if line.startswith("+") or ("@" in line and len(line.split()) <= 4) or _LABELLED.match(line):
        return True
    return (len(line.split()) <= 14 or "|" in line) and any(_has_word(line, mark) for (mark,) in said.contact_marks.said(line))


def _has_word(line: str, word: str) -> bool:
    spot = line.find(word)
    while spot >= 0:
        after = line[spot + len(word) : spot + len(word) + 1]
        if texts.is_unparted(word) or ((spot == 0 or not line[spot - 1].isalpha()) and not (word[-1].isalpha() and after.isalpha())):
            return True
        spot = line.find(word, spot + 1)
    return False


def _is_name(line: str, said: SpokenWords) -> bool:
    """A name, post or firm: few said, each with a capital or in a script without capitals, and no figures."""
    return len(line) <= _LONGEST_NAME and _remembered_name(line, said.words.name_particles)


@lru_cache(maxsize=_REMEMBERED)
def _remembered_name(line: str, particles: frozenset[str]) -> bool:
    parts = line.replace("/", " ").replace("|", " ").replace("&", " ").replace("-", " ").replace("–", " ").split()
    if not parts or len(parts) > 9 or _has_figures(line) or line.endswith(("?", "!", ":", "。", "？", "！", "：")):
        return False
    if texts.is_unparted(line) and _SPOKEN.search(line):
        return False
    uncased = sum(part[0].isalpha() and part[0].upper() == part[0].lower() for part in parts)
    if uncased and len(line) > _LONGEST_UNCASED_NAME:
        return False
    return any(part[0].isalpha() for part in parts) and all(_is_of_a_name(part, particles) for part in parts)


def _is_of_a_name(part: str, particles: frozenset[str]) -> bool:
    """A word with a capital or without case, a particle such as "of", or an abbreviated legal form such as "s.r.o."."""
    return part[0].lower() != part[0] or part[0].upper() == part[0] or part.lower() in particles or part.count(".") > 1


def _is_postal(line: str) -> bool:
    """A street or town line: words and short figures (house number, post code), nothing as long as an order number."""
    runs = "".join(mark if mark.isdigit() else " " for mark in line).split()
    short = bool(runs) and len(line) <= 80 and all(len(run) <= 5 for run in runs) and sum(map(str.isalpha, line)) >= 4
    return short and ("," in line or (_STREET_OR_TOWN.fullmatch(folded(line)) is not None and _has_capital(line)))


def _has_capital(line: str) -> bool:
    return any(part[0].isupper() for part in line.split() if len(part) > 2)


def _has_figures(line: str) -> bool:
    return _FIGURE.search(line) is not None


def _has_long_figures(text: str) -> bool:
    return _has_figures(text) and any(sum(map(str.isdigit, word)) > _LONGEST_FIGURES for word in text.split())


def _runs(lines: Sequence[str], plain: list[str], kinds: list[BlockKind | None]) -> list[Part]:
    runs: list[tuple[BlockKind | None, list[str]]] = []
    for at, line in enumerate(lines):
        if runs and (not plain[at] or kinds[at] == runs[-1][0]):
            runs[-1][1].append(line)
        elif plain[at]:
            runs.append((kinds[at], [line]))
    return [(kind, "\n".join(run).strip("\n")) for kind, run in runs]
