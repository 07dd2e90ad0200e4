"""Statements for hypothesis: every field filled or empty, balances that tie out."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from core.bank_formats import Statement, Transaction

OWN = "KZ79722S000001674774"
OTHERS = ("KZ698562203124676325", "KZ356017121000001925", "40702810801500116391")

days = st.dates(date(2024, 1, 1), date(2026, 12, 31))
amounts = st.builds(
    lambda amount, incoming: amount if incoming else -amount,
    st.decimals(min_value=Decimal("0.01"), max_value=Decimal("9999999999"), places=2),
    st.booleans(),
)


def texts(alphabet="абвгдеёжзЖШЩәғқңөұүһіӘҒ ABCxyz0123456789№.,;:-/()<>&\"'=«»%", size=60):
    """Texts in single blanks, as readers leave them."""
    return st.text(alphabet=alphabet, max_size=size).map(lambda text: " ".join(text.split()))


def digits(length):
    return st.one_of(st.just(""), st.text("0123456789", min_size=length, max_size=length))


references = st.one_of(st.just(""), st.text("ABCDEFGHJKLM0123456789", min_size=8, max_size=16))


@st.composite
def transactions(draw, fields, text=None, currency="KZT"):
    """A transaction with the given fields drawn, the others as they are when a bank gives none."""
    free = texts() if text is None else text
    values = {
        "value_date": st.one_of(st.none(), days),
        "counterparty_name": free,
        "counterparty_tax_id": digits(12),
        "counterparty_account": st.sampled_from(("", *OTHERS)),
        "counterparty_bank": st.sampled_from(("", "CASPKZKA", "HSBKKZKX")),
        "ultimate_name": free,
        "ultimate_tax_id": digits(12),
        "purpose": free,
        "purpose_code": st.sampled_from(("", "710", "859")),
        "document_number": st.sampled_from(("", "17", "NT-475719", "000000123")),
        "bank_reference": references,
        "end_to_end": references,
        "reversal": st.booleans(),
    }
    chosen = {name: draw(strategy) for name, strategy in values.items() if name in fields}
    chosen["currency"] = currency if "currency" in fields else ""
    return Transaction(date=draw(days), amount=draw(amounts), line=0, **chosen)


@st.composite
def statements(draw, fields, text=None, account=OWN, currency="KZT", balances=True, sizes=(0, 6)):
    """One statement whose balances tie out and whose period holds its operations."""
    lines = draw(st.lists(transactions(fields, text, currency), min_size=sizes[0], max_size=sizes[1]))
    lines.sort(key=lambda line: line.date)
    opening = draw(st.decimals(min_value=-1000, max_value=Decimal(10) ** 9, places=2)) if balances else None
    start = lines[0].date if lines else draw(days)
    end = lines[-1].date if lines else start
    return Statement(
        format="",
        account=account,
        currency=currency,
        date_from=start,
        date_to=end,
        opening=opening,
        closing=None if opening is None else opening + sum((line.amount for line in lines), Decimal(0)),
        transactions=tuple(lines),
    )


def picked(statement, fields):
    """What a round trip must keep: the given fields of every operation, and the statement's own."""
    return (
        (statement.account, statement.currency, statement.opening, statement.closing),
        [tuple(getattr(line, name) for name in fields) for line in statement.transactions],
    )


def one(month, opening, account=OWN):
    """A statement of one month with one operation of 10."""
    day = date(2026, month, 15)
    line = Transaction(date=day, amount=Decimal(10), line=0, currency="KZT", purpose="Оплата")
    return Statement(
        format="",
        account=account,
        currency="KZT",
        date_from=day.replace(day=1),
        date_to=day.replace(day=28),
        opening=Decimal(opening),
        closing=Decimal(opening) + 10,
        transactions=(line,),
    )
