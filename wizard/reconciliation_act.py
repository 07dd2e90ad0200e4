from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..core.documents import reconciliation, texts
from ..models.invoicing.invoice_document import decimal


class ReconciliationAct(models.TransientModel):
    """Prints the act of reconciliation (акт сверки) with one customer for a period."""

    _name = "reconciliation.act"
    _description = "Act of Reconciliation"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    partner_id = fields.Many2one("res.partner", "Customer", required=True)
    date_from = fields.Date(required=True, default=lambda self: self._default_period()[0])
    date_to = fields.Date(required=True, default=lambda self: self._default_period()[1])
    lang = fields.Selection(
        [("ru", "Russian"), ("kk", "Kazakh"), ("en", "English")],
        "Language",
        help="Empty: the customer's.",
    )

    @api.model
    def _default_period(self):
        """The last full quarter: the period that accountants reconcile."""
        today = self.env.company._receivables_today()
        this_quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
        return this_quarter - relativedelta(months=3), this_quarter - timedelta(days=1)

    def action_print(self):
        self.ensure_one()
        if self.date_from > self.date_to:
            raise UserError(self.env._("The period of the act ends before it begins."))
        return self.env.ref("invoice_to_cash.report_reconciliation").report_action(self, config=False)

    def _get_document(self):
        """Data of the act: `statements` (core.documents.reconciliation.Statement), one per currency.

        :raises AccessError: for a user who may not read the journal items
        """
        self.ensure_one()
        self.env["account.move.line"].check_access("read")
        self.company_id.check_access("read")
        self.partner_id.check_access("read")
        tools = self.env["invoice.document"]
        partner = self.partner_id.commercial_partner_id
        # sudo: who may read the journal items may see both sides' requisites on the act.
        document = tools.sudo()._get_base(self.company_id.sudo(), partner.sudo(), self.lang)
        lang = document["lang"]
        accounts = self._get_statements(self.company_id, partner, self.date_from, self.date_to, lang)
        names = document["seller"].name, document["buyer"].name
        words = document["L"]
        conclusions = []
        for account in accounts:
            if not account.closing:
                conclusions.append(words.say("recon_even", date=document["day"](self.date_to)))
                continue
            debtor, creditor = names[::-1] if account.closing > 0 else names
            conclusions.append(
                words.say(
                    "recon_debt",
                    date=document["day"](self.date_to),
                    debtor=debtor,
                    creditor=creditor,
                    amount=document["money"](abs(account.closing)),
                    currency=account.currency,
                    words=document["words"](abs(account.closing), account.currency),
                )
            )
        return {
            **document,
            "start": self.date_from,
            "end": self.date_to,
            "contract": "",
            "statements": accounts,
            "conclusions": conclusions or [words["recon_none"]],
            "side": reconciliation.side,
        }

    @api.model
    def _get_statements(self, company, partner, date_from, date_to, lang):
        """The customer's receivable account in each currency; three queries."""
        self.env["account.move.line"].flush_model()
        self.env["account.move"].flush_model()
        scope = SQL(
            """
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_account account ON account.id = line.account_id
              JOIN res_partner partner ON partner.id = line.partner_id
              JOIN res_currency currency ON currency.id = line.currency_id
             WHERE line.company_id = %(company)s
               AND move.state = 'posted'
               AND account.account_type = 'asset_receivable'
               AND partner.commercial_partner_id = %(partner)s
            """,
            company=company.id,
            partner=partner.commercial_partner_id.id,
        )
        openings = self.env.execute_query(
            SQL(
                """SELECT currency.name, SUM(line.amount_currency)
                   %s AND line.date < %s GROUP BY currency.name""",
                scope,
                date_from,
            )
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT move.id, move.date, move.name, move.move_type, move.act_number, move.waybill_number,
                          currency.name, SUM(line.amount_currency),
                          BOOL_OR(move.statement_line_id IS NOT NULL OR move.origin_payment_id IS NOT NULL)
                   %s AND line.date BETWEEN %s AND %s
                   GROUP BY move.id, currency.name ORDER BY move.date, move.id""",
                scope,
                date_from,
                date_to,
            )
        )
        words = texts.Texts(lang)
        orders = self.env["account.move"].browse(row[0] for row in rows)._get_payment_order_numbers()
        movements = []
        for move_id, day, name, move_type, act, waybill, currency, amount, is_money in rows:
            key = {"out_invoice": "sale", "out_receipt": "sale", "out_refund": "refund"}.get(move_type)
            key = key or ("payment" if is_money else "other")
            if number := orders.get(move_id):
                # The customer's own number: that of our entry tells him nothing.
                text = words.say("payment_order", name=number)
            else:
                text = words.say(key, name=name or "")
            text += words.say("with_act", number=act) if act else ""
            text += words.say("with_waybill", number=waybill) if waybill else ""
            movements.append(reconciliation.Movement(day, text, currency, decimal(amount)))
        return reconciliation.statements(
            {currency: decimal(amount) for currency, amount in openings}, movements
        )
