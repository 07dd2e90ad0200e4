"""How money of a bank line becomes journal items: the arithmetic, and what it is checked for."""

# Odoo's own keys: entry and bank line are kept in step here, for the whole batch at once.
QUIET = {
    "skip_account_move_synchronization": True,
    "skip_invoice_sync": True,
    "skip_readonly_check": True,
    "check_move_validity": False,
    "tracking_disable": True,
}


def prepare_counterparts(parts, balance: float, total: float, company_currency) -> list[tuple[dict, object]]:
    """Values of the journal items for these parts, each with the open item that it pays.

    :param balance: of the item that they replace, in company currency
    :param total: the same in the currency of the line, signed as the item is (money received: negative)

    A part that pays a document of another currency has that currency, and its amount in it.
    """
    if len(parts) == 1 and "currency_id" not in parts[0]["values"]:
        return [(parts[0]["values"], parts[0]["item"])]
    left, result = balance, []
    for place, part in enumerate(parts, 1):
        share = left if place == len(parts) else company_currency.round(balance * -part["amount"] / total)
        left -= share
        amounts = {"amount_currency": -part["amount"], "balance": share}
        if part["values"].get("currency_id") == company_currency.id:
            amounts["amount_currency"] = share
        result.append(({**amounts, **part["values"]}, part["item"]))
    return result


def still_open(item, currency, amount: float, promised: float) -> bool:
    """Whether the open item still bears this amount, beside what the batch has promised of it."""
    residual = item.amount_residual_currency
    return (
        item.parent_state == "posted"
        and not item.reconciled
        and item.currency_id == currency
        and (residual > 0) == (amount > 0)
        and currency.compare_amounts(abs(promised + amount), abs(residual)) <= 0
    )
