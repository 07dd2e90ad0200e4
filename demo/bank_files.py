"""Bank files as Kazakh banks write them, from plain data.

`kaspi_1c`: 1CClientBankExchange 1.01 of Kaspi Business: says "Windows" and is UTF-8, CRLF, amounts only in
СуммаПриход and СуммаРасход. `csv_statement`: the columns of a Halyk-like export, `;`, cp1251, decimal comma.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .identifiers import BANKS

#: letters of the Kazakh alphabet that cp1251 does not have, and what banks write for them
_CP1251 = str.maketrans("ӘәҒғҚқҢңӨөҰұҮүҺһ", "АаГгКкНнОоУуУуХх")
CSV_HEADER = (
    "Дата",
    "Номер документа",
    "Дебет",
    "Кредит",
    "Контрагент",
    "БИН",
    "ИИК",
    "КНП",
    "Детали платежа",
)


@dataclass(frozen=True, slots=True)
class BankLine:
    """One operation: `amount` in KZT, positive when it came in; `expected`: what matching makes of it.

    expected: "applied", "suggested" or "manual"; "unsure" for either of the last two (a suggestion where the
    payer owes one thing only, which the day decides); empty when nobody should rely on it. `case` says in
    a few words what the line is there for, `journal` on which of our accounts it came.
    """

    number: str
    date: date
    amount: Decimal
    name: str
    tax_id: str
    account: str
    kbe: str
    knp: str
    purpose: str
    expected: str = ""
    case: str = ""
    journal: str = "kaspi"

    @property
    def outcomes(self):
        """The states that a match of this line may be in."""
        return ("suggested", "manual") if self.expected == "unsure" else (self.expected,)


@dataclass(frozen=True, slots=True)
class BankStatement:
    """The operations of one own account in a period; the closing balance follows from the lines."""

    account: str
    owner: str
    owner_tax_id: str
    date_from: date
    date_to: date
    opening: Decimal
    lines: tuple

    @property
    def credited(self):
        return sum((line.amount for line in self.lines if line.amount > 0), Decimal(0))

    @property
    def debited(self):
        return -sum((line.amount for line in self.lines if line.amount < 0), Decimal(0))

    @property
    def closing(self):
        return self.opening + self.credited - self.debited


def kaspi_1c(statement):
    """The statement as Kaspi Business writes it for 1C, as bytes."""
    day = _day
    period = [
        f"ДатаНачала={day(statement.date_from)}",
        f"ДатаКонца={day(statement.date_to)}",
        f"РасчСчет={statement.account}",
    ]
    rows = [
        "1CClientBankExchange",
        "ВерсияФормата=1.01",
        "Кодировка=Windows",
        "Получатель=1C",
        *period,
        "СекцияРасчСчет",
        *period,
        f"НачальныйОстаток={statement.opening:.2f}",
        f"ВсегоПоступило={statement.credited:.2f}",
        f"ВсегоСписано={statement.debited:.2f}",
        f"КонечныйОстаток={statement.closing:.2f}",
        "КонецРасчСчет",
    ]
    for line in statement.lines:
        own = (statement.owner, statement.owner_tax_id, statement.account, "17")
        other = (line.name, line.tax_id, line.account, line.kbe)
        receiver, payer = (own, other) if line.amount > 0 else (other, own)
        rows += [
            "СекцияДокумент=выписка",
            f"НомерДокумента={line.number}",
            f"ДатаДокумента={day(line.date)}",
            "ВидДокумента=Платежное поручение",
            *_party("Получатель", *receiver),
            *_party("Плательщик", *payer),
            f"{'СуммаПриход' if line.amount > 0 else 'СуммаРасход'}={abs(line.amount):.2f}",
            f"ДатаОперации={day(line.date)}",
            f"НазначениеПлатежа={line.purpose}",
            f"КодНазначенияПлатежа={line.knp}",
            "КонецДокумента",
        ]
    rows.append("КонецФайла")
    return ("\r\n".join(rows) + "\r\n").encode()


def _party(side, name, tax_id, account, kbe):
    return [
        f"{side}Наименование={name}",
        f"{side}БИН_ИИН={tax_id}",
        f"{side}ИИК={account}",
        f"{side}БанкБИК={BANKS[account[4:7]][0] if account[4:7] in BANKS else ''}",
        f"{side}КБЕ={kbe}",
    ]


def csv_statement(statement):
    """The statement as a CSV export in the style of Halyk, as bytes; in cp1251 Kazakh letters lose tails."""
    rows = [CSV_HEADER]
    for line in statement.lines:
        debit, credit = ("", _comma(line.amount)) if line.amount > 0 else (_comma(-line.amount), "")
        rows.append(
            (
                _day(line.date),
                line.number,
                debit,
                credit,
                line.name,
                line.tax_id,
                line.account,
                line.knp,
                line.purpose,
            )
        )
    text = "\r\n".join(";".join(_cell(cell) for cell in row) for row in rows) + "\r\n"
    return text.translate(_CP1251).encode("cp1251", "replace")


def _cell(text):
    if any(char in text for char in ';"\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _comma(amount):
    return f"{amount:.2f}".replace(".", ",")


def _day(day):
    return day.strftime("%d.%m.%Y")
