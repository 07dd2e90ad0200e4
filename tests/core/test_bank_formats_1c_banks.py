"""1CClientBankExchange as each bank writes it, and round trips of every field."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_bank_formats_1c import OWN, PAYER, RU, codes, document, file, read
from writers import client_bank_1c, strategies

from core.bank_formats import StatementFormatError, parse_statement

TEXT = "абвгдеёжзЖШЩ ABCxyz0123456789№.,;:-/()=«»%\"'&<>"
KAZAKH = "Тауар үшін төлем қазанғағымұнөөһӘҒҚҢӨҰҮҺ "


def plain(alphabet):
    """Texts without a long number: before a name it is a tax number to the reader."""
    return strategies.texts(alphabet).filter(lambda value: not re.search(r"[0-9]{10}", value))


def line_of(text, encoding="utf-8"):
    (statement,) = read(text, encoding)
    (line,) = statement.transactions
    return line


# --- round trips -----------------------------------------------------------
@pytest.mark.parametrize(
    ("keys", "fields", "account"),
    [
        (client_bank_1c.kazakh, client_bank_1c.KZ_FIELDS, OWN),
        (client_bank_1c.russian, client_bank_1c.RU_FIELDS, "40702810900000012345"),
    ],
)
@given(st.data())
def test_what_is_written_is_read_again(keys, fields, account, data):
    """The file names no currency but in its operations, so there is one at least."""
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1251", "cp866"]))
    currency = "KZT" if account == OWN else "RUB"
    # cp866 has no quotation marks of this form.
    text = plain(TEXT.replace("«", "").replace("»", "") if encoding == "cp866" else TEXT)
    written = data.draw(strategies.statements(fields, text, account, currency, sizes=(1, 6)))
    end = data.draw(st.sampled_from(["\n", "\r\n", "\r"]))
    (statement,) = parse_statement(client_bank_1c.write([written], keys, encoding, end))
    assert strategies.picked(statement, fields) == strategies.picked(written, fields)
    assert not statement.incomplete
    assert (statement.date_from, statement.date_to) == (written.date_from, written.date_to)


@given(st.data())
def test_kazakh_letters_of_kz1048(data):
    fields = client_bank_1c.KZ_FIELDS
    text = strategies.texts(KAZAKH).map(lambda value: f"{value} қңү".strip())
    written = data.draw(strategies.statements(fields, text, sizes=(1, 3)))
    (statement,) = parse_statement(client_bank_1c.write([written], encoding="kz1048"))
    assert strategies.picked(statement, fields) == strategies.picked(written, fields)


@given(st.data())
def test_two_accounts_in_one_file(data):
    fields = client_bank_1c.KZ_FIELDS
    accounts = (OWN, "KZ19563D350000091934")
    written = [data.draw(strategies.statements(fields, plain(TEXT), own, sizes=(1, 4))) for own in accounts]
    found = parse_statement(client_bank_1c.write(written))
    for one, other in zip(found, written, strict=True):
        assert strategies.picked(one, fields) == strategies.picked(other, fields)


# --- banks -----------------------------------------------------------------
def test_bcc_writes_the_amount_twice_and_quotes_the_section():
    text = file(
        document("NT-475719", Сумма="160000", СуммаПриход="160000"), credited="160000", closing="160100"
    )
    line = line_of(text.replace("=выписка", '="Выписка"').replace("Кодировка=Windows\r\n", ""), "cp1251")
    assert (line.amount, line.document_number, line.document_kind) == (160000, "NT-475719", "Выписка")


def test_jusan_writes_markers_in_capitals_and_the_encoding_first():
    head = ("ВерсияФормата=1.01\r\nКодировка=Windows", "Кодировка=windows-1251\r\nВерсияФормата=2.00")
    text = file(document()).replace(*head)
    for marker in ("СекцияРасчСчет", "КонецРасчСчет", "СекцияДокумент", "КонецДокумента", "КонецФайла"):
        text = text.replace(marker, marker.upper())
    assert line_of(text, "cp1251").amount == Decimal("1500.50")


def test_halyk_has_no_header_and_a_section_for_each_day():
    text = file(document(), document("18", СуммаПриход="5"), closing="1605.50", credited="1505.50")
    head, rest = text.split("СекцияРасчСчет\r\n", 1)
    section, documents = rest.split("КонецРасчСчет\r\n", 1)
    days = []
    for day, opening, credited, closing in (
        ("15.09.2026", "100", "1500.50", "1600.50"),
        ("16.09.2026", "1600.50", "5", "1605.50"),
    ):
        days.append(
            f"СЕКЦИЯРАСЧСЧЕТ\r\nДАТАНАЧАЛА={day}\r\nДатаКонца={day}\r\nРАСЧСЧЕТ={OWN}\r\nНАЧАЛЬНЫЙОСТАТОК={opening}\r\n"
            f"ВСЕГОПОСТУПИЛО={credited}\r\nВсегоСписано=0\r\nКОНЕЧНЫЙОСТАТОК={closing}\r\nКОНЕЦРАСЧСЧЕТ\r\n"
        )
    assert head
    assert section
    (statement,) = read("1CClientBankExchange\r\n" + "".join(days) + documents)
    assert (statement.opening, statement.closing) == (100, Decimal("1605.50"))
    assert not statement.incomplete


def test_kazpost_indents_continues_the_purpose_and_has_no_turnovers():
    body = []
    for line in document(СуммаПриход="10", КодНазначенияПлатежа=None):
        key, equals, value = line.partition("=")
        body.append(f" {key.upper()}{equals}{value}")
    lines = [
        "1CClientBankExchange",
        " СЕКЦИЯРАСЧСЧЕТ",
        f" РАСЧСЧЕТ={OWN}",
        " НАЧАЛЬНЫЙОСТАТОК=100",
        " КОНЕЧНЫЙОСТАТОК=110",
        " КОНЕЦРАСЧСЧЕТ",
        *body,
    ]
    lines[-1:-1] = [" за сентябрь", " и октябрь"]
    (statement,) = read("\n".join([*lines, " КОНЕЦФАЙЛА"]))
    assert statement.transactions[0].purpose == "За товары. Оплата по счету 12 за сентябрь и октябрь"
    assert not statement.incomplete


def order_of(number="17", **changes):
    lines = document(number, **changes)
    lines[0] = "СекцияДокумент=ПлатежноеПоручение"
    return lines


def test_forte_doubles_are_dropped_though_the_order_has_another_day():
    entry = document(СуммаПриход=None, СуммаДоход="1500.50")
    (statement,) = read(file(entry, order_of(ДатаОперации="11.09.2026")))
    assert [line.amount for line in statement.transactions] == [Decimal("1500.50")]
    assert "doubles_dropped" in codes(statement)
    assert not statement.incomplete


def test_doubles_are_kept_when_the_balances_need_both():
    (statement,) = read(file(document(), order_of(), closing="3101", credited="3001"))
    assert len(statement.transactions) == 2
    assert not statement.warnings


def test_sberbank_section_covers_the_last_day_only():
    early = document("16", ДатаОперации="10.09.2026", СуммаПриход="7")
    (statement,) = read(file(early, document()))
    assert len(statement.transactions) == 2
    assert "credits_differ" in codes(statement)


def test_alfa_ends_with_the_statement_before_the_file():
    (statement,) = read(file(document()).replace("КонецФайла", "КонецВыписки\r\nКонецФайла"))
    assert not statement.warnings
    (statement,) = read(file(document()).replace("КонецФайла", "КонецВыписки"))
    assert codes(statement) <= {"end_of_file_missing"}


def test_account_of_the_party_when_the_plain_one_is_the_correspondent():
    line = document(
        keys=RU,
        ПлательщикСчет="30101810400000000225",
        ПлательщикРасчСчет="40702810801500116391",
        ПолучательСчет="30101810400000000999",
        ПолучательРасчСчет=OWN,
    )
    found = line_of(file(line, credited="700", closing="800"))
    assert (found.amount, found.counterparty_account) == (700, "40702810801500116391")


@pytest.mark.parametrize(
    ("written", "name", "tax_id"),
    [
        ("ИНН 7700000000 ООО Ромашка", "ООО Ромашка", "7700000000"),
        ("7700000000, ООО Ромашка", "ООО Ромашка", "7700000000"),
        ("БИН: 200940008138 ТОО Альфа", "ТОО Альфа", "200940008138"),
        ("ООО Ромашка", "ООО Ромашка", ""),
    ],
)
def test_tax_number_within_the_name(written, name, tax_id):
    line = line_of(file(document(ПлательщикНаименование=None, ПлательщикБИН_ИИН=None, Плательщик1=written)))
    assert (line.counterparty_name, line.counterparty_tax_id) == (name, tax_id)


def test_purpose_in_pieces_counts_only_without_the_whole():
    pieces = {f"НазначениеПлатежа{n}": f"часть {n}" for n in range(1, 4)}
    assert line_of(file(document(НазначениеПлатежа="", **pieces))).purpose == "часть 1 часть 2 часть 3"
    assert line_of(file(document(НазначениеПлатежа="целое", **pieces))).purpose == "целое"


def test_real_payer_beside_the_account_owner():
    line = line_of(file(document(ФактическийПлательщик="ИП Берик", ФактическийПлательщикИИН="850101300123")))
    assert (line.ultimate_name, line.ultimate_tax_id) == ("ИП Берик", "850101300123")
    assert line.counterparty_tax_id == "200940008138"


def test_account_with_blanks_small_and_cyrillic_letters_is_the_own_one():
    written = OWN.replace("KZ", "кz").replace("79722", " 79722 ").replace("K", "К")
    assert line_of(file(document(ПолучательИИК=written))).amount == Decimal("1500.50")


def test_misspelt_account_key():
    line = document(ПлательщикИИК=None, ПлательщикИК=PAYER)
    assert line_of(file(line)).counterparty_account == PAYER


@pytest.mark.parametrize(
    ("written", "code"), [("398", "KZT"), ("kzt", "KZT"), ("RUR", "RUB"), ("643", "RUB"), ("USD", "USD")]
)
def test_currency_by_letters_or_number(written, code):
    assert line_of(file(document(Валюта=written))).currency == code


def test_mixture_of_russian_and_kazakh_keys_with_a_comma():
    keys = {"СуммаПриход": None, "ПолучательИИК": None, "ДатаОперации": None, "НомерДокумента": None}
    line = document(keys=keys, Номер="5", Сумма="1500,50", ПолучательСчет=OWN, ДатаПоступило="15.09.2026")
    found = line_of(file(line))
    assert (found.amount, found.document_number) == (Decimal("1500.50"), "5")


def test_account_section_without_an_account():
    """The account that stands in every document is the own one."""
    other = document("18", СуммаПриход="1", ПлательщикИИК="KZ356017121000001925")
    (statement,) = read(file(document(), other, account="", credited="1501.50", closing="1601.50"))
    assert statement.account == OWN
    assert [line.amount for line in statement.transactions] == [Decimal("1500.50"), 1]
    assert not statement.incomplete


def test_unknown_keys_stay_in_the_raw_values():
    line = line_of(file(document(НеизвестноеСвойство="да")))
    assert ("НеизвестноеСвойство", "да") in line.raw


def test_letters_lost_within_a_value_are_told():
    (statement,) = read(file(document(НазначениеПлатежа="Оплата \ufffd\ufffd")))
    assert [(n.code, n.line) for n in statement.warnings] == [("letters_lost", 26)]


def test_byte_order_mark_and_dos_end_of_file():
    assert line_of("\ufeff\r\n" + file(document()) + "\x1a").amount == Decimal("1500.50")


@pytest.mark.parametrize("encoding", ["cp866", "utf-16", "koi8-r"])
def test_cut_at_every_byte_of_the_last_document(encoding):
    data = file(document(), document("18"), end=False).strip().encode(encoding)
    start = data.rindex("СекцияДокумент=выписка".encode(encoding)[2 * (encoding == "utf-16") :]) + 30
    for size in range(start, len(data) - 1, 3):
        with pytest.raises(StatementFormatError):
            parse_statement(data[:size])
