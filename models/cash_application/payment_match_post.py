"""From accepted candidates to the books.

The suspense item of a bank line becomes its counterpart in place, one item per
document paid, and everything of a batch is reconciled in one plan.
"""

from odoo import models

from .match_counterparts import QUIET, prepare_counterparts


class PaymentMatch(models.Model):
    _inherit = "payment.match"

    def _post(self):
        """Turn suspense into counterparts and reconcile them with what they pay, all at once."""
        quiet = self.with_context(**QUIET)
        Item = quiet.env["account.move.line"]
        moves = self.statement_line_id.move_id
        rewrites, created, plan = {}, [], []
        for match in quiet:
            _liquidity, suspense, _other = match.statement_line_id._seek_for_lines()
            parts = match._get_parts()
            (first, paid), *others = prepare_counterparts(
                parts, suspense.balance, suspense.amount_currency, match.company_id.currency_id
            )
            rewrites.setdefault(repr(sorted(first.items())), (first, []))[1].append((suspense, paid))
            common = {
                "move_id": suspense.move_id.id,
                "name": suspense.name,
                "currency_id": suspense.currency_id.id,
            }
            created += [({**common, **values}, paid) for values, paid in others]
        with moves._check_balanced({"records": moves}):
            for partner, matches in quiet.grouped(lambda match: match._get_counterpart_partner()).items():
                matches._set_partner(partner)
            for values, pairs in rewrites.values():
                Item.browse([suspense.id for suspense, _paid in pairs]).write(values)
                plan += pairs
            items = Item.create([values for values, _paid in created])
            # A write to a posted entry starts these jobs, new items of it do not.
            if items.advance_order_id:
                items.company_id._trigger_payment_release()
                items.advance_order_id._trigger_invoicing()
            plan += [(item, paid) for item, (_values, paid) in zip(items, created, strict=True)]
        Plain = self.env["account.move.line"]
        Plain._reconcile_matched([Plain.browse([item.id, paid.id]) for item, paid in plan if paid])

    def _set_partner(self, partner):
        """The customer on bank lines and entries; the old one is kept for an undo."""
        for previous, same in self.grouped(lambda match: match.statement_line_id.partner_id).items():
            same.write({"previous_partner_id": previous.id})
        lines = self.statement_line_id
        lines.write({"partner_id": partner.id})
        lines.move_id.write({"partner_id": partner.id})
        liquidity = lines.move_id.line_ids.filtered(
            lambda item: item.account_id == item.journal_id.default_account_id
        )
        liquidity.write({"partner_id": partner.id})

    def _get_counterpart_partner(self):
        candidate = self.candidate_id
        return (
            candidate.partner_id
            or candidate.line_ids.line_id.partner_id[:1].commercial_partner_id
            or self.statement_line_id.partner_id
        )

    def _get_parts(self) -> list[dict]:
        """What the money of this line becomes.

        :return: dicts of ``item`` (the open item that is paid, or none), ``amount`` (in the
            currency of the line, with its sign; together the whole line) and ``values``
            (account, partner and what else the journal item needs)
        """
        self.ensure_one()
        candidate = self.candidate_id
        if candidate.reco_model_id:
            return self._get_reco_model_parts(candidate.reco_model_id)
        partner = self._get_counterpart_partner()
        parts = [
            line.sale_order_id._prepare_advance_part(line.amount)
            if line.kind == "advance"
            else {
                "item": line.line_id,
                "amount": line.amount,
                "values": {
                    "account_id": (line.account_id or line.line_id.account_id).id,
                    "partner_id": (line.line_id.partner_id or partner).id,
                    **line._prepare_document_amounts(),
                },
            }
            for line in candidate.line_ids
        ]
        rest = self.currency_id.round(self.amount - sum(part["amount"] for part in parts))
        if not self.currency_id.is_zero(rest):
            # What is left stays open as the customer's credit.
            account = candidate.line_ids.line_id[:1].account_id or partner.property_account_receivable_id
            values = {"account_id": account.id, "partner_id": partner.id}
            if candidate.sale_order_id:
                values |= candidate.sale_order_id._prepare_advance_values()
            parts.append({"item": candidate.line_ids.line_id.browse(), "amount": rest, "values": values})
        return parts
