"""What was agreed with the customer, on the screens where people meet them: the invoice and the contact."""

from odoo import api, fields, models
from odoo.tools import format_date

COLLECTOR = "invoice_to_cash.group_collector"


class DunningNotice(models.AbstractModel):
    """The buttons and the banner that invoices and contacts have in common."""

    _name = "dunning.notice.mixin"
    _description = "Agreements on a Screen"

    agreement_notice = fields.Text(
        "Agreed",
        compute="_compute_agreement_notice",
        help="Pauses, promises, plans, answers and hand-overs that stand now.",
    )

    def _get_notice_scope(self):
        """(company, commercial partner, invoice or an empty record) of this record."""
        raise NotImplementedError

    @api.depends_context("company", "lang", "uid")
    def _compute_agreement_notice(self):
        """Set-wise: one query per kind of agreement and company, for all records shown."""
        self.agreement_notice = False
        scopes = {record: record._get_notice_scope() for record in self}
        by_company = {}
        for record, (company, partner, move) in scopes.items():
            if company and partner.ids:
                by_company.setdefault(company, []).append((record, partner, move))
        for company, entries in by_company.items():
            partners = self.env["res.partner"].union(*(partner for _record, partner, _move in entries))
            # sudo: salespeople see what was agreed with their customers; they read it only here.
            lines = company.sudo()._get_agreement_lines(partners)
            for record, partner, move in entries:
                record.agreement_notice = "\n".join(
                    text
                    for scope, text in lines.get(partner.id, ())
                    if not scope or not move or move.id in scope
                )

    def _get_agreement_defaults(self):
        company, partner, move = self[:1]._get_notice_scope()
        values = {"default_company_id": (company or self.env.company).id, "default_partner_id": partner.id}
        return values, self if move else self.env["account.move"]

    def _open_new(self, model, name, target="new", **defaults):
        values, moves = self._get_agreement_defaults()
        values.update(defaults)
        if moves and model in ("payment.promise", "payment.plan"):
            values["default_move_ids"] = [(6, 0, moves.ids)]
        if moves and model == "dunning.pause":
            values["default_move_id"] = moves[:1].id
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": target,
            "context": values,
        }

    def action_pause_reminders(self):
        return self._open_new("dunning.pause", self.env._("Pause Reminders"))

    def action_payment_promise(self):
        return self._open_new("payment.promise", self.env._("Promise to Pay"))

    def action_payment_plan(self):
        return self._open_new("payment.plan", self.env._("Payment Plan"), target="current")


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "dunning.notice.mixin"]

    promise_ids = fields.Many2many(
        "payment.promise", "payment_promise_move_rel", string="Promises", readonly=True, copy=False
    )
    plan_ids = fields.Many2many(
        "payment.plan", "payment_plan_move_rel", string="Payment Plans", readonly=True, copy=False
    )

    def _get_notice_scope(self):
        self.ensure_one()
        if self.move_type != "out_invoice" or self.state != "posted":
            return self.env["res.company"], self.env["res.partner"], self
        return self.company_id, self.commercial_partner_id, self


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "dunning.notice.mixin"]

    agreement_notice = fields.Text(groups=COLLECTOR)

    def _get_notice_scope(self):
        self.ensure_one()
        return self.env.company, self.commercial_partner_id, self.env["account.move"]

    def action_payment_plan(self):
        """All that is overdue of the customer in the company's currency, to divide."""
        self.ensure_one()
        action = super().action_payment_plan()
        company = self.env.company
        moves = self.env["account.move"].search(
            [
                ("company_id", "=", company.id),
                ("commercial_partner_id", "=", self.commercial_partner_id.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("amount_residual", ">", 0),
                ("invoice_date_due", "<", company._receivables_today()),
                ("currency_id", "=", company.currency_id.id),
            ]
        )
        action["context"]["default_move_ids"] = [(6, 0, moves.ids)]
        return action


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_agreement_lines(self, partners) -> dict:
        """{commercial partner id: [(ids of the invoices concerned or None for all, words)]}; five queries."""
        self.ensure_one()
        lines = {}
        today = self._receivables_today()
        of_company = [("company_id", "=", self.id), ("partner_id", "in", partners.ids)]

        def add(partner, moves, text):
            lines.setdefault(partner.id, []).append((set(moves.ids) or None, text))

        def day(date):
            return format_date(self.env, date)

        for case in self.env["dunning.handover"].search([*of_company, ("state", "in", ("open", "lawyer"))]):
            add(
                case.partner_id,
                self.env["account.move"],
                self.env._(
                    "Handed over to %(owner)s since %(date)s", owner=case.owner_id.name, date=day(case.date)
                ),
            )
        for reply in self.env["dunning.reply"].search([*of_company, ("state", "=", "waiting")]):
            add(
                reply.partner_id,
                self.env["account.move"],
                self.env._("The customer's answer waits: %s", reply.preview or "…"),
            )
        pauses = self.env["dunning.pause"]
        for pause in pauses.search([*of_company, *pauses._get_running_domain(today)]):
            add(
                pause.partner_id,
                pause.move_id,
                self.env._(
                    "Reminders are paused until %(date)s by %(author)s: %(reason)s",
                    date=day(pause.date_until),
                    author=pause.user_id.name,
                    reason=pause.reason,
                ),
            )
        for plan in self.env["payment.plan"].search([*of_company, ("state", "in", ("active", "broken"))]):
            values = {
                "plan": plan.name,
                "amount": plan.currency_id.format(plan.next_amount),
                "date": day(plan.next_date),
            }
            add(
                plan.partner_id,
                plan.move_ids,
                self.env._("Payment plan %(plan)s: %(amount)s until %(date)s", **values)
                if plan.state == "active"
                else self.env._("Payment plan %(plan)s is broken: %(amount)s was due on %(date)s", **values),
            )
        seen = set()
        for promise in self.env["payment.promise"].search(
            [*of_company, ("state", "in", ("open", "broken"))], order="given_on desc, id desc"
        ):
            key = (promise.partner_id, promise.move_ids)
            if key in seen:
                continue
            seen.add(key)
            values = {
                "amount": promise.currency_id.format(promise.amount),
                "date": day(promise.date),
                "author": promise.user_id.name,
            }
            if promise.state == "open":
                text = self.env._("Promised: %(amount)s until %(date)s, noted by %(author)s", **values)
            else:
                text = self.env._("Promise broken: %(amount)s until %(date)s", **values)
            add(promise.partner_id, promise.move_ids, text)
        return lines


class PayerProfile(models.Model):
    """Promises, plans and what stands now, on the profile of the customer."""

    _inherit = "payer.profile"

    agreement_notice = fields.Text("Agreed", compute="_compute_agreements")
    promise_ids = fields.One2many("payment.promise", compute="_compute_agreements", string="Promises")
    plan_ids = fields.One2many("payment.plan", compute="_compute_agreements", string="Payment Plans")
    promises_matured = fields.Integer("Promises Kept or Broken", compute="_compute_agreements")
    promise_kept_rate = fields.Float(
        "Promises Kept", compute="_compute_agreements", help="In percent of those that were kept or broken."
    )

    @api.depends_context("lang")
    def _compute_agreements(self):
        """A constant number of queries per company, for all profiles shown."""
        for company, profiles in self.grouped("company_id").items():
            partners = profiles.partner_id
            lines = company.sudo()._get_agreement_lines(partners)
            scope = [("company_id", "=", company.id), ("partner_id", "in", partners.ids)]
            promises = self.env["payment.promise"].search(scope).grouped("partner_id")
            plans = self.env["payment.plan"].search(scope).grouped("partner_id")
            for profile in profiles:
                partner = profile.partner_id
                profile.agreement_notice = "\n".join(text for _scope, text in lines.get(partner.id, ()))
                profile.promise_ids = found = promises.get(partner, self.env["payment.promise"])
                profile.plan_ids = plans.get(partner, self.env["payment.plan"])
                states = found.mapped("state")
                kept, broken = states.count("kept"), states.count("broken")
                profile.promises_matured = kept + broken
                profile.promise_kept_rate = 100 * kept / (kept + broken) if kept + broken else 0

    def action_new_promise(self):
        self.ensure_one()
        return self.partner_id.with_company(self.company_id).action_payment_promise()

    def action_new_plan(self):
        self.ensure_one()
        return self.partner_id.with_company(self.company_id).action_payment_plan()
