"""The Peppol Invoice Response (UBL ApplicationResponse, transaction T111).

What a buyer's system says of an invoice, read as XML without entities or network.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from worker.core.messages import Attachment

_SPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
_ROOT = "{urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2}ApplicationResponse"
_LONGEST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceResponse:
    """One response.

    ``status`` is of the UNCL4343 subset (AB, IP, UQ, CA, RE, AP, PD), ``reasons`` of OPStatusReason, ``actions`` of OPStatusAction,
    with their ``texts``. ``invoices`` are meant, ``purchase_orders`` proposed in a BT-13 condition.
    """

    status: str
    reasons: tuple[str, ...]
    actions: tuple[str, ...]
    texts: tuple[str, ...]
    invoices: tuple[str, ...]
    purchase_orders: tuple[str, ...]


def read(attachment: Attachment) -> InvoiceResponse | None:
    """The response in ``attachment``; None where it holds none or is not well-formed."""
    if attachment.text is None or "ApplicationResponse" not in attachment.text or len(attachment.text) > _LONGEST:
        return None
    if "<!DOCTYPE" in attachment.text or "<!ENTITY" in attachment.text:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(attachment.content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return _response(root) if root.tag == _ROOT else None


def _response(root: etree._Element) -> InvoiceResponse:
    codes = [(node.get("listID", ""), (node.text or "").strip().upper()) for node in _all(root, ".//cac:Status/cbc:StatusReasonCode")]
    return InvoiceResponse(
        status=next(iter(_texts(root, ".//cac:Response/cbc:ResponseCode")), "").upper(),
        reasons=tuple(code for kind, code in codes if kind != "OPStatusAction"),
        actions=tuple(code for kind, code in codes if kind == "OPStatusAction"),
        texts=tuple(_texts(root, ".//cac:Status/cbc:StatusReason") + _texts(root, ".//cac:Response/cbc:Description")),
        invoices=tuple(_texts(root, ".//cac:DocumentReference/cbc:ID")),
        purchase_orders=tuple(
            po
            for condition in _all(root, ".//cac:Condition")
            if _texts(condition, "cbc:AttributeID") == ["BT-13"]
            for po in _texts(condition, "cbc:Description")
        ),
    )


def _all(node: etree._Element, path: str) -> list[etree._Element]:
    return node.findall(path, _SPACES)


def _texts(node: etree._Element, path: str) -> list[str]:
    return [text for found in _all(node, path) if (text := (found.text or "").strip())]
