from odoo import models

from ...core.documents import formats
from ...core.dunning.words import Words
from .payment_promise import to_decimal


class PaymentPlan(models.Model):
    _inherit = "payment.plan"

    def _get_document(self):
        """Data of the agreement for reports/document_plan.xml."""
        self.ensure_one()
        # sudo: who may read the plan may see both sides' requisites on its agreement.
        plan = self.sudo()
        document = plan.env["invoice.document"]._get_base(plan.company_id, plan.partner_id)
        lang = document["lang"]
        bank = plan.move_ids[:1].partner_bank_id or plan.company_id.partner_id.bank_ids[:1]
        return {
            **document,
            "number": plan.name if plan.name != "/" else "",
            "doc_date": plan.agreed_on or plan.company_id._receivables_today(),
            "currency": plan.currency_id.name,
            "total": to_decimal(sum(plan.line_ids.mapped("amount")), plan.currency_id),
            "invoices": [
                {
                    "name": move.name,
                    "code": move.payment_code or "",
                    "day": move.invoice_date,
                    "total": to_decimal(move.amount_total, plan.currency_id),
                }
                for move in plan.move_ids.sorted(lambda move: (move.invoice_date_due, move.id))
            ],
            "lines": [
                {"day": line.date, "amount": to_decimal(line.amount, plan.currency_id)}
                for line in plan.line_ids.sorted("date")
            ],
            "note": plan.note or "",
            "bank": plan.env["invoice.document"]._get_bank(bank, lang),
            "grace": plan.company_id.promise_grace_days,
        }

    def _get_letter_block(self):
        """The instalment, the schedule and where to pay, for the mails of the plan."""
        self.ensure_one()
        lang = self._get_words_lang()
        # sudo: who may send a mail of the plan may tell the customer where to pay.
        bank = self.sudo().move_ids[:1].partner_bank_id or self.company_id.partner_id.bank_ids[:1]
        now = self._get_letter_line()
        lines = []
        for line in self.line_ids.sorted("date"):
            left = line.amount - (line.paid_amount if line == now else 0)
            lines.append(
                {
                    "day": formats.short_date(line.date),
                    "amount": self._say_money(to_decimal(left, self.currency_id), lang),
                    "is_now": line == now,
                    "is_paid": line.state == "paid",
                }
            )
        return self.env["ir.qweb"]._render(
            "invoice_to_cash.plan_letter_block",
            {
                "w": Words(lang),
                "lines": lines,
                "bank": self.env["invoice.document"].sudo()._get_bank(bank, lang),
                "company": self.company_id,
                "codes": ", ".join(filter(None, self.move_ids.mapped("payment_code"))),
            },
        )
