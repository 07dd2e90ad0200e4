from odoo.tools import SQL

from .models.invoicing.account_move import CODE_SEQUENCE


def uninstall_hook(env):
    """Take away what the ORM does not know of: the sequence of the payment codes."""
    env.cr.execute(SQL("DROP SEQUENCE IF EXISTS %s", SQL.identifier(CODE_SEQUENCE)))
