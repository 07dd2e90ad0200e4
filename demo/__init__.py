"""The demo company: a year of a building-materials distributor in Almaty.

`plan`, `customers`, `identifiers` and `bank_files` are pure; Odoo is only imported when something is loaded.
"""


def load(env, company=None, today=None):
    """Fill `company` with the demo ledger as of `today` and return it. See `loader.load`."""
    from .loader import load as load_company

    return load_company(env, company=company, today=today)


def morning_payments(env, company, today):
    """The bank lines of this morning for the demo company. See `morning.morning_payments`."""
    from .morning import morning_payments as payments

    return payments(env, company, today)
