from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ...core.worklist import Weight
from ..tracking.delivery import UNDELIVERED
from .worklist import SEPARATOR, Action, Source

#: Older invoices that were never sent come from before this add-on, or were carried.
UNSENT_DAYS = 60
UNOPENED_DAYS = 7


class ReceivableWorklist(models.AbstractModel):
    """Invoices that the customer has not got, or has not opened: one row per customer."""

    _inherit = "receivable.worklist"

    def _get_sources(self):
        states = dict(self.env["account.move"]._fields["delivery_state"]._description_selection(self.env))
        today = self.env.company._receivables_today()
        undelivered = [("delivery_state", "in", UNDELIVERED), ("tracking_status", "not in", ("paid", False))]
        unsent = [
            ("sent_at", "=", False),
            ("delivery_state", "=", False),
            ("tracking_status", "not in", ("paid", False)),
            ("invoice_date", ">=", self._in_days(-UNSENT_DAYS)),
            ("invoice_date", "<", today),
        ]
        unopened = [
            ("delivery_state", "=", "sent"),
            ("first_viewed_at", "=", False),
            ("tracking_status", "in", ("sent", "due_soon", "overdue")),
            ("sent_at", "<", self._in_days(-UNOPENED_DAYS)),
        ]
        return {
            **super()._get_sources(),
            "undelivered": self._get_delivery_source(
                self.env._("Invoice that did not arrive"),
                "fa-undo",
                Weight(Decimal("0.8"), horizon=7),
                undelivered,
                SQL("move.delivery_state IN %s AND move.tracking_status NOT IN ('paid')", tuple(UNDELIVERED)),
                lambda row: self._describe_invoices(row, states),
            ),
            "unsent": self._get_delivery_source(
                self.env._("Invoice not sent"),
                "fa-paper-plane-o",
                Weight(Decimal("0.9"), horizon=7),
                unsent,
                SQL(
                    "move.sent_at IS NULL AND move.delivery_state IS NULL"
                    " AND move.tracking_status NOT IN ('paid')"
                    " AND move.invoice_date >= %s AND move.invoice_date < %s",
                    self._in_days(-UNSENT_DAYS),
                    today,
                ),
                self._describe_invoices,
            ),
            "unopened": self._get_delivery_source(
                self.env._("Invoice never opened"),
                "fa-eye-slash",
                Weight(Decimal("0.5")),
                unopened,
                # Without the picture in mails, who reads the attachment leaves no trace.
                SQL(
                    "move.delivery_state = 'sent' AND move.first_viewed_at IS NULL"
                    " AND move.tracking_status IN ('sent', 'due_soon', 'overdue') AND move.sent_at < %s"
                    " AND %s AND customer.opens_not_tracked IS NOT TRUE",
                    self._in_days(-UNOPENED_DAYS),
                    self.env.company.tracking_pixel,
                ),
                self._describe_invoices,
            ),
        }

    def _get_delivery_source(self, label, icon, weight, domain, condition, describe):
        domain = [
            ("company_id", "=", self.env.company.id),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            *domain,
        ]

        def of_customer(key):
            return [*domain, ("commercial_partner_id", "=", key)]

        return Source(
            label=label,
            icon=icon,
            weight=weight,
            query=SQL(
                """
                SELECT customer.id AS res_id, customer.id AS partner_id, MIN(move.invoice_user_id) AS user_id,
                       SUM(move.amount_residual_signed) AS amount,
                       %(today)s - MIN(COALESCE(move.sent_at::date, move.invoice_date)) AS days,
                       COUNT(*) AS number,
                       CONCAT(MIN(move.delivery_state), %(separator)s, MIN(move.name)) AS detail
                  FROM account_move move
                  JOIN res_partner customer ON customer.id = move.commercial_partner_id
                 WHERE move.company_id = %(company)s AND move.move_type = 'out_invoice'
                   AND move.state = 'posted' AND move.tracking_status IS NOT NULL AND %(condition)s
                 GROUP BY customer.id
                """,
                today=self.env.company._receivables_today(),
                company=self.env.company.id,
                condition=condition,
                separator=SEPARATOR,
            ),
            describe=describe,
            actions=(
                Action("send", self.env._("Send"), lambda key: self._send_again(of_customer(key))),
                Action("contact", self.env._("Address"), self._open_partner),
                Action(
                    "invoices",
                    self.env._("Invoices"),
                    lambda key: self._open(label, "account.move", of_customer(key)),
                ),
                Action("by_hand", self.env._("Handed Over"), lambda key: self._mark_sent(of_customer(key))),
            ),
            open_all=lambda: self._open(label, "account.move", domain),
        )

    def _describe_invoices(self, row, states=None):
        state, _mark, name = (row["detail"] or "").rpartition(SEPARATOR)
        number = name if row["number"] == 1 else self.env._("%s invoices", row["number"])
        return " · ".join(filter(None, [number, (states or {}).get(state)]))

    def _mark_sent(self, domain):
        """Printed or carried: the customer has it."""
        self.env["account.move"].search(domain).action_mark_sent_by_hand()
        return self.env._("Noted as handed over.")
