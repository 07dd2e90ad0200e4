"""Small change of the loader."""

from decimal import Decimal


def amount_values(amount: Decimal):
    """Journal item values of a signed company-currency amount."""
    return {"balance": float(amount), "amount_currency": float(amount)}


def group(pairs):
    """[(key, value), …] -> {key: [value, …]} in the order given."""
    result = {}
    for key, value in pairs:
        result.setdefault(key, []).append(value)
    return result
