"""Bank lines that no customer paid: fees, transfers, whatever a reconciliation model of Odoo describes."""

import re

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

_GROUPS = re.compile(r"[\s\u00a0'](?=\d{3}\b)")


class PaymentMatch(models.Model):
    _inherit = "payment.match"

    def apply_reco_model(self, model_id):
        """Book these lines as a reconciliation model says; they are no customer payments.

        :param int model_id: an `account.reconcile.model` of the company
        :raises UserError: the model leaves a part of the money without an account
        """
        self = self._as_bookkeeper()
        model = self.env["account.reconcile.model"].browse(model_id).exists()
        if not model or self.filtered(lambda match: match.company_id != model.company_id):
            raise UserError(self.env._("Choose a reconciliation model of the same company."))
        self._check_open()
        for match in self:
            match._get_reco_model_parts(model)
        candidates = self.env["payment.match.candidate"].create(
            [
                {
                    "match_id": match.id,
                    "sequence": -1,
                    "score": 100,
                    "reason": "reco_model",
                    "outcome": "reco_model",
                    "reco_model_id": model.id,
                    "evidence": model.name,
                }
                for match in self
            ]
        )
        for candidate in candidates:
            candidate.match_id.candidate_id = candidate
        self._apply_by_hand()
        return True

    def _get_reco_model_parts(self, model) -> list[dict]:
        """What the lines of a model make of the money, as `_get_parts` gives it."""
        self.ensure_one()
        currency, left, parts = self.currency_id, self.amount, []
        for rule in model.line_ids.filtered("account_id"):
            amount = currency.round(self._get_reco_rule_amount(rule, left))
            if currency.is_zero(amount):
                continue
            left = currency.round(left - amount)
            parts += self._split_taxes(rule, amount)
        if not currency.is_zero(left) or not parts:
            raise UserError(
                self.env._(
                    "%(line)s: the model “%(model)s” leaves %(amount)s without an account.",
                    line=self.display_name,
                    model=model.name,
                    amount=currency.format(left),
                )
            )
        return parts

    def _get_reco_rule_amount(self, rule, left: float) -> float:
        match rule.amount_type:
            case "percentage":
                return left * rule.amount / 100
            case "percentage_st_line":
                return self.amount * rule.amount / 100
            case "fixed":
                return rule.amount
        found = re.search(rule.amount_string, self.purpose or "")
        text = _GROUPS.sub("", (found.group(1) if found.groups() else found.group()) if found else "")
        try:
            amount = float(text.replace(",", "."))
        except ValueError:
            return 0.0
        return amount if self.amount > 0 else -amount

    def _split_taxes(self, rule, amount: float) -> list[dict]:
        """The part of one rule, divided into base and taxes: the bank's amount includes them."""
        none = self.env["account.move.line"]
        values = {"account_id": rule.account_id.id, "partner_id": rule.partner_id.id}
        if rule.label:
            values["name"] = rule.label
        if rule.analytic_distribution:
            values["analytic_distribution"] = rule.analytic_distribution
        if not rule.tax_ids:
            return [{"item": none, "amount": amount, "values": values}]
        is_refund = (rule.tax_ids[0].type_tax_use == "sale") == (amount < 0)
        result = rule.tax_ids.with_context(force_price_include=True).compute_all(
            amount, currency=self.currency_id, partner=rule.partner_id, is_refund=is_refund
        )
        parts = [
            {
                "item": none,
                "amount": tax["amount"],
                "values": {
                    **values,
                    "name": tax["name"],
                    "account_id": tax["account_id"] or rule.account_id.id,
                    "tax_repartition_line_id": tax["tax_repartition_line_id"],
                    "tax_ids": [Command.set(tax["tax_ids"])],
                    "tax_tag_ids": [Command.set(tax["tag_ids"])],
                },
            }
            for tax in result["taxes"]
            if not self.currency_id.is_zero(tax["amount"])
        ]
        values |= {
            "tax_ids": [Command.set(rule.tax_ids.ids)],
            "tax_tag_ids": [Command.set(result["base_tags"])],
        }
        base = self.currency_id.round(amount - sum(part["amount"] for part in parts))
        return [{"item": none, "amount": base, "values": values}, *parts]
