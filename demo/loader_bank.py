"""The money of the plan: bank lines that were reconciled long ago."""

import random

from odoo import Command

from .customers import COSTS
from .identifiers import make_bin
from .plan import CENT
from .values import amount_values, analyze, group

#: journal items are reconciled in batches of this many bank lines (memory grows with a batch)
BATCH = 250
#: purpose code (КНП) of money for goods
KNP_GOODS = "710"


class BankLoader:
    """Part of `loader.Loader`, after the invoices are posted."""

    def _load_bank_lines(self):
        """Each receipt as a bank line whose counterpart is the receivable, reconciled batch by batch."""
        plan, env = self.plan, self.bulk.env
        totals = {invoice.key: invoice for invoice in plan.invoices}
        rows, paid = [], []
        for receipt in plan.receipts:
            customer = self.partners.planned[receipt.customer]
            text = self._purpose(receipt, totals)
            counterparts = [(self.receivable, amount) for _key, amount in receipt.parts]
            counterparts = counterparts or [(self.receivable, receipt.amount)]
            values = self._bank_line(
                receipt, receipt.amount, text, counterparts, self.partners[receipt.customer]
            )
            values |= self._bank_facts(
                receipt, text, customer.name, customer.tax_id, customer.iban, KNP_GOODS
            )
            rows.append((receipt.date, values))
            paid.append((values, [self.moves[key] for key, _amount_paid in receipt.parts]))
        payees = self._payees()
        for cost in plan.costs:
            values = self._bank_line(
                cost, -cost.amount, cost.purpose, [(self._account(cost.account), -cost.amount)]
            )
            values |= self._bank_facts(
                cost, cost.purpose, cost.payee, payees.get(cost.payee, ""), "", cost.knp
            )
            values["partner_name"] = cost.payee
            rows.append((cost.date, values))
        rows.sort(key=lambda row: row[0])
        lines = env["account.bank.statement.line"].create([dict(values) for _day, values in rows])
        by_values = {id(values): line for (_day, values), line in zip(rows, lines, strict=True)}
        credits_of = group(
            (item.move_id, item.id)
            for item in lines.move_id.line_ids.sorted("id")
            if item.account_id == self.receivable
        )
        analyze(env)
        pairs = []
        for values, moves in paid:
            items = env["account.move.line"].browse(credits_of[by_values[id(values)].move_id])
            pairs += [item | self.receivables[move] for item, move in zip(items, moves, strict=False)]
        for start in range(0, len(pairs), BATCH):
            batch = [pair.filtered(lambda item: not item.reconciled) for pair in pairs[start : start + BATCH]]
            env["account.move.line"]._reconcile_plan(batch)
            analyze(env)

    def _bank_line(self, row, amount, text, counterparts, partner=None):
        journal = self.journals[row.journal]
        partner_id = partner.id if partner else False
        items = [(journal.default_account_id, amount)]
        items += [(account, -part) for account, part in counterparts]
        return {
            "journal_id": journal.id,
            "date": row.date,
            "amount": float(amount),
            "payment_ref": text,
            "partner_id": partner_id,
            "line_ids": [
                Command.create(
                    {
                        "account_id": account.id,
                        "partner_id": partner_id,
                        "currency_id": self.currency.id,
                        "name": text,
                        **amount_values(part),
                    }
                )
                for account, part in items
            ],
        }

    def _bank_facts(self, row, text, name, tax_id, account, knp):
        """The bank's own data, in the columns that the import fills."""
        facts = {
            "bank_booking_date": row.date,
            "bank_value_date": row.date,
            "payer_tax_id": tax_id,
            "payer_account": account,
            "payer_name": name,
            "payment_purpose": text,
            "purpose_code": knp,
            "bank_document_number": row.number,
        }
        fields = self.env["account.bank.statement.line"]._fields
        return {key: value for key, value in facts.items() if key in fields}

    def _purpose(self, receipt, totals):
        moves = [self.moves[key] for key, _amount_paid in receipt.parts]
        if not moves:
            return receipt.purpose
        first = totals[receipt.parts[0][0]]
        vat = (receipt.amount * first.rate / (100 + first.rate)).quantize(CENT)
        return receipt.purpose.format(
            number=moves[0].name,
            numbers=", ".join(move.name for move in moves),
            code=moves[0].payment_code or moves[0].name,
            date=first.date.strftime("%d.%m.%Y"),
            rate=first.rate,
            vat=f"{vat:.2f}".replace(".", "-"),
        )

    def _payees(self):
        rng = random.Random(7)
        return {payee: make_bin(rng) for payee in sorted({row[1] for row in COSTS}) if "«" in payee}
