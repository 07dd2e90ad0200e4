"""Small change of the loader."""

from decimal import Decimal

from odoo.tools import SQL


def amount_values(amount: Decimal):
    """Journal item values of a signed company-currency amount."""
    return {"balance": float(amount), "amount_currency": float(amount)}


def group(pairs):
    """[(key, value), …] -> {key: [value, …]} in the order given."""
    result = {}
    for key, value in pairs:
        result.setdefault(key, []).append(value)
    return result


def analyze(env):
    """Let PostgreSQL count what this transaction has written.

    Nobody else sees the rows yet, so autovacuum does not either; without it, joins of thousands of journal
    items are planned as if there were a handful, and one of them may take minutes.
    """
    env.flush_all()
    for model in (
        "account.move",
        "account.move.line",
        "account.partial.reconcile",
        "account.bank.statement.line",
    ):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(env[model]._table)))
