from odoo import api, fields, models
from odoo.tools import format_date

from ..core.dunning import Kind
from ..core.dunning.forecast import forecast
from ..models.dunning.dunning_ladder import TONES

DAYS = 7


class DunningForecast(models.TransientModel):
    """One line of the preview of the coming days; computed when it is opened, kept for its reader alone.

    Nothing of it reaches the outbox: the day itself decides, on the facts of that day.
    """

    _name = "dunning.forecast"
    _description = "Reminders of the Coming Days"
    _order = "date, kind, level desc, amount desc, id"
    _rec_name = "partner_id"

    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Date(readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    kind = fields.Selection(
        [
            ("1_send", "Will be sent"),
            ("2_approve", "Will wait for approval"),
            ("3_hand_over", "Will be handed over"),
            ("4_held", "Stays unsent"),
        ],
        "What",
        readonly=True,
    )
    step_id = fields.Many2one("dunning.step", readonly=True)
    tone = fields.Selection(TONES, readonly=True)
    level = fields.Integer(readonly=True)
    why = fields.Char(readonly=True)
    until = fields.Date(help="When the reason ends by itself.", readonly=True)
    invoices = fields.Char(readonly=True)
    amount = fields.Monetary(readonly=True)

    @api.model
    def action_open(self):
        """Decide for the coming days and show what would happen."""
        self.env["dunning.reminder"].check_access("read")
        self.search([("create_uid", "=", self.env.uid)]).unlink()
        values = []
        for company in self.env.companies:
            values += self._get_lines(company)
        self.create(values)
        action = self.env["ir.actions.act_window"]._for_xml_id("invoice_to_cash.action_forecast")
        action["domain"] = [("create_uid", "=", self.env.uid)]
        return action

    @api.model
    def _get_lines(self, company, days=DAYS):
        """Values of the lines of one company: who gets what on which day, who does not, and why."""
        today = company._receivables_today()
        # sudo: what falls due does not depend on the rights of whoever looks; the outbox shows the same.
        accounts = company.sudo()._get_dunning_accounts(today)
        told = [
            (account, day, decision)
            for account, ladder in accounts
            for day, decision in forecast(account, ladder, today, days)
        ]
        currencies = {
            currency.name: currency.id
            for currency in self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "in", list({account.currency for account, _day, _decision in told}))])
        }
        moves = (
            self.env["account.move"]
            .sudo()
            .browse({item.position.key[0] for _account, _day, decision in told for item in decision.items})
        )
        names = {row["id"]: row["name"] for row in moves.read(["name"])}
        return [
            {
                "company_id": company.id,
                "date": day,
                "partner_id": account.partner,
                "currency_id": currencies[account.currency],
                "kind": self._get_kind(decision),
                "step_id": decision.step.key,
                "tone": decision.step.tone,
                "level": decision.step.level,
                "why": self._get_why(decision, day),
                "until": decision.until if decision.kind is Kind.SILENT else False,
                "invoices": ", ".join(
                    dict.fromkeys(names[item.position.key[0]] or "" for item in decision.items)
                ),
                "amount": float(decision.total or sum(item.position.residual for item in decision.items)),
            }
            for account, day, decision in told
        ]

    @staticmethod
    def _get_kind(decision):
        if decision.kind is Kind.SEND:
            return "2_approve" if decision.approval else "1_send"
        return "3_hand_over" if decision.kind is Kind.HAND_OVER else "4_held"

    def _get_why(self, decision, day):
        if decision.kind is Kind.SILENT:
            reasons = dict(
                self.env["dunning.reminder"]._fields["hold_reason"]._description_selection(self.env)
            )
            reason = reasons.get(decision.reason.value, decision.reason.value)
            if not decision.until:
                return reason
            return self.env._(
                "%(reason)s (until %(date)s)", reason=reason, date=format_date(self.env, decision.until)
            )
        late = max((day - item.position.due_date).days for item in decision.items)
        if late == 1:
            return self.env._("Overdue by one day")
        if late > 1:
            return self.env._("Overdue by %s days", late)
        if late == 0:
            return self.env._("Due that day")
        return self.env._("Due in %s days", -late)

    def action_open_customer(self):
        self.ensure_one()
        return self.partner_id.action_open_reminders()
