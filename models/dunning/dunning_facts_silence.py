"""Facts that keep us silent: what they wrote to us, holidays, money on its way, our own debts."""

import datetime
from decimal import Decimal

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: Days in which a payment in draft or an online payment under way is expected to become money.
PAYMENT_DAYS = 14
#: How far ahead holidays are looked up, to say when messages go on.
HOLIDAYS_AHEAD = 60


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_wrote_days = fields.Integer(
        "Silent After a Letter of Theirs",
        default=3,
        help="When a customer has written to us about anything, reminders wait so many days; 0: no waiting.",
    )

    _dunning_wrote_days_positive = models.Constraint(
        "CHECK (COALESCE(dunning_wrote_days, 0) >= 0)", "The number of days of silence cannot be negative."
    )

    def _get_dunning_account_facts(self, partners, today):
        """Extend with what we owe them, and what they wrote to us."""
        facts = super()._get_dunning_account_facts(partners, today)
        for account, payable in self._get_dunning_payables(partners).items():
            facts.setdefault(account, {})["payable"] = payable
        for partner_id, day in self._get_dunning_letters_of_customers(partners, today).items():
            until = day + datetime.timedelta(days=self.dunning_wrote_days - 1)
            facts[partner_id, None]["wrote_until"] = until
        return facts

    def _get_dunning_payables(self, partners) -> dict:
        """{(commercial partner id, currency name): what we owe them as a vendor, above zero}."""
        self.env["account.move.line"].flush_model()
        return {
            (partner_id, currency): Decimal(owed)
            for partner_id, currency, owed in self.env.execute_query(
                SQL(
                    """
                    SELECT partner.commercial_partner_id, currency.name,
                           (-SUM(line.amount_residual_currency))::text
                      FROM account_move_line line
                      JOIN account_account account ON account.id = line.account_id
                      JOIN res_partner partner ON partner.id = line.partner_id
                      JOIN res_currency currency ON currency.id = line.currency_id
                     WHERE line.company_id = %(company)s AND line.parent_state = 'posted'
                       AND account.account_type = 'liability_payable'
                       AND line.reconciled IS NOT TRUE AND line.amount_residual_currency != 0
                       AND partner.commercial_partner_id IN %(partners)s
                     GROUP BY partner.commercial_partner_id, currency.name
                    HAVING SUM(line.amount_residual_currency) < 0
                    """,
                    company=self.id,
                    partners=tuple(partners.ids),
                )
            )
        }

    def _get_dunning_letters_of_customers(self, partners, today) -> dict:
        """{commercial partner id: the last day on which they wrote to us in any thread}, recent ones only.

        Answers to reminders are not in it: those wait for ours, however long it takes.
        """
        if not self.dunning_wrote_days:
            return {}
        self.env["mail.message"].flush_model(["author_id", "date", "model", "message_type"])
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT author.commercial_partner_id,
                           MAX((message.date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date)
                      FROM mail_message message
                      JOIN res_partner author ON author.id = message.author_id
                     WHERE author.commercial_partner_id IN %(partners)s AND author.partner_share
                       AND message.message_type IN ('email', 'comment')
                       AND message.model IS DISTINCT FROM 'dunning.reminder'
                       AND message.date >= %(since)s
                       AND (message.date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                           BETWEEN %(first)s AND %(today)s
                     GROUP BY author.commercial_partner_id
                    """,
                    zone=self.receivables_tz,
                    partners=tuple(partners.ids),
                    today=today,
                    first=today - datetime.timedelta(days=self.dunning_wrote_days - 1),
                    since=today - datetime.timedelta(days=self.dunning_wrote_days + 1),
                )
            )
        )

    def _get_partners_of_unmatched_cash(self, partners):
        """Extend with payments in draft and online payments under way."""
        found = super()._get_partners_of_unmatched_cash(partners)
        since = fields.Date.subtract(self._receivables_today(), days=PAYMENT_DAYS)
        theirs = Domain("company_id", "=", self.id) & Domain(
            "partner_id.commercial_partner_id", "in", partners.ids
        )
        draft = theirs & Domain(
            [("state", "=", "draft"), ("payment_type", "=", "inbound"), ("date", ">=", since)]
        )
        under_way = theirs & Domain(
            [
                ("state", "in", ("pending", "authorized")),
                ("operation", "!=", "refund"),
                ("last_state_change", ">=", since),
            ]
        )
        for model, domain in (("account.payment", draft), ("payment.transaction", under_way)):
            for (partner,) in self.env[model].sudo()._read_group(domain, ["partner_id"]):
                found.add(partner.commercial_partner_id.id)
        return found

    def _get_dunning_holidays(self, today):
        """Extend with the public holidays of the company's working hours."""
        last = today + datetime.timedelta(days=HOLIDAYS_AHEAD)
        return super()._get_dunning_holidays(today) | self._get_receivables_holidays(today, last)[self.id]


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_wrote_days = fields.Integer(related="company_id.dunning_wrote_days", readonly=False)
