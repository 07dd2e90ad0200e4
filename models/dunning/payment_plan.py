from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...core.dunning import plans
from .payment_promise import to_decimal

STATES = [
    ("draft", "Draft"),
    ("active", "Agreed"),
    ("done", "Paid"),
    ("broken", "Broken"),
    ("cancelled", "Cancelled"),
]
#: States that the ledger decides, again and again.
FOLLOWED = ("active", "broken", "done")


class PaymentPlan(models.Model):
    """Instalments for several invoices. While they are paid, the ladder rests and the plan reminds gently."""

    _name = "payment.plan"
    _description = "Payment Plan"
    _inherit = ["mail.thread", "mail.activity.mixin", "dunning.letter.language"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, copy=False, default="/")
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="restrict",
        compute="_compute_from_invoices",
        store=True,
        readonly=False,
        precompute=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_from_invoices",
        store=True,
        readonly=False,
        precompute=True,
    )
    move_ids = fields.Many2many(
        "account.move",
        "payment_plan_move_rel",
        string="Invoices",
        check_company=True,
        domain="[('move_type', '=', 'out_invoice'), ('state', '=', 'posted'),"
        " ('company_id', '=', company_id), ('amount_residual', '>', 0),"
        " ('commercial_partner_id', '=?', partner_id)]",
    )
    amount_total = fields.Monetary("Sum of the Plan", compute="_compute_amount_total", store=True)
    count = fields.Integer("Instalments", default=3)
    first_date = fields.Date("First On", default=lambda self: self.env.company._receivables_today())
    every = fields.Integer(default=1)
    unit = fields.Selection(
        [("day", "Days"), ("week", "Weeks"), ("month", "Months")], "Rhythm", default="month", required=True
    )
    line_ids = fields.One2many("payment.plan.line", "plan_id", "Schedule", copy=True)
    amount_planned = fields.Monetary("Planned", compute="_compute_amount_planned")
    state = fields.Selection(
        STATES, "Status", default="draft", required=True, readonly=True, copy=False, index=True, tracking=True
    )
    agreed_on = fields.Date(readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users", "Made By", required=True, readonly=True, default=lambda self: self.env.user
    )
    owner_id = fields.Many2one(
        "res.users",
        "Owner",
        required=True,
        compute="_compute_owner_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('share', '=', False)]",
        help="Is told when an instalment is missed.",
    )
    note = fields.Text(help="What was agreed besides.")
    remind_days = fields.Integer(
        "Remind Days Before", default=2, help="A friendly mail so many days before each instalment."
    )
    baseline = fields.Monetary(
        readonly=True, copy=False, help="What had been settled of the invoices before the plan."
    )
    paid_amount = fields.Monetary("Paid", compute="_compute_progress", store=True)
    open_amount = fields.Monetary("Open", compute="_compute_progress", store=True)
    progress = fields.Float(compute="_compute_progress", store=True, aggregator="avg")
    next_date = fields.Date("Next Instalment", compute="_compute_progress", store=True)
    next_amount = fields.Monetary("Next Amount", compute="_compute_progress", store=True)
    broken_on = fields.Date(readonly=True, copy=False, help="The last day of the instalment that was missed.")
    forgiven_until = fields.Date(
        readonly=True, copy=False, help="Instalments up to this day are not held against the customer."
    )

    _every_positive = models.Constraint(
        'CHECK ("every" > 0 AND count > 0 AND remind_days >= 0)', "The rhythm of a plan is more than zero."
    )

    @api.depends("move_ids")
    def _compute_from_invoices(self):
        for plan in self:
            moves = plan.move_ids
            partner = moves.commercial_partner_id[:1] or plan.partner_id
            plan.partner_id = partner.commercial_partner_id or partner
            plan.currency_id = moves.currency_id[:1] or plan.currency_id or plan.company_id.currency_id

    @api.depends("move_ids")
    def _compute_amount_total(self):
        for plan in self:
            # Once agreed, payments do not change what was agreed.
            if plan.state == "draft" or not plan.amount_total:
                plan.amount_total = sum(plan.move_ids.mapped("amount_residual"))

    @api.depends("line_ids.amount")
    def _compute_amount_planned(self):
        for plan in self:
            plan.amount_planned = sum(plan.line_ids.mapped("amount"))

    @api.depends("partner_id", "company_id")
    def _compute_owner_id(self):
        for plan in self:
            plan.owner_id = (
                plan.owner_id or plan.company_id.dunning_user_id or plan.partner_id.user_id or self.env.user
            )

    @api.depends("line_ids.paid_amount", "line_ids.amount", "line_ids.date", "line_ids.state")
    def _compute_progress(self):
        for plan in self:
            total = sum(plan.line_ids.mapped("amount"))
            plan.paid_amount = sum(plan.line_ids.mapped("paid_amount"))
            plan.open_amount = total - plan.paid_amount
            plan.progress = 100 * plan.paid_amount / total if total else 0
            following = plan.line_ids.filtered(lambda line: line.state != "paid").sorted("date")[:1]
            plan.next_date = following.date
            plan.next_amount = following.amount - following.paid_amount

    @api.depends("name", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for plan in self:
            number = plan.name if plan.name != "/" else self.env._("Draft plan")
            plan.display_name = f"{number} · {plan.partner_id.display_name or ''}"

    @api.constrains("move_ids", "partner_id")
    def _check_invoices(self):
        for plan in self:
            moves = plan.move_ids
            if any(move.move_type != "out_invoice" or move.state != "posted" for move in moves):
                raise ValidationError(self.env._("A plan is for posted customer invoices."))
            if len(moves.commercial_partner_id) > 1 or len(moves.currency_id) > 1:
                raise ValidationError(
                    self.env._("A plan is for the invoices of one customer, in one currency.")
                )

    # --- the schedule ---

    @api.onchange("move_ids", "count", "first_date", "every", "unit")
    def _onchange_schedule(self):
        """Show the instalments while they are being chosen."""
        if self.state == "draft" and self.move_ids and self.first_date and self.count > 0 and self.every > 0:
            self._divide()

    def action_divide(self):
        """Button: equal instalments anew, in place of those that are there."""
        for plan in self:
            if plan.state != "draft":
                raise UserError(self.env._("%s is agreed: change it first.", plan.display_name))
            plan._divide()

    def _divide(self):
        self.ensure_one()
        total = to_decimal(sum(self.move_ids.mapped("amount_residual")), self.currency_id)
        try:
            amounts = plans.split(total, self.count, self.currency_id.decimal_places)
        except ValueError as error:
            raise UserError(self.env._("Nothing to divide, or too little for so many parts.")) from error
        dates = plans.days(self.first_date, self.count, self.every, self.unit)
        self.line_ids = [
            (5, 0, 0),
            *(
                (0, 0, {"date": day, "amount": float(amount)})
                for day, amount in zip(dates, amounts, strict=True)
            ),
        ]

    # --- agreed, changed, ended ---

    def action_confirm(self):
        """The customer agrees: the ladder rests for these invoices."""
        for plan in self.filtered(lambda one: one.state == "draft"):
            plan._check_schedule()
            today = plan.company_id._receivables_today()
            settled = plan.company_id.sudo()._get_settlements(set(plan.move_ids.ids))
            plan.write(
                {
                    "state": "active",
                    "name": plan.name if plan.name != "/" else plan._next_number(),
                    "agreed_on": today,
                    "broken_on": False,
                    "forgiven_until": False,
                    "baseline": float(
                        sum((piece.amount for pieces in settled.values() for piece in pieces), 0)
                    ),
                }
            )
            plan._end_promises(today)
            plan._follow()

    def _next_number(self):
        # sudo: the number is drawn for the plan; collectors need no right on sequences.
        return self.env["ir.sequence"].sudo().with_company(self.company_id).next_by_code("payment.plan")

    def _end_promises(self, today):
        """A plan takes the place of what was promised for the same invoices."""
        promised = self.env["payment.promise"].search(
            [("move_ids", "in", self.move_ids.ids), ("state", "=", "open")]
        )
        promised.write({"state": "replaced", "decided_on": today})

    def _check_schedule(self):
        self.ensure_one()
        if not self.move_ids or not self.line_ids:
            raise UserError(self.env._("A plan needs invoices and instalments."))
        opened = sum(self.move_ids.mapped("amount_residual"))
        planned = sum(self.line_ids.mapped("amount"))
        if self.currency_id.compare_amounts(opened, planned):
            raise UserError(
                self.env._(
                    "The instalments are %(planned)s, but %(open)s is open: divide again or change a line.",
                    planned=self.currency_id.format(planned),
                    open=self.currency_id.format(opened),
                )
            )
        self.amount_total = opened
        today = self.company_id._receivables_today()
        if min(self.line_ids.mapped("date")) < today:
            raise UserError(self.env._("The first instalment lies in the past."))
        other = self.search(
            [("move_ids", "in", self.move_ids.ids), ("state", "=", "active"), ("id", "!=", self.id)], limit=1
        )
        if other:
            raise UserError(
                self.env._("One of the invoices is in the plan %s already: change that one.", other.name)
            )

    def action_change(self):
        """Negotiate again: a draft of what is open now; the paid instalments stay in the chatter."""
        for plan in self.filtered(lambda one: one.state in ("active", "broken")):
            plan.message_post(body=plan._get_schedule_words())
            plan.write({"state": "draft", "broken_on": False, "forgiven_until": False})
            plan._compute_amount_total()
            plan.first_date = max(plan.company_id._receivables_today(), plan.next_date or plan.first_date)
            plan.count = max(len(plan.line_ids.filtered(lambda line: line.state != "paid")), 1)
            if plan.amount_total:
                plan._divide()

    def _get_schedule_words(self):
        self.ensure_one()
        return self.env._(
            "The plan is changed. Until now: %s",
            "; ".join(
                f"{line.date:%d.%m.%Y} {self.currency_id.format(line.amount)}"
                f" ({self.currency_id.format(line.paid_amount)})"
                for line in self.line_ids
            ),
        )

    def action_forgive(self):
        """Go on with the plan although an instalment came late; what is due later counts as before."""
        for plan in self.filtered(lambda one: one.state == "broken"):
            plan.forgiven_until = plan.company_id._receivables_today()
            plan._follow()

    def action_cancel(self):
        """No plan any more: the ladder goes on."""
        self.filtered(lambda one: one.state in ("draft", "active", "broken")).state = "cancelled"

    def action_print(self):
        return self.env.ref("invoice_to_cash.report_plan").report_action(self)

    def action_send_agreement(self):
        """Compose the mail with the agreement attached."""
        self.ensure_one()
        template = self.env.ref("invoice_to_cash.mail_template_plan_agreement")
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template._get_letter_in(self._get_words_lang()).id,
                "default_composition_mode": "comment",
                "force_email": True,
            },
        }

    def unlink(self):
        if any(plan.state != "draft" or plan.agreed_on for plan in self):
            raise UserError(self.env._("A plan that was agreed is kept: cancel it instead."))
        return super().unlink()


