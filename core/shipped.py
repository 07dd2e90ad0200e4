"""What an earlier version shipped: fingerprints of letters and ladders, to tell what nobody has changed.

A fingerprint is of what a person reads and decides: layout of the source, order of attributes and line breaks
do not count. The same function reads the data files and the records of a database.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping

import lxml.html
from lxml import etree

#: Fields of a letter beside its body; a reference is the name of the other letter, "" for none.
LETTER_FIELDS = ("subject", "lang", "email_from", "partner_to", "letter_kk_id")
#: Fields of a step with what a data file means by saying nothing.
STEP_FIELDS = {
    "name": "",
    "offset": 0,
    "tone": "",
    "patience": 0,
    "requires_approval": False,
    "send_mail": True,
    "send_letter": False,
    "show_notice": False,
    "make_call": False,
    "send_sms": False,
    "holds_deliveries": False,
    "mail_template_id": "",
}
_SPACE = re.compile(r"\s+")


def letter(fields: Mapping[str, str], body: str) -> str:
    """The fingerprint of a letter.

    :param fields: of ``LETTER_FIELDS``, in English
    :param body: HTML
    """
    values = [_text(fields.get(name) or "") for name in LETTER_FIELDS]
    return _digest([*values, *_tokens(body)])


def ladder(steps: Iterable[Mapping]) -> str:
    """The fingerprint of a ladder: of its steps, in any order.

    :param steps: {field of ``STEP_FIELDS``: value} of each
    """
    rows = []
    for step in steps:
        values = (step.get(name, default) for name, default in STEP_FIELDS.items())
        # What is empty in a database is False, whatever its kind.
        rows.append([value or type(kind)() for value, kind in zip(values, STEP_FIELDS.values(), strict=True)])
    return _digest(sorted(rows, key=json.dumps))


def read(source: bytes) -> dict[str, str]:
    """{name of the record: fingerprint} of the letters and ladders of a data file."""
    return {
        node.get("id"): of_node(node)
        for node in etree.fromstring(source).iter("record")
        if node.get("model") in ("mail.template", "dunning.ladder")
    }


def of_node(node) -> str:
    """The fingerprint of a ``<record>`` of a data file: a letter or a ladder."""
    if node.get("model") == "mail.template":
        fields = {field.get("name"): _value(field) for field in node.findall("field")}
        return letter(fields, fields["body_html"])
    return ladder(
        [
            {field.get("name"): _value(field) for field in step.findall("field")}
            for step in node.findall("field[@name='step_ids']/record")
        ]
    )


def _value(field):
    if field.get("ref"):
        return field.get("ref").rsplit(".", 1)[-1]
    if field.get("eval"):
        return {"True": True, "False": False}.get(field.get("eval")) or _number(field.get("eval"))
    if field.get("type") == "html":
        inner = [etree.tostring(child, method="html", encoding="unicode") for child in field]
        return (field.text or "") + "".join(inner)
    return field.text or ""


def _number(text: str):
    return int(text) if re.fullmatch(r"-?\d+", text) else False


def _tokens(body: str) -> list:
    """Tags, attributes and words in their order."""
    found = []
    root = lxml.html.fragment_fromstring(str(body or ""), create_parent="div")
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(node.tag, str):
            continue
        if event == "start":
            found.append([node.tag, sorted((name, _text(value)) for name, value in node.attrib.items())])
            found.append(_text(node.text or ""))
        else:
            found += [f"/{node.tag}", _text(node.tail or "")]
    return [token for token in found if token]


def _text(text: str) -> str:
    return _SPACE.sub(" ", str(text)).strip()


def _digest(values) -> str:
    return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()[:16]
