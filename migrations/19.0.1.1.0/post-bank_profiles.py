"""Shipped profiles of bank files read the day first; an older database has them as they were (noupdate)."""

from odoo.tools import SQL


def migrate(cr, version):
    """Give them the order of dates, unless somebody has changed them."""
    if not version:
        return
    cr.execute(
        SQL(
            """
            UPDATE bank_statement_profile profile
               SET date_order = 'dmy'
              FROM ir_model_data data
             WHERE data.module = 'invoice_to_cash'
               AND data.model = 'bank.statement.profile'
               AND data.name IN ('bank_profile_kaspi', 'bank_profile_halyk')
               AND profile.id = data.res_id
               AND profile.date_order IS NULL
               AND profile.write_uid = 1
               AND NOT EXISTS (
                   SELECT FROM bank_statement_profile_column title
                    WHERE title.profile_id = profile.id AND title.write_uid <> 1
               )
            """
        )
    )
