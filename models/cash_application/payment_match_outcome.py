"""The outcomes that a person chooses: split, the rest of a short payment, an advance."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

# What closes an unpaid rest, and where its account stands.
ACCOUNTS = {"write_off": "match_write_off_account_id", "fee": "match_fee_account_id"}


class PaymentMatch(models.Model):
    _inherit = "payment.match"

    @api.model
    def _preview_accept(self, threshold=None, domain=None) -> dict:
        """What `accept_above` would apply.

        :param threshold: the least score, from 0 to 100; None takes all
        :return: ``{"count": n, "total": sum in company currency, "by_reason": [(code, label, count)]}``
        """
        matches = self._get_acceptable(threshold, domain)
        labels = dict(self._fields["reason"]._description_selection(self.env))
        total = sum(
            match.currency_id._convert(
                match.amount, match.company_id.currency_id, match.company_id, match.date
            )
            for match in matches
        )
        by_reason = [
            (reason, labels.get(reason, ""), len(group))
            for reason, group in matches.grouped("reason").items()
        ]
        return {
            "count": len(matches),
            "total": total,
            "by_reason": sorted(by_reason, key=lambda entry: -entry[2]),
        }

    @api.model
    def accept_above(self, threshold=None, domain=None):
        """Accept every proposal with at least this score; answers as `action_accept` does."""
        return self._get_acceptable(threshold, domain).action_accept()

    @api.model
    def _get_acceptable(self, threshold, domain):
        found = [("state", "=", "suggested"), ("candidate_id", "!=", False), ("amount", ">", 0)]
        if threshold is not None:
            found.append(("score", ">=", threshold))
        return self.search(Domain.AND([found, domain or []]))

    def allocate(self, allocations, *, outcome=False, partner_id=None):
        """Split this payment over open items, and say what becomes of their unpaid rests.

        :param allocations: pairs of the id of a receivable item, or "order-" and the id of a prepaid
            order, and the money that goes to it, in the currency of the payment; negative for a credit
            note. What is left of the payment stays the customer's open credit. Money that leaves goes
            to credits only, all of it.
        :param outcome: of the rests: "partial" or False leave them open, "write_off" and "fee"
            close them within the tolerance of the company, "dispute" opens a dispute over each
        :param partner_id: whose credit a remainder of the payment becomes; the first item's customer if None
        :raises UserError: in words, when an amount does not fit; nothing is booked then
        """
        self.ensure_one()
        self = self._as_bookkeeper()
        self._check_open()
        amounts = {}
        for key, amount in allocations:
            amounts[key] = amounts.get(key, 0.0) + amount
        ordered = self._prepare_order_parts(amounts)
        items = self.env["account.move.line"].browse(k for k in amounts if isinstance(k, int)).exists()
        if items or not ordered:
            self._check_items(items)
        self._check_customer(partner_id)
        values, rests = [], []
        for item in items.sorted(lambda item: (item.date_maturity or item.date, item.id)):
            amount = self.currency_id.round(amounts[item.id])
            if not self.currency_id.is_zero(amount):
                value, rest = self._prepare_chosen_part(item, amount, outcome)
                values.append(value)
                if not self.currency_id.is_zero(rest):
                    rests.append((item, rest, value))
        values += ordered
        if not values:
            raise UserError(self.env._("Choose at least one open item."))
        money_left = self.amount - sum(value["amount"] for value in values)
        if self.amount > 0 and self.currency_id.compare_amounts(money_left, 0.0) < 0:
            raise UserError(
                self.env._(
                    "More is given to the items than the %s that came.", self.currency_id.format(self.amount)
                )
            )
        if outcome in ACCOUNTS:
            values += self._prepare_rests(outcome, rests, money_left)
        if ordered and not items and not partner_id:
            partner_id = self._get_order_partner(ordered).id
        self._apply_chosen(items[:1], values, outcome=outcome, partner_id=partner_id)
        if outcome == "dispute":
            self._dispute_rests(rests)
        return True

    def _prepare_chosen_part(self, item, amount, outcome) -> tuple[dict, float]:
        """The allocation of an amount to an item, and what of the item it leaves open.

        :raises UserError: when it does not fit
        """
        residual = self._get_residual_here(item)
        if (amount > 0) != (residual > 0) or self.currency_id.compare_amounts(abs(amount), abs(residual)) > 0:
            raise UserError(
                self.env._(
                    "%(amount)s does not fit %(document)s, of which %(residual)s is open.",
                    amount=self.currency_id.format(amount),
                    document=item.move_id.name,
                    residual=self.currency_id.format(residual),
                )
            )
        value = self._prepare_allocation(item, amount)
        if item.currency_id == self.currency_id:
            return value, self.currency_id.round(residual - amount)
        value["document_amount"] = self._get_document_amount(item, amount)
        open_rest = item.amount_residual_currency - value["document_amount"]
        if item.currency_id.is_zero(open_rest):
            return value, 0.0
        if outcome in ACCOUNTS or outcome == "dispute":
            raise UserError(
                self.env._("The rest of %s is in another currency; leave it open.", item.move_id.name)
            )
        return value, self.currency_id.round(residual - amount)

    def set_as_advance(self, partner_id, sale_order_id=None):
        """Money of a customer for which there is no invoice yet: his open credit.

        :param sale_order_id: the order that it is for; the journal item names it
        """
        self.ensure_one()
        self = self._as_bookkeeper()
        self._check_open()
        if self.amount <= 0:
            raise UserError(self.env._("%s is an outgoing payment.", self.display_name))
        partner = self._check_customer(partner_id)
        order = self.env["sale.order"].browse(sale_order_id or []).exists()
        if not partner:
            raise UserError(self.env._("Choose the customer whose advance it is."))
        if order and (
            order.company_id != self.company_id or order.partner_id.commercial_partner_id != partner
        ):
            raise UserError(self.env._("The order %s is not of this customer.", order.name))
        self._apply_chosen(
            self.env["account.move.line"],
            [],
            outcome="advance",
            reason="advance",
            partner_id=partner.id,
            sale_order_id=order.id,
        )
        return True

    def _check_customer(self, partner_id):
        """The commercial partner of this id, or none; never one of another company."""
        partner = self.env["res.partner"].browse(partner_id or []).exists().commercial_partner_id
        if partner.company_id and partner.company_id != self.company_id:
            raise UserError(self.env._("%s belongs to another company.", partner.name))
        return partner

    def _check_items(self, items):
        """The screens show nothing else; a remote call may ask for anything, and booking runs with sudo."""
        if not items or items.filtered(
            lambda item: (
                item.company_id != self.company_id
                or item.account_type != "asset_receivable"
                or item.parent_state != "posted"
                or item.reconciled
            )
        ):
            raise UserError(self.env._("Choose at least one open item."))

    def _prepare_allocation(self, item, amount) -> dict:
        return {
            "line_id": item.id,
            "move_id": item.move_id.id,
            "position": item._get_position_number(),
            "amount": amount,
        }

    def _prepare_rests(self, outcome, rests, money_left) -> list[dict]:
        """Close the rests: items are paid in full, what is missing comes from the account of the outcome."""
        account = self.company_id[ACCOUNTS[outcome]]
        if not account:
            raise UserError(self.env._("Choose the account for it in the settings first."))
        if not self.currency_id.is_zero(money_left):
            raise UserError(
                self.env._("Give all of the payment to the items first, then close what is missing.")
            )
        total = sum(abs(rest) for _item, rest, _value in rests)
        missing = self.currency_id._convert(
            total, self.company_id.currency_id, self.company_id, self.date, round=False
        )
        limit = self.company_id.match_tolerance
        if self.company_id.currency_id.compare_amounts(missing, limit) > 0:
            raise UserError(
                self.env._(
                    "%(missing)s is missing, only %(limit)s may be closed this way.",
                    missing=self.currency_id.format(total),
                    limit=self.company_id.currency_id.format(limit),
                )
            )
        result = []
        for item, rest, value in rests:
            value["amount"] += rest
            result.append(
                {
                    "move_id": item.move_id.id,
                    "position": value["position"],
                    "kind": outcome,
                    "account_id": account.id,
                    "amount": -rest,
                }
            )
        return result

    def _apply_chosen(self, first_item, values, *, outcome=False, reason="by_hand", partner_id=None, **extra):
        """Make what a person has chosen the candidate, and apply it."""
        self.ensure_one()
        candidate = self.env["payment.match.candidate"].create(
            {
                "match_id": self.id,
                "sequence": -1,
                "partner_id": partner_id or first_item.partner_id.commercial_partner_id.id,
                "score": 100,
                "reason": reason,
                "evidence": self.env._("chosen by %s", self.env.user.name),
                "outcome": outcome,
                "line_ids": [Command.create(value) for value in values],
                **extra,
            }
        )
        return self.action_apply(candidate)

    def _dispute_rests(self, rests):
        """Disputes over what was not paid; an undo withdraws them."""
        # sudo: whoever applies cash need not own rights on disputes; the user stays their owner.
        self.env["invoice.dispute"].sudo().create(
            [
                {
                    "move_id": item.move_id.id,
                    "amount": rest,
                    "reason": "short_payment",
                    "description": self.purpose,
                    "payment_match_id": self.id,
                }
                for item, rest, _value in rests
                if rest > 0 and item.move_id.move_type == "out_invoice"
            ]
        )


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _close_small_rest(self, lines: list[dict], positions) -> str | bool:
        """Let a proposal with a small difference pay its items in full, if an account is set for that.

        :param lines: values of the allocations, changed in place
        :param positions: the receivable positions of them
        :return: the outcome, or False when the rest stays open
        """
        company, currency = self.company_id, self.foreign_currency_id or self.currency_id
        outcome = next((name for name in ("fee", "write_off") if company[ACCOUNTS[name]]), False)
        rests = [
            currency.round(float(position.residual) - values["amount"])
            for values, position in zip(lines, positions, strict=True)
        ]
        missing = currency._convert(sum(rests), company.currency_id, company, self.date, round=False)
        if not outcome or company.currency_id.compare_amounts(missing, company.match_tolerance) > 0:
            return False
        for values, rest in zip(list(lines), rests, strict=True):
            if not currency.is_zero(rest):
                values["amount"] += rest
                lines.append(
                    {
                        "move_id": values["move_id"],
                        "position": values["position"],
                        "kind": outcome,
                        "account_id": company[ACCOUNTS[outcome]].id,
                        "amount": -rest,
                    }
                )
        return outcome


class InvoiceDispute(models.Model):
    _inherit = "invoice.dispute"

    payment_match_id = fields.Many2one(
        "payment.match",
        "Short Payment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_position_number(self) -> int:
        """Which due date of its document this receivable item is, as `_get_receivable_positions` counts."""
        self.ensure_one()
        items = self.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        ordered = items.sorted(lambda line: (line.date_maturity or line.date, line.id))
        return ordered.ids.index(self.id) + 1