class PaymentPlanLine(models.Model):
    _name = "payment.plan.line"
    _description = "Instalment of a Payment Plan"
    _order = "date, id"

    plan_id = fields.Many2one("payment.plan", "Plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True)
    partner_id = fields.Many2one(related="plan_id.partner_id", store=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    plan_state = fields.Selection(related="plan_id.state", string="Plan Status")
    date = fields.Date("Due", required=True)
    amount = fields.Monetary(required=True)
    paid_amount = fields.Monetary("Paid", readonly=True, copy=False)
    paid_on = fields.Date(readonly=True, copy=False)
    state = fields.Selection(
        [("open", "Open"), ("paid", "Paid"), ("late", "Late")],
        "Status",
        default="open",
        required=True,
        readonly=True,
        copy=False,
    )
    reminded_on = fields.Date(readonly=True, copy=False)
    missed_reminded_on = fields.Date("Asked About On", readonly=True, copy=False)

    _amount_positive = models.Constraint("CHECK (amount > 0)", "An instalment is more than nothing.")

    def _check_draft(self):
        agreed = self.plan_id.filtered(lambda plan: plan.state != "draft")
        if agreed and not self.env.su:
            raise UserError(self.env._("%s is agreed: change it first.", agreed[0].display_name))

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_draft()
        return lines

    def write(self, vals):
        if {"date", "amount", "plan_id"} & vals.keys():
            self._check_draft()
        return super().write(vals)

    def unlink(self):
        self._check_draft()
        return super().unlink()
