"""Zip archives of bank files, taken apart in memory and never trusted.

An archive may be a bomb, name members outside its folder, hold archives again or need a password:
each has an error of its own. Nothing is ever written under a name that the archive chose.
"""

from __future__ import annotations

import contextlib
import io
import zipfile
import zlib
from pathlib import PurePosixPath

from .model import StatementFormatError
from .source import MEGABYTE, Limits

_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# What a workbook (.xlsx, .xlsm, .ods) has among its members: it is one file, not an archive of files.
_WORKBOOK = ("[Content_Types].xml", "xl/workbook.xml", "mimetype")
# What file managers put beside the files, never a statement.
_CLUTTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_ENCRYPTED, _UTF8_NAME = 0x1, 0x800
_CHUNK = 256 * 1024
_BOMB = b"bomb"  # compared by identity


def is_archive(data: bytes) -> bool:
    """Whether the bytes are a zip archive; a workbook is one too."""
    return data.startswith(_SIGNATURES)


def unpack(data: bytes, filename: str = "", limits: Limits | None = None) -> list[tuple[str, bytes]]:
    """The files that a file holds, as (name, bytes) in the archive's order.

    A file that is no archive, and a workbook, is the only file it holds: ``[(filename, data)]``.
    Names of members are the archive's own paths (``2026/09/kaspi.txt``), for showing only. `limits`
    bounds the number of members, each one's size, all of them together, and how tightly they may be
    packed, while they are unpacked: the sizes that the archive claims are not believed.
    Raises `StatementFormatError`, and only that.
    """
    limits = limits or Limits()
    if not is_archive(data):
        return [(filename, data)]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if any(name in archive.NameToInfo for name in _WORKBOOK):
                return [(filename, data)]
            return _members(archive, filename, limits, len(data))
    except StatementFormatError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, LookupError) as error:
        raise StatementFormatError("archive_broken", filename=filename, text=str(error)[:80]) from None
    except (NotImplementedError, RuntimeError) as error:
        # A packing method or an encryption that the standard library has not.
        raise StatementFormatError("archive_method", filename=filename, text=str(error)[:80]) from None


def _members(archive: zipfile.ZipFile, filename: str, limits: Limits, packed: int) -> list[tuple[str, bytes]]:
    infos = [info for info in archive.infolist() if not info.is_dir() and not _is_clutter(info.filename)]
    if len(infos) > limits.members:
        raise StatementFormatError("archive_too_many", filename=filename, limit=limits.members)
    found: list[tuple[str, bytes]] = []
    left = limits.unpacked_bytes
    for info in infos:
        name = _name(info)
        if info.flag_bits & _ENCRYPTED:
            raise StatementFormatError("archive_encrypted", filename=filename, member=name)
        if _is_outside(name):
            raise StatementFormatError("archive_path", filename=filename, member=name[:80])
        # Members may lie on top of each other: their packed bytes are counted once, by the file's size.
        done = limits.unpacked_bytes - left
        sizes = min(info.compress_size, packed), packed
        content = _read(archive, info, min(left, limits.bytes), limits, sizes, done)
        if content is _BOMB:
            raise StatementFormatError("archive_ratio", filename=filename, member=name, limit=limits.ratio)
        if content is None:
            size = max(min(left, limits.bytes) // MEGABYTE, 1)
            raise StatementFormatError("archive_too_large", filename=filename, member=name, limit=size)
        if is_archive(content) and not _is_workbook(content):
            raise StatementFormatError("archive_nested", filename=filename, member=name)
        left -= len(content)
        found.append((name, content))
    if not found:
        raise StatementFormatError("archive_empty", filename=filename)
    return found


def _read(archive, info, limit: int, limits: Limits, packed: tuple[int, int], done: int) -> bytes | None:
    """The member's bytes; None as soon as they are more than `limit`, `_BOMB` when packed too tightly.

    `packed`: bytes of the member and of the whole archive; `done`: bytes unpacked of other members.
    """
    parts, size = [], 0
    with archive.open(info) as member:
        while chunk := member.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                return None
            if not (limits.allows_ratio(packed[0], size) and limits.allows_ratio(packed[1], done + size)):
                return _BOMB
            parts.append(chunk)
    return b"".join(parts)


def _name(info: zipfile.ZipInfo) -> str:
    """The member's path; without the UTF-8 mark it is in the DOS code page of Cyrillic Windows."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("cp866")
    return name.replace("\\", "/")


def _is_outside(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or ":" in name or any(ord(char) < 32 for char in name)


def _is_clutter(name: str) -> bool:
    return name.startswith(_CLUTTER[0]) or name.rpartition("/")[2] in _CLUTTER[1:]


def _is_workbook(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(name in archive.NameToInfo for name in _WORKBOOK)
    except (zipfile.BadZipFile, OSError, ValueError, LookupError, NotImplementedError):
        return False
