"""The invoices and credit notes of the plan: created whole, posted in one call."""

from odoo import Command

from . import company_setup
from .values import amount_values, analyze, group


class InvoiceLoader:
    """Part of `loader.Loader`: sets `receivable`, `moves` and `receivables`."""

    def _load_invoices(self):
        env, plan = self.env, self.plan
        self.receivable = company_setup.receivable_account(self.company)
        self.income = self._account("6010")
        self.sale_journal = env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.company.id)], limit=1
        )
        self._tax_parts = {
            (rate, kind): self._tax_part(self.taxes[rate, "sale"], kind)
            for rate in {invoice.rate for invoice in plan.invoices}
            for kind in ("invoice", "refund")
        }
        names = self._names()
        moves = self.bulk.create(
            [{"name": names[invoice.key], **self._invoice_values(invoice)} for invoice in plan.invoices]
        )
        self.moves = dict(zip([invoice.key for invoice in plan.invoices], moves, strict=True))
        for invoice in plan.invoices:
            if invoice.credits:
                self.moves[invoice.key].reversed_entry_id = self.moves[invoice.credits]
        analyze(env)
        moves._post(soft=False)
        lines = moves.line_ids.filtered(lambda line: line.account_id == self.receivable)
        self.receivables = {
            move: lines.browse(ids) for move, ids in group((line.move_id, line.id) for line in lines).items()
        }
        moves.line_ids._reconcile_plan(
            [
                self.receivables[self.moves[credit]] | self.receivables[self.moves[invoice]]
                for credit, invoice in plan.offsets
            ]
        )

    def _names(self):
        """{invoice key: number}, as the journal would give them one by one (a look-up each)."""
        names, counters = {}, {}
        for invoice in self.plan.invoices:
            kind = "out_refund" if invoice.credits else "out_invoice"
            key = kind, invoice.date.year
            if key not in counters:
                draft = self.env["account.move"].new(
                    {"move_type": kind, "journal_id": self.sale_journal.id, "date": invoice.date}
                )
                start = draft._get_starting_sequence()
                digits = len(start) - len(start.rstrip("0"))
                counters[key] = [start[:-digits], digits, 0]
            prefix, digits, last = counters[key]
            counters[key][2] = last + 1
            names[invoice.key] = f"{prefix}{last + 1:0{digits}d}"
        return names

    @staticmethod
    def _tax_part(tax, kind):
        """(tax, tags of the base, line of the tax amount, its account, its tags)."""
        lines = tax.invoice_repartition_line_ids if kind == "invoice" else tax.refund_repartition_line_ids
        base = lines.filtered(lambda line: line.repartition_type == "base")
        amount = lines.filtered(lambda line: line.repartition_type == "tax")
        return tax, base.tag_ids, amount, amount.account_id, amount.tag_ids

    def _invoice_values(self, invoice):
        """The whole entry: what Odoo's own computation of the lines would give (the tests compare)."""
        plan_customer = self.partners.planned[invoice.customer]
        partner = self.partners[invoice.customer]
        sign = 1 if invoice.credits else -1
        tax, base_tags, part, tax_account, tax_tags = self._tax_parts[
            invoice.rate, "refund" if invoice.credits else "invoice"
        ]
        common = {"partner_id": partner.id, "currency_id": self.currency.id}
        items = [
            {
                **common,
                "display_type": "product",
                "product_id": self.products[line.product].id,
                "name": self.products[line.product].name,
                "product_uom_id": self.products[line.product].uom_id.id,
                "quantity": float(line.quantity),
                "price_unit": float(line.price),
                "account_id": self.income.id,
                "tax_ids": [Command.set(tax.ids)],
                "tax_tag_ids": [Command.set(base_tags.ids)],
                **amount_values(sign * line.net),
            }
            for line in invoice.lines
        ]
        items.append(
            {
                **common,
                "display_type": "tax",
                "name": tax.invoice_label or tax.name,
                "account_id": tax_account.id,
                "tax_repartition_line_id": part.id,
                "tax_tag_ids": [Command.set(tax_tags.ids)],
                "tax_base_amount": float(sign * (invoice.total - invoice.tax)),
                **amount_values(sign * invoice.tax),
            }
        )
        items += [
            {
                **common,
                "display_type": "payment_term",
                "account_id": self.receivable.id,
                "date_maturity": due,
                **amount_values(-sign * amount),
            }
            for due, amount in invoice.instalments
        ]
        return {
            "move_type": "out_refund" if invoice.credits else "out_invoice",
            "journal_id": self.sale_journal.id,
            "company_id": self.company.id,
            "partner_id": partner.id,
            "invoice_date": invoice.date,
            "date": invoice.date,
            "invoice_payment_term_id": False if invoice.credits else self.terms[invoice.terms].id,
            "invoice_date_due": invoice.instalments[-1][0],
            "currency_id": self.currency.id,
            **self._letters(invoice),
            "invoice_user_id": self.users[plan_customer.salesperson].id,
            "line_ids": [Command.create(values) for values in items],
        }
