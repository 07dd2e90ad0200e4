"""1CClientBankExchange: what a bank may write, and what must never be imported."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.bank_formats import StatementFormatError, parse_statement

OWN = "KZ79722S000001674774"
PAYER = "KZ698562203124676325"


def document(number="17", keys=None, **changes):
    values = {
        "НомерДокумента": number,
        "ДатаДокумента": "14.09.2026",
        "ПлательщикНаименование": 'ТОО "Альфа"',
        "ПлательщикБИН_ИИН": "200940008138",
        "ПлательщикИИК": PAYER,
        "ПлательщикБанкБИК": "KCJBKZKX",
        "ПолучательНаименование": 'ТОО "Строймир"',
        "ПолучательБИН_ИИН": "181140004063",
        "ПолучательИИК": OWN,
        "СуммаПриход": "1500.50",
        "ДатаОперации": "15.09.2026",
        "НазначениеПлатежа": "За товары. Оплата по счету 12",
        "КодНазначенияПлатежа": "710",
    }
    values.update(keys or {})
    values.update(changes)
    lines = [f"{key}={value}" for key, value in values.items() if value is not None]
    return ["СекцияДокумент=выписка", *lines, "КонецДокумента"]


def file(
    *documents, opening="100", closing="1600.50", credited="1500.50", debited="0", end=True, account=OWN
):
    head = ["1CClientBankExchange", "ВерсияФормата=1.01", "Кодировка=Windows", f"РасчСчет={account}"]
    section = [
        "СекцияРасчСчет",
        "ДатаНачала=15.09.2026",
        "ДатаКонца=15.09.2026",
        f"РасчСчет={account}",
        f"НачальныйОстаток={opening}",
        f"ВсегоПоступило={credited}",
        f"ВсегоСписано={debited}",
        f"КонечныйОстаток={closing}",
        "КонецРасчСчет",
    ]
    body = [line for one in documents for line in one]
    return "\r\n".join(head + section + body + (["КонецФайла"] if end else [])) + "\r\n"


def read(text, encoding="utf-8"):
    return parse_statement(text.encode(encoding), "kaspi.txt")


def error(text):
    with pytest.raises(StatementFormatError) as caught:
        parse_statement(text.encode(), "kaspi.txt")
    return caught.value


def codes(statement):
    return {notice.code for notice in statement.warnings}


def test_kaspi_style_receipt_is_read_with_all_its_fields():
    (statement,) = read(file(document()))
    (line,) = statement.transactions
    assert (statement.account, statement.opening, statement.closing) == (OWN, 100, Decimal("1600.50"))
    assert (line.date, line.amount) == (date(2026, 9, 15), Decimal("1500.50"))
    assert line.counterparty_name == 'ТОО "Альфа"'
    assert (line.counterparty_tax_id, line.counterparty_account) == ("200940008138", PAYER)
    assert (line.purpose_code, line.document_number) == ("710", "17")
    assert line.line == 14
    assert not statement.incomplete
    assert not statement.warnings


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "koi8-r", "utf-8", "utf-8-sig", "utf-16"])
def test_encoding_is_found_by_content_not_by_the_header(encoding):
    (statement,) = read(file(document()).replace("№", "N"), encoding)
    assert statement.transactions[0].counterparty_name == 'ТОО "Альфа"'


def test_kazakh_code_page_is_recognised():
    text = file(document(НазначениеПлатежа="Тауар үшін төлем, қазан айы"))
    (statement,) = parse_statement(text.encode("kz1048"))
    assert statement.transactions[0].purpose == "Тауар үшін төлем, қазан айы"


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_line_ends_of_any_kind(end):
    (statement,) = read(file(document()).replace("\r\n", end))
    assert len(statement.transactions) == 1


def test_a_unicode_line_separator_does_not_cut_a_purpose():
    (statement,) = read(file(document(НазначениеПлатежа="Оплата\u2028по счету\x0b12")))
    assert statement.transactions[0].purpose == "Оплата по счету 12"


def test_amount_in_both_sum_keys_is_counted_once():
    (statement,) = read(file(document(Сумма="1500.50")))
    assert statement.transactions[0].amount == Decimal("1500.50")


def test_outgoing_payment_is_negative_and_names_the_receiver():
    out = document(
        СуммаПриход=None,
        СуммаРасход="40",
        ПлательщикИИК=OWN,
        ПолучательИИК=PAYER,
        ПолучательНаименование="ИП Берик",
    )
    (statement,) = read(file(out, credited="0", debited="40", closing="60"))
    (line,) = statement.transactions
    assert (line.amount, line.counterparty_name) == (-40, "ИП Берик")
    assert not statement.warnings


def test_keys_in_capitals_and_indented_lines():
    text = "\n".join(
        " " + line.partition("=")[0].upper() + "".join(line.partition("=")[1:])
        for line in file(document()).splitlines()[1:]
    )
    (statement,) = read("1CClientBankExchange\n" + text)
    assert len(statement.transactions) == 1


def test_purpose_over_several_lines_is_joined():
    lines = document()
    lines.insert(-1, "и по счету 13 = доплата")
    (statement,) = read(file(lines))
    assert statement.transactions[0].purpose == "За товары. Оплата по счету 12"
    last = document(КодНазначенияПлатежа=None)
    last.insert(-1, "и по счету 13 = доплата")
    (statement,) = read(file(last))
    assert statement.transactions[0].purpose == "За товары. Оплата по счету 12 и по счету 13 = доплата"


def test_second_amount_inside_a_document_never_replaces_the_first():
    lines = document()
    lines.insert(-1, "СуммаПриход=999999")
    (statement,) = read(file(lines))
    assert statement.transactions[0].amount == Decimal("1500.50")
    assert "repeated_key" in codes(statement)


RU = {"СуммаПриход": None, "ПлательщикИИК": None, "ПолучательИИК": None, "ДатаОперации": None, "Сумма": "700"}


def test_russian_keys_with_one_date_key_empty():
    line = document(
        keys=RU, ПлательщикСчет=PAYER, ПолучательСчет=OWN, ДатаПоступило="15.09.2026", ДатаСписано=""
    )
    (statement,) = read(file(line, credited="700", closing="800"))
    assert statement.transactions[0].amount == 700
    assert not statement.warnings


def test_direction_that_nothing_tells_is_listed_and_not_imported():
    strange = document(
        keys=RU, ПлательщикСчет="KZ1", ПолучательСчет="KZ2", ПолучательБИН_ИИН=None, ПлательщикБИН_ИИН=None
    )
    (statement,) = read(file(document(), strange))
    assert len(statement.transactions) == 1
    assert [(u.code, u.line) for u in statement.unread] == [("direction_unknown", 29)]
    assert statement.incomplete


def test_account_and_amount_key_that_contradict_each_other_are_listed():
    (statement,) = read(file(document(ПолучательИИК=PAYER, ПлательщикИИК=OWN)))
    assert [u.code for u in statement.unread] == ["direction_contradicts"]


@pytest.mark.parametrize("amount", ["12..34", "сто", "1 2,3,4.5.6", "NaN", "1e9", "9" * 40])
def test_amount_that_is_no_number_is_listed(amount):
    (statement,) = read(file(document(СуммаПриход=amount)))
    assert not statement.transactions
    assert [u.code for u in statement.unread] == ["amount_unreadable"]


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("160000", "160000"),
        ("202742.8", "202742.8"),
        ("1 506 100,50", "1506100.50"),
        ("3,320,150.00", "3320150"),
    ],
)
def test_amounts_as_banks_write_them(written, amount):
    (statement,) = read(file(document(СуммаПриход=written)))
    assert statement.transactions[0].amount == Decimal(amount)


def test_zero_documents_are_skipped_and_counted():
    (statement,) = read(file(document(), document(СуммаПриход="0.00")))
    assert len(statement.transactions) == 1
    assert "zero_lines" in codes(statement)
    assert not statement.incomplete


def test_negative_plain_amount_is_listed_not_turned_round():
    line = document(keys=RU, Сумма="-5", ПлательщикСчет=PAYER, ПолучательСчет=OWN)
    (statement,) = read(file(line))
    assert [u.code for u in statement.unread] == ["negative_amount"]


def test_equal_payments_of_one_day_are_two_with_their_own_fingerprints():
    (statement,) = read(file(document(), document()))
    assert [t.ordinal for t in statement.transactions] == [1, 2]
    assert len({t.fingerprint for t in statement.transactions}) == 2


def test_fingerprint_is_the_same_in_an_overlapping_file():
    one = read(file(document()))[0].transactions[0]
    other = read(file(document("18", СуммаПриход="5"), document(), account=OWN.lower()), "cp1251")[0]
    assert one.fingerprint == other.transactions[1].fingerprint


def test_operation_written_as_entry_and_as_order_is_kept_once():
    order = document()
    order[0] = "СекцияДокумент=ПлатежноеПоручение"
    (statement,) = read(file(document(), order))
    assert len(statement.transactions) == 1
    assert "doubles_dropped" in codes(statement)


def test_transfer_between_two_own_accounts_is_one_line_in_each():
    other = "KZ356017121000001925"
    line = document(keys=RU, ПлательщикСчет=OWN, ПолучательСчет=other, ДатаСписано="15.09.2026")
    text = file(line).replace("СекцияРасчСчет\r\n", f"РасчСчет={other}\r\nСекцияРасчСчет\r\n", 1)
    first, second = read(text)
    assert [t.amount for t in (*first.transactions, *second.transactions)] == [-700, 700]
    assert all(t.own_transfer for t in (*first.transactions, *second.transactions))


def test_sections_per_day_give_the_first_opening_and_the_last_closing():
    text = file(document())
    section = text[text.index("СекцияРасчСчет") : text.index("СекцияДокумент")]
    later = (
        section.replace("15.09.2026", "16.09.2026")
        .replace("=100", "=1600.50")
        .replace("Остаток=1600.50\r\nКонец", "Остаток=1600.50\r\nКонец")
        .replace("Поступило=1500.50", "Поступило=0")
    )
    (statement,) = read(text.replace(section, later + section))
    assert (statement.opening, statement.closing) == (100, Decimal("1600.50"))
    assert statement.date_to == date(2026, 9, 16)
    assert not statement.incomplete


def test_balances_that_do_not_tie_out_warn_and_mark_the_statement():
    (statement,) = read(file(document(), closing="1700"))
    assert "closing_balance_differs" in codes(statement)
    assert statement.incomplete


# --- wrong and cut files ---------------------------------------------------
def test_document_cut_at_the_end_of_the_file_names_the_line():
    text = file(document(), document("18"))
    cut = text[: text.index("КодНазначенияПлатежа", text.index("НомерДокумента=18"))]
    caught = error(cut)
    assert (caught.code, caught.filename, caught.line) == ("file_cut_off", "kaspi.txt", 41)
    assert caught.params == {"document": "18", "start": 29}
    assert "kaspi.txt" in str(caught)
    assert "line 41" in str(caught)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_cut_at_every_byte_of_the_last_document_is_an_error(encoding):
    data = file(document(), document("18"), end=False).strip().encode(encoding)
    start = data.rindex("СекцияДокумент=выписка".encode(encoding)) + len("СекцияДокумент".encode(encoding))
    for size in range(start, len(data)):
        with pytest.raises(StatementFormatError):
            parse_statement(data[:size])
    assert len(parse_statement(data)[0].transactions) == 2


def test_end_of_file_mark_missing_after_a_complete_document_is_a_warning():
    (statement,) = read(file(document(), end=False))
    assert codes(statement) == {"end_of_file_missing"}
    assert len(statement.transactions) == 1


def test_section_that_opens_within_another_closes_it_with_a_warning():
    (statement,) = read(file(document()[:-1], document("18")))
    assert len(statement.transactions) == 2
    assert "section_not_closed" in codes(statement)


def test_payment_orders_are_refused():
    order = document(keys=RU, ПлательщикСчет=OWN, ПолучательСчет=PAYER)
    text = "\n".join(["1CClientBankExchange", f"РасчСчет={OWN}", *order, "КонецФайла"])
    assert error(text).code == "order_export"


def test_two_files_in_one_are_refused():
    assert error(file(document()) * 2).code == "content_after_end"


def test_destroyed_letters_are_refused():
    caught = error(file(document()).replace("Получатель", "\ufffd" * 10))
    assert (caught.code, caught.line) == ("destroyed_letters", 21)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\x00\x00\r\n", "empty_file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 9, "unknown_format"),
        (b"hello world", "unknown_format"),
        (b"1CClientBankExchange\n", "nothing_in_file"),
        (b"x;y\n1CClientBankExchange\n", "first_line_wrong"),
        (b"%PDF-1.7 \n;\n;", "pdf_not_supported"),
        (b"PK\x03\x04abc", "archive_broken"),
        (b"a" * (20 * 1024 * 1024 + 1), "too_large"),
        (b"1CClientBankExchange" + b"\n" * 2_000_001, "too_many_lines"),
    ],
)
def test_what_is_no_statement_is_refused_by_name(data, code):
    with pytest.raises(StatementFormatError) as caught:
        parse_statement(data, "file")
    assert caught.value.code == code


# --- properties ------------------------------------------------------------
amounts = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("99999999"), places=2)
texts = st.text(alphabet="абвгдеёжАБВ №12/=.,- \"'abcXYZ", max_size=40)


@given(st.lists(st.tuples(amounts, st.booleans(), texts), min_size=1, max_size=8))
def test_what_is_written_is_read_again(rows):
    documents = [
        document(
            str(index),
            СуммаПриход=str(amount) if incoming else None,
            СуммаРасход=None if incoming else str(amount),
            ПлательщикИИК=PAYER if incoming else OWN,
            ПолучательИИК=OWN if incoming else PAYER,
            НазначениеПлатежа=text,
        )
        for index, (amount, incoming, text) in enumerate(rows)
    ]
    credited = sum(amount for amount, incoming, _text in rows if incoming)
    debited = sum(amount for amount, incoming, _text in rows if not incoming)
    (statement,) = read(
        file(*documents, credited=credited, debited=debited, closing=100 + credited - debited), "cp1251"
    )
    assert [t.amount for t in statement.transactions] == [a if incoming else -a for a, incoming, _t in rows]
    assert [t.purpose for t in statement.transactions] == [" ".join(text.split()) for _a, _i, text in rows]
    assert not statement.incomplete


@given(st.data())
def test_a_damaged_file_is_read_or_refused_by_name(data):
    raw = bytearray(file(document(), document("18")).encode(data.draw(st.sampled_from(["utf-8", "cp1251"]))))
    for _ in range(data.draw(st.integers(1, 6))):
        position = data.draw(st.integers(0, len(raw) - 1))
        change = data.draw(st.sampled_from(["flip", "drop", "copy"]))
        if change == "flip":
            raw[position] = data.draw(st.integers(0, 255))
        elif change == "drop":
            del raw[position : position + data.draw(st.integers(1, 40))]
        else:
            raw[position:position] = raw[position : position + 30]
        if not raw:
            break
    try:
        statements = parse_statement(bytes(raw), "damaged.txt")
    except StatementFormatError:
        return
    for statement in statements:
        assert all(transaction.amount for transaction in statement.transactions)
