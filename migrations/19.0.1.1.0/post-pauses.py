"""Pauses become records: what stood in two fields of the payer's profile is kept as one of them."""

from odoo import SUPERUSER_ID


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        "SELECT 1 FROM information_schema.columns"
        " WHERE table_name = 'payer_profile' AND column_name = 'paused_until'"
    )
    if not cr.fetchone():
        return
    cr.execute(
        """
        INSERT INTO dunning_pause (partner_id, company_id, date_until, reason, user_id,
                                   create_uid, create_date, write_uid, write_date)
        SELECT partner_id, company_id, paused_until, COALESCE(NULLIF(pause_reason, ''), %(reason)s),
               COALESCE(write_uid, %(root)s), write_uid, write_date, write_uid, write_date
          FROM payer_profile WHERE paused_until IS NOT NULL
        """,
        {"reason": "Set before pauses were records", "root": SUPERUSER_ID},
    )
    cr.execute("ALTER TABLE payer_profile DROP COLUMN paused_until, DROP COLUMN IF EXISTS pause_reason")
