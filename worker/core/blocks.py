"""Splits the visible text of a mail into blocks that each have an author: new, quoted, forwarded, signature, disclaimer, banner."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import overload

from worker.core import attributions, endings, headings
from worker.core.mail_words import MailWords, SpokenWords, folded, mail_words
from worker.core.marks import Found, is_marked, unmarked
from worker.core.messages import Address, Block, BlockKind, Heading

__all__ = ["Later", "MailWords", "mail_words", "split"]

_MOST_HEADINGS = 100
_DEEPEST_MARKS = 25
_MARKS_AND_SPACES = ">＞ \t\xa0"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Voice:
    """Whose words come now; ``subject`` is that of the mail they stood in; ``unwraps`` where marked lines that come first are its own."""

    kind: BlockKind
    depth: int = 0
    author: Address | None = None
    heading: Heading | None = None
    subject: str = ""
    unwraps: bool = False


class Later(Sequence[Block]):
    """The blocks of a text, split once somebody asks for one: of most mail nobody does."""

    def __init__(self, splitting: Callable[[], tuple[Block, ...]]) -> None:
        self._splitting = splitting

    @cached_property
    def _blocks(self) -> tuple[Block, ...]:
        return self._splitting()

    def __len__(self) -> int:
        return len(self._blocks)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._blocks == tuple(other)

    def __hash__(self) -> int:
        return hash(self._blocks)

    def __iter__(self) -> Iterator[Block]:
        return iter(self._blocks)

    @overload
    def __getitem__(self, place: int) -> Block: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Block, ...]: ...

    def __getitem__(self, place: int | slice) -> Block | tuple[Block, ...]:
        return self._blocks[place]


def split(text: str, *, sender: Address | None, words: MailWords, subject: str = "") -> tuple[Block, ...]:
    """The blocks of ``text`` in the order of its lines.

    Every line that is not blank is in the text of exactly one block or of exactly one heading. An Outlook reply and an Outlook forward
    look the same: which it is, ``subject`` decides by its first prefix.
    """
    lines = [line.rstrip() for line in _plain(text).split("\n")]
    splitter = _Splitter(words, SpokenWords.of(words, folded(" ".join([line.strip(_MARKS_AND_SPACES) for line in lines]))))
    splitter.read(lines, _Voice(kind=BlockKind.NEW, author=sender, subject=subject), marks=0)
    return tuple(splitter.blocks)


def _plain(text: str) -> str:
    for ending in ("\r\n", "\r", "\u2028", "\u2029", "\x0b", "\x0c", "\x85"):
        text = text.replace(ending, "\n")
    return text.replace("\ufeff", "").replace("\x00", "")


class _Splitter:
    """Reads a mail's lines once, from the top; each level of quote marks is read as a mail of its own."""

    def __init__(self, words: MailWords, said: SpokenWords) -> None:
        self.words = words
        self.said = said
        self.blocks: list[Block] = []
        self.headings = 0

    def read(self, lines: Sequence[str], voice: _Voice, *, marks: int) -> None:
        """Read lines that carry no quote marks of an outer level."""
        own: list[str] = []
        quoted: Found | None = None
        first = len(self.blocks)
        near = attributions.nearing(lines, self.words)
        at, count = 0, len(lines)
        while at < count:
            line = lines[at]
            if not near[at] and not headings.may_begin(line, self.words):
                own.append(line)
                at += 1
                continue
            if is_marked(line) and marks < _DEEPEST_MARKS:
                self._write(own, voice)
                end = _run_end(lines, at, forwarded=self._runs_on(voice, quoted))
                unwraps = voice.unwraps and quoted is None and len(self.blocks) == first
                self._read_marked(lines[at:end], replace(voice, unwraps=unwraps), quoted, marks)
                at = end
                continue
            found = headings.find(lines, at, self.words, attributed=near[at]) if self.headings < _MOST_HEADINGS else None
            if found is None:
                own.append(line)
                at += 1
                continue
            self.headings += 1
            alone = len(self.blocks) == first and not any(map(str.strip, own))
            self._write(own, voice)
            at = found.end
            if found.marked and marks < _DEEPEST_MARKS:
                quoted = found
            else:
                following = self._next_voice(voice, found, alone=alone)
                if following.depth > voice.depth:
                    self._write_silence(voice, first)
                voice, quoted, first = following, None, len(self.blocks)
        self._write(own, voice)
        self._write_silence(voice, first)

    def _read_marked(self, run: Sequence[str], voice: _Voice, quoted: Found | None, marks: int) -> None:
        lines = [unmarked(line) if is_marked(line) else line for line in run]
        if voice.unwraps:
            self.read(lines, replace(voice, unwraps=False), marks=marks + 1)
            return
        forwarded = self._runs_on(voice, quoted)
        heading = quoted.heading if quoted else None
        inner = _Voice(
            kind=BlockKind.FORWARDED if forwarded else BlockKind.QUOTED,
            depth=voice.depth + 1,
            author=_with_address(heading),
            heading=heading,
            subject=voice.subject,
        )
        self.read(lines, inner, marks=marks + 1)

    def _next_voice(self, voice: _Voice, found: Found, *, alone: bool) -> _Voice:
        """Who speaks below a heading whose text carries no marks: its author, to the end."""
        same = alone and voice.depth > 0 and (voice.heading is None or voice.heading.author is None)
        heading = found.heading
        if same and voice.heading:
            heading = replace(heading, text=f"{voice.heading.text}\n{heading.text}")
        forwarded = found.forwarded
        if forwarded is None and same and voice.heading:
            forwarded = voice.kind is BlockKind.FORWARDED
        elif forwarded is None:
            forwarded = self._is_forward(voice.subject, found.languages, alone=alone and voice.depth == 0 and bool(found.languages))
        return _Voice(
            kind=BlockKind.FORWARDED if forwarded else BlockKind.QUOTED,
            depth=voice.depth if same else voice.depth + 1,
            author=_with_address(heading),
            heading=heading,
            subject=heading.subject,
            unwraps=True,
        )

    def _runs_on(self, voice: _Voice, quoted: Found | None) -> bool:
        """Whether the marked lines that come now are a forward."""
        if quoted is None or quoted.forwarded is not None:
            return quoted is not None and bool(quoted.forwarded)
        return self._is_forward(voice.subject, quoted.languages, alone=False)

    def _is_forward(self, subject: str, languages: frozenset[int], *, alone: bool) -> bool:
        prefix = _first_prefix(subject)
        forwards = self.words.forward_prefixes.get(prefix, frozenset())
        replies = self.words.reply_prefixes.get(prefix, frozenset())
        if forwards and replies and languages:
            return bool(forwards & languages) or not replies & languages
        return bool(forwards) or (alone and not replies)

    def _write_silence(self, voice: _Voice, first: int) -> None:
        """A heading below which nothing stands is kept with an empty text."""
        if voice.heading and not any(block.heading is voice.heading for block in self.blocks[first:]):
            self.blocks.insert(first, _block(voice.kind, "", voice))

    def _write(self, own: list[str], voice: _Voice) -> None:
        if not own:
            return
        for kind, text in endings.told_apart(own, self.said):
            self.blocks.append(_block(kind or voice.kind, text, voice))
        own.clear()


