"""What a complete invoice needs, by document and country, and what of it an order lacks."""

import re
from dataclasses import dataclass

_KZ_WEIGHTS = tuple(range(1, 12)), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
#: countries whose documents name the customer's tax number
_TAX_ID_COUNTRIES = frozenset({"KZ", "RU", "KG", "UZ", "BY", "TJ", "AM", "AZ", "GE", "MD", "UA"})


@dataclass(frozen=True, slots=True)
class Requisites:
    """What is known of both sides of an order.

    ``country``: ISO code of the seller. ``customer_country``: "" when not known; then it is
    the seller's. ``bank_currencies``: of the seller's accounts, "" for one of any currency.
    """

    customer_kind: str
    country: str = ""
    customer_country: str = ""
    email: str = ""
    tax_id: str = ""
    has_address: bool = False
    has_contract: bool = False
    currency: str = ""
    bank_currencies: frozenset[str] = frozenset()
    seller_tax_id: str = ""


@dataclass(frozen=True, slots=True)
class Demands:
    """What the company asks for beyond the law. ``sends``: the invoice is mailed by itself."""

    sends: bool = True
    contract: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """``code`` names what is missing; ``side`` whose card it is on; a warning stops nothing."""

    code: str
    side: str  # "customer", "seller", "order"
    warning: bool = False


def is_valid_bin(number: str) -> bool:
    """Whether twelve digits have the check digit of a BIN or IIN of Kazakhstan.

    Weighted sum modulo 11, with a second row of weights where the first gives 10; a number
    that gives 10 again is never given out.
    """
    if not re.fullmatch(r"[0-9]{12}", number):
        return False
    digits = [int(digit) for digit in number]
    for weights in _KZ_WEIGHTS:
        check = sum(weight * digit for weight, digit in zip(weights, digits, strict=False)) % 11
        if check < 10:
            return check == digits[11]
    return False


def check(facts: Requisites, demands: Demands) -> tuple[Finding, ...]:
    """What is missing or looks wrong, what stops the invoice first.

    A person buying for himself needs neither a tax number, an address nor a contract. A
    customer from a country without such numbers needs none.
    """
    found = []
    is_organisation = facts.customer_kind != "retail"
    customer_country = facts.customer_country or facts.country
    if demands.sends and not _is_address(facts.email):
        found.append(Finding("email" if not facts.email.strip() else "email_wrong", "customer"))
    if is_organisation:
        if not facts.tax_id.strip():
            if not customer_country or customer_country in _TAX_ID_COUNTRIES:
                found.append(Finding("tax_id", "customer"))
        elif customer_country == "KZ" and not is_valid_bin(re.sub(r"[\s-]", "", facts.tax_id)):
            found.append(Finding("tax_id_check", "customer", warning=True))
        if not facts.has_address:
            found.append(Finding("address", "customer"))
        if demands.contract and not facts.has_contract:
            found.append(Finding("contract", "order"))
    if not facts.bank_currencies:
        found.append(Finding("bank_account", "seller"))
    elif facts.currency not in facts.bank_currencies and "" not in facts.bank_currencies:
        found.append(Finding("bank_currency", "seller"))
    if facts.country == "KZ" and facts.customer_kind == "government" and not facts.seller_tax_id:
        found.append(Finding("seller_tax_id", "seller"))
    return tuple(sorted(found, key=lambda finding: finding.warning))


def _is_address(email: str) -> bool:
    # A list of addresses counts when one of them can be written to.
    return any(
        re.search(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]{2,}>?\s*$", part) for part in re.split(r"[,;]", email)
    )
