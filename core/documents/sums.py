"""Lines of a document and what they add up to."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """One line in the document's currency. ``rate`` is the VAT rate in percent, None without VAT.

    ``gross`` = ``net`` + ``tax``; ``included`` tells that the price agreed with the customer holds the VAT.
    A line without a quantity that is only a heading or a remark has ``heading``.
    """

    name: str
    code: str = ""
    unit: str = ""
    quantity: Decimal = ZERO
    net: Decimal = ZERO
    gross: Decimal = ZERO
    rate: Decimal | None = None
    included: bool = False
    heading: bool = False

    @property
    def tax(self) -> Decimal:
        return self.gross - self.net

    def price(self, with_tax: bool) -> Decimal:
        """The price of one unit after discount, rounded to hundredths."""
        if not self.quantity:
            return ZERO
        return ((self.gross if with_tax else self.net) / self.quantity).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Sums:
    """``taxes`` are (rate, amount) by falling rate; ``with_tax``: prices are shown with the VAT inside."""

    net: Decimal
    gross: Decimal
    taxes: tuple[tuple[Decimal, Decimal], ...]
    with_tax: bool
    count: int

    @property
    def tax(self) -> Decimal:
        return self.gross - self.net


def add_up(lines: list[Line]) -> Sums:
    """The sums of the lines that are no headings.

    Prices are shown with the VAT inside when it is so on every taxed line; a mixture is shown without.
    """
    own = [line for line in lines if not line.heading]
    taxes: dict[Decimal, Decimal] = {}
    for line in own:
        if line.rate is not None:
            taxes[line.rate] = taxes.get(line.rate, ZERO) + line.tax
    taxed = [line for line in own if line.rate is not None]
    return Sums(
        net=sum((line.net for line in own), ZERO),
        gross=sum((line.gross for line in own), ZERO),
        taxes=tuple(sorted(taxes.items(), reverse=True)),
        with_tax=bool(taxed) and all(line.included for line in taxed),
        count=len(own),
    )


def quantities(lines: list[Line]) -> dict[str, Decimal]:
    """{unit: total quantity}: pieces and tonnes are not added together."""
    totals: dict[str, Decimal] = {}
    for line in lines:
        if not line.heading:
            totals[line.unit] = totals.get(line.unit, ZERO) + line.quantity
    return totals


def settle(lines: list[Line], net: Decimal, gross: Decimal) -> list[Line]:
    """The lines with the cents moved that rounding of the whole document gives or takes.

    A company that rounds VAT on the sum of a document has totals that the lines miss by a few cents; a form
    on which they do not add up is refused by an accountant. The difference goes to the largest line. More
    than one cent a line is no rounding: then the lines stay as they are.
    """
    own = [index for index, line in enumerate(lines) if not line.heading]
    if not own:
        return lines
    net_gap = net - sum((lines[index].net for index in own), ZERO)
    gross_gap = gross - sum((lines[index].gross for index in own), ZERO)
    if max(abs(net_gap), abs(gross_gap)) > CENT * len(own) or not (net_gap or gross_gap):
        return lines
    largest = max(own, key=lambda index: abs(lines[index].gross))
    line = lines[largest]
    settled = Line(
        line.name,
        line.code,
        line.unit,
        line.quantity,
        line.net + net_gap,
        line.gross + gross_gap,
        line.rate,
        line.included,
    )
    return [*lines[:largest], settled, *lines[largest + 1 :]]