def _block(kind: BlockKind, text: str, voice: _Voice) -> Block:
    return Block(kind=kind, text=text, depth=voice.depth, author=voice.author, heading=voice.heading)


def _with_address(heading: Heading | None) -> Address | None:
    return heading.author if heading and heading.author and heading.author.email else None


def _run_end(lines: Sequence[str], start: int, *, forwarded: bool) -> int:
    """The line after a run of marked lines; blank lines and the rest of a wrapped line may stand between them.

    In a forward nobody answers between the lines, so there any lone unmarked line is such a rest.
    """
    end = at = start
    while at < len(lines):
        if is_marked(lines[at]):
            end = at + 1
        elif lines[at].strip() and not (at == end and _is_lone(lines, at) and (forwarded or _is_wrapped_rest(lines, at))):
            break
        at += 1
    return end


def _is_lone(lines: Sequence[str], at: int) -> bool:
    return is_marked(lines[at - 1]) and at + 1 < len(lines) and is_marked(lines[at + 1])


def _is_wrapped_rest(lines: Sequence[str], at: int) -> bool:
    """Whether an unmarked line is what a mail program broke off the marked line above it."""
    above = lines[at - 1]
    return len(above) >= 66 and (above[-1].isalnum() or above[-1] == ",") and lines[at].strip()[0].islower()


def _first_prefix(subject: str) -> str:
    """The outermost prefix of a subject, folded: ``wg`` of ``[EXTERN] WG: AW: …``."""
    rest = subject.strip()[:200]
    while rest.startswith("[") and "]" in rest:
        rest = rest.partition("]")[2].strip()
    prefix, _, _ = rest.replace("：", ":").partition(":")
    return folded(prefix).strip().rstrip("0123456789[]()")
