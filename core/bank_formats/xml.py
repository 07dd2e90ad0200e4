"""XML from strangers: no document types, no entities, no network, bounded, without namespaces."""

from __future__ import annotations

import codecs
import re

from lxml import etree

from .model import StatementFormatError
from .source import Source
from .text import decode_cyrillic

_DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,300}\?>", re.I)
_ENCODING = re.compile(rb"\s*<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']", re.I)
_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)\b", re.I)
# Characters that XML forbids; a bank's terminal lets them slip into a purpose.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SINGLE_BYTE = ("cp125", "cp866", "iso8859", "koi8", "kz1048", "mac-")
# Start and end marks for each line (element, entry) that a file may have.
_MARKS_PER_LINE = 40


def xml_text(source: Source) -> str:
    """The document's text. UTF-8 when it is, else what it declares, else what it looks like."""
    match = _ENCODING.match(source.data[:600])
    if match is None or _is_unicode(source.data):
        return source.text
    try:
        name = codecs.lookup(match.group(1).decode("ascii")).name
    except LookupError:
        return source.text
    if name == "cp1251":
        return decode_cyrillic(source.data, "cp1251")
    if name.startswith(_SINGLE_BYTE):
        return source.data.decode(name, "replace").replace("\ufffd", "?")
    return source.text


def parse_xml(source: Source) -> etree._Element:
    """The root of the document; names of elements are without their namespace, comments are gone.

    The text is decoded here, and the parser is told so: an encoding that only the parser would
    believe cannot hide a document type from the search for it. Raises `StatementFormatError`:
    ``xml_doctype``, ``xml_too_large``, ``xml_broken`` (with the line).
    """
    text = xml_text(source).lstrip("\ufeff")
    if match := _DECLARATION.match(text):
        # Its lines stay, for the places that errors name.
        text = "\n" * match.group().count("\n") + text[match.end() :]
    if match := _DOCTYPE.search(text):
        line = text.count("\n", 0, match.start()) + 1
        raise StatementFormatError("xml_doctype", filename=source.filename, line=line)
    check_marks(text, source)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )
    try:
        root = etree.fromstring(_FORBIDDEN.sub(" ", text).encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 0
        message = re.sub(r", line \d+, column \d+.*", "", str(error), flags=re.S)[:120]
        raise StatementFormatError("xml_broken", filename=source.filename, line=line, text=message) from None
    for element in root.iter(etree.Element):
        if "}" in element.tag:
            element.tag = element.tag.rpartition("}")[2]
    return root


def check_marks(text: str, source: Source) -> None:
    """Raises ``xml_too_large`` for more elements than the lines that a file may have can need."""
    if text.count("<") > _MARKS_PER_LINE * source.limits.lines:
        raise StatementFormatError("xml_too_large", filename=source.filename)


def text_of(node, *paths: str) -> str:
    """The first text that is not empty, in single blanks."""
    for path in paths:
        value = node.findtext(path)
        if value and (value := " ".join(value.split())):
            return value
    return ""


def _is_unicode(data: bytes) -> bool:
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
