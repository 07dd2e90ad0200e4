from odoo.tools import SQL

from .models.invoicing.account_move import CODE_SEQUENCE
from .models.tracking.account_move import BATCH


def pre_init_hook(env):
    """Make the columns of the status before the ORM does, so that it does not compute them all at once.

    A ledger of years would be read into memory in one piece, and each old invoice would get an event and a
    line in its chatter, dated today.
    """
    env.cr.execute(
        """
        ALTER TABLE account_move
          ADD COLUMN IF NOT EXISTS tracking_status varchar,
          ADD COLUMN IF NOT EXISTS status_next_date date,
          ADD COLUMN IF NOT EXISTS paid_how varchar
        """
    )
    # The same for the orders of years: none of them was prepaid in our sense.
    env.cr.execute(
        """
        ALTER TABLE sale_order
          ADD COLUMN IF NOT EXISTS is_prepaid boolean,
          ADD COLUMN IF NOT EXISTS contract_reference varchar
        """
    )


def post_init_hook(env):
    """Give the invoices that are there their status, in batches and without events."""
    moves = env["account.move"].with_context(i2c_no_events=True)
    last = 0
    while batch := moves.search(
        [("id", ">", last), ("move_type", "=", "out_invoice"), ("state", "=", "posted")],
        order="id",
        limit=BATCH,
    ):
        batch._recompute_tracking_status()
        last = batch.ids[-1]
        env.invalidate_all()


def uninstall_hook(env):
    """Take away what the ORM does not know of: the sequence of the payment codes.

    Shipped segments go before the profiles that stand in them; only a segment in use by people is protected.
    """
    env.cr.execute(SQL("UPDATE payer_profile SET segment_id = NULL WHERE segment_id IS NOT NULL"))
    env.cr.execute(SQL("DROP SEQUENCE IF EXISTS %s", SQL.identifier(CODE_SEQUENCE)))
