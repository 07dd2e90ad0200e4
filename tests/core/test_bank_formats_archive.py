"""Archives of bank files: what they hold, and what they may not do to us."""

import io
import struct
import zipfile

import pytest
from test_bank_formats_1c import OWN, document, file

from core.bank_formats import Limits, StatementFormatError, parse_statement, unpack

KASPI = file(document()).encode()


def archive(*members, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as packed:
        for name, content in members:
            # Without the time of day: two workers of the test run have to see the same bytes.
            packed.writestr(zipfile.ZipInfo(name), content, method)
    return buffer.getvalue()


def refused(data, limits=None):
    with pytest.raises(StatementFormatError) as caught:
        unpack(data, "files.zip", limits)
    assert caught.value.filename == "files.zip"
    with pytest.raises(StatementFormatError) as parsed:
        parse_statement(data, "files.zip", limits=limits)
    assert parsed.value.code == caught.value.code
    return caught.value


def test_a_file_that_is_no_archive_is_the_only_one_it_holds():
    assert unpack(KASPI, "kaspi.txt") == [("kaspi.txt", KASPI)]


def test_a_workbook_is_one_file():
    book = archive(("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<workbook/>"))
    assert unpack(book, "book.xlsx") == [("book.xlsx", book)]
    assert unpack(archive(("book.xlsx", book))) == [("book.xlsx", book)]


def test_members_come_in_their_order_and_without_clutter():
    packed = archive(
        ("2026/", b""), ("2026/b.txt", b"b"), ("a.txt", b"a"), ("__MACOSX/a.txt", b"x"), ("q/.DS_Store", b"x")
    )
    assert unpack(packed) == [("2026/b.txt", b"b"), ("a.txt", b"a")]


def test_every_file_of_an_archive_is_read():
    statements = parse_statement(archive(("a.txt", KASPI), ("b.txt", KASPI)), "files.zip")
    assert [statement.account for statement in statements] == [OWN, OWN]


def test_an_error_names_the_file_within_the_archive():
    with pytest.raises(StatementFormatError) as caught:
        parse_statement(archive(("a.txt", KASPI), ("b.txt", b"hello")), "files.zip")
    assert (caught.value.code, caught.value.filename) == ("unknown_format", "b.txt")


def test_cyrillic_name_of_an_old_packer():
    packed = archive(("vypiska.txt", b"a")).replace(b"vypiska.txt", "выписка.txt".encode("cp866"))
    assert unpack(packed) == [("выписка.txt", b"a")]


def test_bomb_is_refused_before_it_is_unpacked():
    bomb = archive(("big.txt", b"0" * 3_000_000))
    assert len(bomb) < 10_000
    assert refused(bomb, Limits(bytes=1024 * 1024)).code == "archive_too_large"


def test_many_small_members_are_bounded_together():
    packed = archive(*((f"{i}.txt", b"0" * 100_000) for i in range(20)))
    assert refused(packed, Limits(unpacked_bytes=1_500_000)).code == "archive_too_large"


def test_size_that_the_archive_claims_is_not_believed():
    """The header says 10 bytes, the stream holds three million."""
    packed = bytearray(archive(("big.txt", b"0" * 3_000_000)))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", packed, packed.index(signature) + offset, 10)
    error = refused(bytes(packed), Limits(bytes=1024 * 1024))
    assert error.code in ("archive_too_large", "archive_broken")


def test_too_many_members():
    packed = archive(*((f"{i}.txt", b"0") for i in range(11)))
    error = refused(packed, Limits(members=10))
    assert (error.code, error.params) == ("archive_too_many", {"limit": 10})


@pytest.mark.parametrize("name", ["../../b.txt", "/b.txt", "a/../../b.txt", "C:\\x.txt", "..\\x.txt"])
def test_names_that_point_outside(name):
    assert refused(archive((name, b"x"))).code == "archive_path"


def test_password():
    packed = bytearray(archive(("a.txt", KASPI)))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(signature) + offset] |= 1
    error = refused(bytes(packed))
    assert (error.code, error.params) == ("archive_encrypted", {"member": "a.txt"})


def test_archive_in_an_archive():
    assert refused(archive(("inner.zip", archive(("a.txt", KASPI))))).code == "archive_nested"


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04", b"PK\x03\x04" + bytes(100), archive(("a.txt", KASPI))[:-30]],
    ids=["signature alone", "zeros", "cut"],
)
def test_broken(data):
    assert refused(data).code == "archive_broken"


def test_content_that_was_damaged():
    packed = bytearray(archive(("a.txt", KASPI), method=zipfile.ZIP_STORED))
    packed[packed.index(b"CClient")] ^= 1
    assert refused(bytes(packed)).code == "archive_broken"


def test_unknown_packing_method():
    packed = bytearray(archive(("a.txt", KASPI)))
    for signature, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", packed, packed.index(signature) + offset, 97)
    assert refused(bytes(packed)).code == "archive_method"


def test_empty():
    assert refused(archive()).code == "archive_empty"


# --- how tightly a bomb is packed ------------------------------------------
ZEROS = b"0" * (12 * 1024 * 1024)


def test_bomb_is_known_by_how_tightly_it_is_packed():
    """Within every limit of size, a thousand times larger than packed."""
    bomb = archive(("kaspi.txt", KASPI), ("big.txt", ZEROS))
    error = refused(bomb)
    assert (error.code, error.params) == ("archive_ratio", {"member": "big.txt", "limit": 100})
    assert len(unpack(bomb, "files.zip", Limits(ratio=1100))) == 2


def test_members_that_lie_on_top_of_each_other_are_counted_together():
    """One packed text named by many entries: each is no bomb, all of them are."""
    text = b"".join(b"%d;" % (number * 7919) for number in range(150_000))
    names = [f"{i:03}.txt" for i in range(150)]
    packed = archive((names[0], text))
    start = packed.index(b"PK\x01\x02")
    end = packed.index(b"PK\x05\x06")
    entry, tail = packed[start:end], bytearray(packed[end:])
    # The directory names the same place again and again; zipfile looks whether the names agree.
    directory = entry * len(names)
    struct.pack_into("<HHI", tail, 8, len(names), len(names), len(directory))
    bomb = packed[:start] + directory + bytes(tail)
    assert len(text) < 100 * len(packed)
    assert refused(bomb, Limits(unpacked_bytes=10**9)).code in ("archive_ratio", "archive_broken")


def test_a_workbook_is_no_bomb_either():
    book = archive(
        ("[Content_Types].xml", "<Types/>"),
        ("xl/workbook.xml", "<workbook/>"),
        ("xl/worksheets/sheet1.xml", ZEROS),
    )
    with pytest.raises(StatementFormatError) as caught:
        parse_statement(book, "book.xlsx")
    assert (caught.value.code, caught.value.params["member"]) == ("archive_ratio", "xl/worksheets/sheet1.xml")


def test_large_statement_of_equal_lines_is_no_bomb():
    text = "Дата;Дебет;Кредит;Назначение\n" + "".join(
        f"15.09.2026;;{number}.00;Оплата по счету № {number} от 1 сентября\n" for number in range(1, 60_000)
    )
    assert len(parse_statement(archive(("big.csv", text.encode())), "big.zip")[0].transactions) == 59_999
