"""Money of the day by bank lines, as a statement brings it: all of a day is booked in one batch."""

from collections import Counter, defaultdict
from decimal import Decimal

from odoo import Command

from .world import EUR_IN_USD

#: Monday, Wednesday, Friday: the bank's file comes.
BANK_DAYS = (0, 2, 4)


class Money:
    def __init__(self, env, world, today):
        self.env, self.world, self.today = env, world, today
        self.counts = Counter()
        self.items = env["account.move.line"]

    @staticmethod
    def decimal(amount) -> Decimal:
        return Decimal(str(round(amount, 2)))

    def touches(self, move) -> bool:
        """Whether money of today is booked against the invoice."""
        return bool(set(move.line_ids.ids) & set(self.world.transfers))

    def pay(self, position, amount):
        """Money is on its way; it is booked with the bank's next file, with its own day as value date."""
        before = self.world.transfers.get(position.line, (Decimal(0), None))[0]
        amount = min(position.residual - before, amount)
        if amount > 0:
            self.world.transfers[position.line] = before + amount, self.today

    def flush(self):
        """Book the bank's file: a line each, reconciled with its invoice in one plan."""
        if self.today.weekday() not in BANK_DAYS:
            return
        paid, self.world.transfers = self.world.transfers, {}
        items = self.items.browse(paid).exists()
        values, plan = defaultdict(list), []
        for item in items:
            amount, day = paid[item.id]
            line = {**self._line(item.partner_id, item, amount), "bank_value_date": day}
            values[item.currency_id.name].append((item, line))
        for currency, rows in values.items():
            journal = self.world.banks[currency]
            lines = self.env["account.bank.statement.line"].create(
                [{"journal_id": journal, **vals} for _item, vals in rows]
            )
            for line, (item, _vals) in zip(lines, rows, strict=True):
                # Paid meanwhile, by money that somebody has applied: what comes now stays as credit.
                if item.parent_state == "posted" and item.amount_residual > 0:
                    plan.append(self._counterpart(line) + item)
        if plan:
            self.items._reconcile_matched(plan)
        self.counts["payments"] += len(plan)

    def _line(self, partner, item, amount, sign=1):
        rate = EUR_IN_USD if item.currency_id.name == "EUR" else 1
        journal = self.env["account.journal"].browse(self.world.banks[item.currency_id.name])
        amount = float(amount) * sign
        common = {"name": "transfer", "partner_id": partner.id, "currency_id": item.currency_id.id}
        return {
            "date": self.today,
            "payment_ref": "transfer",
            "amount": amount,
            "partner_id": partner.id,
            "line_ids": [
                Command.create(
                    {
                        **common,
                        "account_id": account,
                        "amount_currency": part,
                        "balance": round(part * rate, 2),
                    }
                )
                for account, part in (
                    (journal.default_account_id.id, amount),
                    (self.world.receivable, -amount),
                )
            ],
        }

    def _counterpart(self, line):
        return line.move_id.line_ids.filtered(lambda item: item.account_id.id == self.world.receivable)

    def receive_unknown(self, customer, position, amount) -> int:
        """Money of the customer that nobody has applied yet."""
        item = self.items.browse(position.line)
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.world.banks[item.currency_id.name],
                "date": self.today,
                "payment_ref": "thank you",
                "amount": float(amount),
                "partner_id": customer.id,
            }
        )
        self.counts["unmatched money"] += 1
        return line.id

    def apply(self, line, item):
        """Apply money that lay unmatched; to the invoice as long as it is open, else it stays as credit."""
        line = self.env["account.bank.statement.line"].browse(line)
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.write({"account_id": self.world.receivable, "partner_id": line.partner_id.id})
        item = self.items.browse(item).exists()
        if item and item.parent_state == "posted" and item.amount_residual > 0:
            (suspense + item).reconcile()

    def take_back(self, move):
        """The bank takes a payment back: the invoice is open again."""
        move = self.env["account.move"].browse(move)
        items = move.line_ids.filtered(lambda item: item.account_id.id == self.world.receivable)
        credit = items.matched_credit_ids.credit_move_id.filtered("move_id.statement_line_id")[:1]
        if not credit:
            return
        credit.remove_move_reconcile()
        back = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.world.banks[credit.currency_id.name],
                **self._line(credit.partner_id, credit, -credit.amount_currency, sign=-1),
            }
        )
        (self._counterpart(back) + credit).reconcile()
        self.counts["payments taken back"] += 1
