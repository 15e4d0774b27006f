"""Which of the numbers that a mail calls a PO count: the strongest evidence first, without what is refused or doubted."""

from __future__ import annotations

from worker.core.cases import Case
from worker.core.claims import Claim, Role
from worker.core.readings import Source

_TIERS = ((Source.NOTE,), (Source.NEW, Source.SUBJECT), (Source.LETTER,), (Source.QUOTED,))
_SHORT_QUOTE = 4
_NOT_GIVEN = frozenset({Role.REFUSED, Role.EXAMPLE, Role.DOUBTED})
_UNSAID = _NOT_GIVEN | {Role.UNKNOWN, Role.PARTIAL}


def strongest(case: Case) -> tuple[Claim, ...]:
    """The claims of the strongest tier that has any; within it, numbers that are called something before bare ones."""
    refused = {claim.po for claim in case.claims if claim.role in _NOT_GIVEN}
    given = [claim for claim in case.claims if claim.fits and claim.role not in _UNSAID and claim.po not in refused]
    given = [claim for claim in given if case.by_machine or not _is_quoted(claim)]
    for tier in _TIERS:
        found = tuple(claim for claim in given if claim.piece.source in tier)
        if found:
            return tuple(claim for claim in found if claim.role is not Role.BARE) or found
    return ()


def misfits(case: Case) -> tuple[Claim, ...]:
    """The numbers that are meant as a PO and have not the customer's format."""
    return tuple(claim for claim in case.claims if not claim.fits and claim.role not in _UNSAID and _is_meant(claim, case))


def doubted(case: Case) -> tuple[Claim, ...]:
    """The numbers that are only asked about or supposed, or stand behind a word that may mean anything."""
    return tuple(claim for claim in case.claims if claim.role in (Role.DOUBTED, Role.UNKNOWN, Role.PARTIAL))


def _is_quoted(claim: Claim) -> bool:
    """Whether a number stands inside words that a person quotes, of which it is only a part."""
    line, number = claim.line, claim.placed.token.text
    return any(number in words and len(words.split()) > _SHORT_QUOTE for words in line.split('"')[1::2])


def _is_meant(claim: Claim, case: Case) -> bool:
    """Whether a number of another format is still meant as a PO: it is called one, or begins as the customer's do."""
    po_format = case.customer.po_format if case.customer else None
    if claim.role is Role.PO or po_format is None:
        return True
    fixed = po_format[: next((place for place, character in enumerate(po_format) if character in "#@"), len(po_format))]
    return len(fixed) >= 2 and claim.po.upper().startswith(fixed.upper())
