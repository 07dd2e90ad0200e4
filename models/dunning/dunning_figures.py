"""The figures of a letter as plain values: what is kept of it, and what every form of it is printed from."""

import datetime
from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL

from ...core import payment_qr
from ...core.documents import reconciliation
from ...core.dunning import letter
from ..invoicing.invoice_document import decimal


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    figures = fields.Json(
        readonly=True,
        prefetch=False,
        help="What the letter said, as of its day: the letter is printed from this for ever.",
    )

    def _get_letter_figures(self) -> dict:
        """{reminder id: its figures}: as sent, else as of now.

        All amounts are texts of a Decimal and all days ISO dates, so that they can be kept as they are. The
        number of queries depends on the number of companies, not of letters.
        """
        figures = {reminder.id: reminder.figures for reminder in self if reminder.figures}
        fresh = self.filtered(lambda reminder: not reminder.figures)
        for company, reminders in fresh.grouped("company_id").items():
            figures |= reminders._collect_letter_figures(company)
        return figures

    def _collect_letter_figures(self, company) -> dict:
        # sudo: whoever may read the reminder may read what the customer is told in it.
        reminders = self.sudo()
        statements = reminders.filtered("step_id.show_statement")._get_letter_statements(company)
        interest = reminders._get_letter_interest()
        tools = self.env["invoice.document"].sudo()
        limit = company.dunning_pdf_limit
        found = {}
        for reminder in reminders:
            lang = reminder._get_words_lang()
            lines = reminder.line_ids.sorted(lambda line: (line.due_date, line.id))
            partner = reminder.contact_id or reminder.partner_id
            bank = lines.move_id[:1].partner_bank_id or company.partner_id.bank_ids[:1]
            pdfs, _left = letter.choose_pdfs(lines.move_id.ids, limit)
            attached = pdfs if reminder.step_id.attach_invoices else []
            found[reminder.id] = {
                "lang": lang,
                "date": reminder.date.isoformat(),
                "currency": reminder.currency_id.name,
                "tone": reminder.tone,
                "lines": [
                    {
                        "move": line.move_id.id,
                        "number": line.move_name or "",
                        "code": line.payment_code or "",
                        "issued": line.move_id.invoice_date.isoformat() if line.move_id.invoice_date else "",
                        "due": line.due_date.isoformat(),
                        "days": line.days_overdue,
                        "amount": str(decimal(line.residual)),
                    }
                    for line in lines
                ],
                "total": str(decimal(reminder.amount_total)),
                "disputed": str(decimal(reminder.amount_disputed)),
                "credit": str(decimal(reminder.amount_credit)),
                "to_pay": str(decimal(reminder.amount_due)),
                "interest": str(interest.get(reminder.id, "")),
                "statement": statements.get(reminder.id),
                "seller": dict(tools._get_party(company.partner_id, lang, kbe=company.kbe_code)),
                "seller_email": company.email or "",
                "buyer": dict(tools._get_party(reminder.partner_id, lang, contact=partner)),
                "contact": partner.name if partner != reminder.partner_id else "",
                "signer": reminder._get_letter_signature().name or "",
                "bank": dict(tools._get_bank(bank, lang) or {}),
                "qr": reminder._get_letter_qr(bank, lines, lang),
                "pdfs": attached,
                "invoices": len(set(lines.move_id.ids)),
            }
        return found

    def _get_letter_interest(self) -> dict:
        """{reminder id: late charges as of its day, a Decimal}; none without a rate in the contract."""
        return {}

    def _get_letter_qr(self, bank, lines, lang):
        """What the payment code of the oldest invoice says; None where the account has none."""
        self.ensure_one()
        oldest = lines.move_id[:1]
        amount = sum((decimal(line.residual) for line in lines if line.move_id == oldest), Decimal(0))
        if not bank or not bank.payment_qr or not oldest or amount <= 0:
            return None
        purpose = {
            "ru": "Оплата по счёту № {} от {}",
            "kk": "{1} № {0} шот бойынша төлем",
            "en": "Payment of invoice {} of {}",
        }[lang].format(oldest.name, f"{oldest.invoice_date:%d.%m.%Y}" if oldest.invoice_date else "")
        try:
            text = bank._get_payment_qr(
                amount=amount,
                currency=self.currency_id.name,
                code=oldest.payment_code or "",
                number=oldest.name or "",
                purpose=", ".join(filter(None, [purpose, oldest.payment_code])),
            )
        except payment_qr.PaymentQrError:
            # Said on the form of the bank account; a code that cannot be paid is not shown.
            return None
        return {"number": oldest.name, "text": text} if text else None

    def _get_letter_statements(self, company) -> dict:
        """{reminder id: the running account that explains its letter}, two queries.

        It begins with the day of the letter's oldest invoice: each of its invoices is seen in it.
        """
        wanted = []
        for reminder in self:
            days = [move.date for move in reminder.line_ids.move_id if move.date]
            if days:
                wanted.append(
                    (
                        reminder.id,
                        reminder.partner_id.id,
                        reminder.currency_id.id,
                        min(days),
                        max(reminder.date, min(days)),
                    )
                )
        if not wanted:
            return {}
        self.env["account.move.line"].flush_model()
        self.env["account.move"].flush_model()
        scope = SQL(
            """
              FROM UNNEST(%s::int[], %s::int[], %s::int[], %s::date[], %s::date[])
                AS wanted(reminder, partner, currency, first, last)
              JOIN res_partner partner ON partner.commercial_partner_id = wanted.partner
              JOIN account_move_line line
                ON line.partner_id = partner.id AND line.currency_id = wanted.currency
              JOIN account_move move ON move.id = line.move_id
              JOIN account_account account ON account.id = line.account_id
             WHERE line.company_id = %s AND move.state = 'posted'
               AND account.account_type = 'asset_receivable'
            """,
            *(list(column) for column in zip(*wanted, strict=True)),
            company.id,
        )
        openings = dict(
            self.env.execute_query(
                SQL(
                    """SELECT wanted.reminder, SUM(line.amount_currency) %s
                          AND line.date < wanted.first GROUP BY wanted.reminder""",
                    scope,
                )
            )
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT wanted.reminder, move.date, move.name, move.move_type, SUM(line.amount_currency),
                          BOOL_OR(move.statement_line_id IS NOT NULL OR move.origin_payment_id IS NOT NULL)
                   %s AND line.date BETWEEN wanted.first AND wanted.last
                   GROUP BY wanted.reminder, move.id ORDER BY move.date, move.id""",
                scope,
            )
        )
        movements = {}
        for reminder_id, day, name, move_type, amount, is_money in rows:
            kind = {"out_invoice": "sale", "out_receipt": "sale", "out_refund": "refund"}.get(move_type)
            kind = kind or ("payment" if is_money else "other")
            movements.setdefault(reminder_id, []).append(
                # The currency is one: what tells the kinds apart takes its place in the name.
                reconciliation.Movement(day, f"{kind}\0{name or ''}", "", decimal(amount))
            )
        return {
            reminder_id: _extract(
                first, decimal(openings.get(reminder_id, 0)), movements.get(reminder_id, [])
            )
            for reminder_id, _partner, _currency, first, _last in wanted
        }


def _extract(first: datetime.date, opening: Decimal, movements) -> dict:
    """The statement of one letter as plain values; whole, the mail shows its end."""
    [statement] = reconciliation.statements({"": opening}, movements) or [
        reconciliation.Statement("", opening, (), Decimal(0), Decimal(0), opening)
    ]
    return {
        "start": first.isoformat(),
        "opening": str(statement.opening),
        "rows": [
            [row.day.isoformat(), *row.name.split("\0"), str(row.debit), str(row.credit)]
            for row in statement.rows
        ],
        "closing": str(statement.closing),
    }
