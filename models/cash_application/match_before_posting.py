"""Match before you post: an imported line that is decided is created with its final counterpart.

Nothing is parked in suspense and rewritten; the whole batch is reconciled in one plan.
"""

from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ...core import matching
from .match_counterparts import prepare_counterparts, still_open
from .match_facts import to_transaction


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def _create_bank_lines(self, filename, log, plan):
        """Override of the import to decide all lines of the file at once, before the first is created."""
        decided = self._decide_before_posting([self._prepare_bank_line(line) for line in plan.new])
        journal = self.with_context(match_decided=decided)
        bank_statement, lines = super(AccountJournal, journal)._create_bank_lines(filename, log, plan)
        return bank_statement, lines.with_env(self.env)

    @api.private
    def _create_bank_line_batch(self, values_list, transactions):
        """Override of the import to give what is decided its counterpart, and to keep all decisions.

        What does not go that way, for whatever reason, is created as ever and matched afterwards.
        """
        decided = self.env.context.get("match_decided")
        if decided is None:
            decided = self._decide_before_posting(values_list)
        try:
            with self.env.cr.savepoint():
                return self._create_decided(values_list, transactions, *decided)
        except (UserError, ValidationError):
            return super()._create_bank_line_batch(values_list, transactions)

    @api.private
    def _decide_before_posting(self, values_list):
        """Decisions of core for lines that do not exist yet.

        :return: decisions by fingerprint, and the receivable positions by key
        """
        currency = self.currency_id or self.company_id.currency_id
        own_tax_id = self.company_id.vat
        transactions = [
            to_transaction(
                values["i2c_fingerprint"],
                currency,
                values["amount"],
                lambda name, v=values: v.get(name),
                own_tax_id,
            )
            for values in values_list
            if values.get("i2c_fingerprint") and not values.get("foreign_currency_id")
        ]
        if not transactions:
            return {}, {}
        decisions, positions = self.company_id._decide_transactions(transactions)
        return {decision.transaction_id: decision for decision in decisions}, positions

    def _create_decided(self, values_list, transactions, decisions, positions):
        """The lines of a batch, the certain ones booked and reconciled, the decisions of all stored."""
        listed = [decisions.get(values.get("i2c_fingerprint")) for values in values_list]
        parts = self._get_certain_parts(listed, values_list, positions)
        final = [
            {**values, **self._prepare_final_line(values, parts[place], listed[place])}
            if place in parts
            else values
            for place, values in enumerate(values_list)
        ]
        lines = super()._create_bank_line_batch(final, transactions)
        plan = []
        for place, line in enumerate(lines):
            if place in parts:
                _liquidity, *items = line.move_id.line_ids.sorted("id")
                plan += [
                    item + part["item"]
                    for item, part in zip(items, parts[place], strict=True)
                    if part["item"]
                ]
        self.env["account.move.line"]._reconcile_matched(plan)
        now = {"decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()}
        # What was certain and is not any more is decided anew by the matching that follows.
        kept = lines.browse(
            line.id
            for place, line in enumerate(lines)
            if listed[place] and (place in parts or listed[place].outcome != matching.APPLIED)
        )
        applied = {line: {**now, "state": "applied"} for place, line in enumerate(lines) if place in parts}
        by_line = dict(zip(lines, listed, strict=True))
        kept._store_decisions([by_line[line] for line in kept], positions, extra=applied)
        return lines

    def _get_certain_parts(self, decisions, values_list, positions) -> dict[int, list[dict]]:
        """By place, what the money of a line becomes, where all items are free and as open as decided."""
        certain = {
            place: decision
            for place, decision in enumerate(decisions)
            if decision and decision.outcome == matching.APPLIED and decision.allocations
        }
        items = self.env["account.move.line"].browse(
            {
                positions[key].line_id
                for decision in certain.values()
                for key, _ in decision.allocations
                if key[0] != matching.ORDER
            }
        )
        # sudo: who imports need not sell; the orders are those that the matching has found.
        orders = self.env["sale.order"].sudo()
        rests = orders.browse(
            {
                key[1]
                for decision in certain.values()
                for key, _ in decision.allocations
                if key[0] == matching.ORDER
            }
        )._lock_rests()
        free = items.try_lock_for_update(allow_referencing=True)
        free.invalidate_recordset(
            ["amount_residual", "amount_residual_currency", "reconciled", "parent_state"]
        )
        currency = self.currency_id or self.company_id.currency_id
        promised: Counter = Counter()
        result = {}
        for place, decision in certain.items():
            partner = self.env["res.partner"].browse(decision.partner_id or [])
            given = [
                (items.browse(positions[key].line_id), float(amount))
                for key, amount in decision.allocations
                if key[0] != matching.ORDER
            ]
            ordered = [
                (orders.browse(key[1]), float(amount))
                for key, amount in decision.allocations
                if key[0] == matching.ORDER
            ]
            if not all(
                item in free and still_open(item, currency, amount, promised[item]) for item, amount in given
            ) or not all(order._still_awaits(amount, currency, rests) for order, amount in ordered):
                continue
            for item, amount in given:
                promised[item] += amount
            for order, amount in ordered:
                rests[order] -= amount
            parts = [
                {
                    "item": item,
                    "amount": amount,
                    "values": {
                        "account_id": item.account_id.id,
                        "partner_id": (item.partner_id or partner).id,
                    },
                }
                for item, amount in given
            ]
            parts += [order._prepare_advance_part(amount) for order, amount in ordered]
            rest = currency.round(values_list[place]["amount"] - sum(part["amount"] for part in parts))
            if not currency.is_zero(rest):
                values = {"account_id": parts[0]["values"]["account_id"], "partner_id": partner.id}
                parts.append({"item": items.browse(), "amount": rest, "values": values})
            result[place] = parts
        return result

    def _prepare_final_line(self, values, parts, decision) -> dict:
        """The customer and the journal items of a bank line that is decided."""
        company = self.company_id
        currency = self.currency_id or company.currency_id
        amount = balance = values["amount"]
        if currency != company.currency_id:
            balance = currency._convert(amount, company.currency_id, company, values["date"])
        common = {"name": values["payment_ref"], "currency_id": currency.id}
        partner_id = decision.partner_id or parts[0]["values"]["partner_id"]
        liquidity = {
            **common,
            "account_id": self.default_account_id.id,
            "partner_id": partner_id,
            "amount_currency": amount,
            "balance": balance,
        }
        whole = {"amount_currency": -amount, "balance": -balance}
        counterparts = prepare_counterparts(parts, -balance, -amount, company.currency_id)
        return {
            "partner_id": partner_id,
            "line_ids": [
                Command.create(liquidity),
                *(Command.create({**common, **whole, **item}) for item, _paid in counterparts),
            ],
        }

    @api.model
    def _match_imported(self, lines):
        """Override of the import: most lines are decided already."""
        # sudo: the importing user may create the lines; only states of their own decisions are counted.
        matches = self.env["payment.match"].sudo().search([("statement_line_id", "in", lines.ids)])
        rest = lines - matches.statement_line_id.with_env(lines.env)
        counts = Counter({"applied": 0, "suggested": 0, "manual": 0})
        counts.update(matches.mapped("state"))
        counts.update(super()._match_imported(rest))
        return dict(counts)
