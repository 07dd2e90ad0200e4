import datetime
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_round, format_date, formatLang

from ...core.dunning import promises

STATES = [
    ("open", "Open"),
    ("kept", "Kept"),
    ("broken", "Broken"),
    ("void", "Settled otherwise"),
    ("replaced", "Replaced"),
    ("cancelled", "Withdrawn"),
]
#: States that the ledger decides, again and again.
JUDGED = ("open", "kept", "broken", "void")
SOURCES = [
    ("phone", "By telephone"),
    ("mail", "By mail"),
    ("meeting", "In person"),
    ("portal", "In the portal"),
]
#: A verdict is looked at again when money is booked late, up to so many days after the promised one.
LOOK_BACK_DAYS = 90


def to_decimal(amount, currency) -> Decimal:
    """An amount of the ORM as the Decimal that it stands for."""
    return Decimal(str(float_round(amount, precision_digits=currency.decimal_places)))


class PaymentPromise(models.Model):
    """The customer says when money will come: for invoices, or a sum. The system finds out whether it did."""

    _name = "payment.promise"
    _description = "Promise to Pay"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

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
    move_ids = fields.Many2many(
        "account.move",
        "payment_promise_move_rel",
        string="Invoices",
        check_company=True,
        domain="[('move_type', '=', 'out_invoice'), ('state', '=', 'posted'),"
        " ('company_id', '=', company_id), ('amount_residual', '>', 0),"
        " ('commercial_partner_id', '=?', partner_id)]",
        help="Empty: a sum for whatever is oldest.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_from_invoices",
        store=True,
        readonly=False,
        precompute=True,
    )
    amount = fields.Monetary(
        "Promised", required=True, compute="_compute_amount", store=True, readonly=False, precompute=True
    )
    date = fields.Date("Pays Until", required=True, tracking=True)
    given_on = fields.Date(
        required=True, default=lambda self: self.env.company._receivables_today(), readonly=True, copy=False
    )
    last_day = fields.Date(
        "Chased Again After",
        compute="_compute_last_day",
        store=True,
        help="The promised day and the days that a bank takes.",
    )
    user_id = fields.Many2one(
        "res.users", "Noted By", required=True, readonly=True, default=lambda self: self.env.user
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
        help="Is told when the promise is broken.",
    )
    source = fields.Selection(SOURCES, "Given", required=True, default="phone")
    note = fields.Text(help="In the customer's words.")
    state = fields.Selection(
        STATES, "Status", required=True, default="open", readonly=True, copy=False, index=True, tracking=True
    )
    decided_on = fields.Date(readonly=True, copy=False, help="When the money was there, or was missed.")
    paid_amount = fields.Monetary("Paid in Time", readonly=True, copy=False)
    missing_amount = fields.Monetary("Missing", readonly=True, copy=False)
    baseline = fields.Monetary(
        readonly=True, copy=False, help="What had been settled of the invoices before the promise."
    )

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A promise is about more than nothing.")
    _open_last_day = models.Index("(company_id, last_day) WHERE state = 'open'")
    _partner_state = models.Index("(company_id, partner_id, state)")

    @api.depends("move_ids")
    def _compute_from_invoices(self):
        for promise in self:
            moves = promise.move_ids
            partner = moves.commercial_partner_id[:1] or promise.partner_id
            promise.partner_id = partner.commercial_partner_id or partner
            promise.currency_id = (
                moves.currency_id[:1] or promise.currency_id or promise.company_id.currency_id
            )

    @api.depends("move_ids")
    def _compute_amount(self):
        for promise in self:
            promise.amount = sum(promise.move_ids.mapped("amount_residual")) or promise.amount

    @api.depends("date", "company_id.promise_grace_days")
    def _compute_last_day(self):
        for promise in self:
            # A change of the setting is for promises to come.
            if promise.date and (promise.state == "open" or not promise.last_day):
                grace = promise.company_id.promise_grace_days
                promise.last_day = promise.date + datetime.timedelta(days=grace)

    @api.depends("partner_id", "company_id")
    def _compute_owner_id(self):
        for promise in self:
            promise.owner_id = (
                promise.owner_id
                or promise.company_id.dunning_user_id
                or promise.partner_id.user_id
                or self.env.user
            )

    @api.depends("partner_id", "date", "amount", "currency_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for promise in self:
            promise.display_name = self.env._(
                "%(customer)s: %(amount)s until %(date)s",
                customer=promise.partner_id.display_name or "",
                amount=formatLang(self.env, promise.amount, currency_obj=promise.currency_id),
                date=format_date(self.env, promise.date),
            )

    @api.constrains("move_ids", "partner_id", "amount", "currency_id")
    def _check_invoices(self):
        for promise in self:
            moves = promise.move_ids
            if any(move.move_type != "out_invoice" or move.state != "posted" for move in moves):
                raise ValidationError(self.env._("Only posted customer invoices can be promised to be paid."))
            if len(moves.commercial_partner_id) > 1 or (
                moves and moves.commercial_partner_id != promise.partner_id
            ):
                raise ValidationError(self.env._("A promise is about the invoices of one customer."))
            if moves and moves.currency_id != promise.currency_id:
                raise ValidationError(self.env._("A promise is in the currency of its invoices."))
            # The open sum of an invoice shrinks with payments: asked for when the promise is given only.
            total = sum(moves.mapped("amount_total"))
            if moves and promise.currency_id.compare_amounts(promise.amount, total) > 0:
                raise ValidationError(
                    self.env._(
                        "%(amount)s is promised, but the invoices are only over %(total)s.",
                        amount=promise.currency_id.format(promise.amount),
                        total=promise.currency_id.format(total),
                    )
                )

    @api.constrains("date", "given_on")
    def _check_date(self):
        for promise in self:
            if promise.date < promise.given_on:
                raise ValidationError(self.env._("A promise is for a day that has not passed."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("partner_id"):
                partner = self.env["res.partner"].browse(vals["partner_id"])
                vals["partner_id"] = partner.commercial_partner_id.id
        promises_made = super().create(vals_list)
        for promise in promises_made:
            promise._replace_earlier()
        promises_made._store_baseline()
        return promises_made

    def write(self, vals):
        result = super().write(vals)
        if "move_ids" in vals:
            self._store_baseline()
        return result

    def _store_baseline(self):
        """Note what had been settled before: only what comes on top keeps the promise."""
        for company, group in self.grouped("company_id").items():
            settled = company.sudo()._get_settlements(set(group.move_ids.ids))
            for promise in group:
                pieces = [piece for move in promise.move_ids for piece in settled.get(move.id, ())]
                promise.baseline = float(sum((piece.amount for piece in pieces), Decimal(0)))

    def _replace_earlier(self):
        """One promise at a time for the same invoices: the customer has given a new day."""
        self.ensure_one()
        others = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("currency_id", "=", self.currency_id.id),
                ("state", "=", "open"),
                ("id", "!=", self.id),
            ]
        )
        same = others.filtered(
            lambda other: bool(other.move_ids & self.move_ids) or not (other.move_ids or self.move_ids)
        )
        same.write({"state": "replaced", "decided_on": self.given_on})

    # --- the way in for other rooms (portal, API) ---

    @api.model
    @api.private
    def register(self, partner, date, moves=None, amount=None, note="", source="phone"):
        """Note a promise of a customer; the reminders are silent until its day.

        :param partner: the customer or one of its contacts
        :param date: the last day on which the money is promised
        :param moves: the invoices; None or empty: ``amount`` of whatever is oldest
        :param amount: in the currency of the invoices; all that is open when None
        :raises UserError: when the day has passed, lies too far ahead or (portal) the customer has broken
            too many promises
        :return: the promise
        """
        moves = moves or self.env["account.move"]
        company = moves.company_id[:1] or self.env.company
        today = company._receivables_today()
        partner = (moves.commercial_partner_id or partner.commercial_partner_id)[:1]
        if date < today:
            raise UserError(self.env._("A promise is for a day that has not passed."))
        if source == "portal":
            self._check_portal_promise(company, partner, date, today)
        values = {
            "partner_id": partner.id,
            "company_id": company.id,
            "move_ids": [(6, 0, moves.ids)],
            "date": date,
            "given_on": today,
            "source": source,
            "note": note,
        }
        if amount:
            values["amount"] = amount
        return self.create(values)

    @api.model
    def _check_portal_promise(self, company, partner, date, today):
        """What a customer may promise without asking anybody."""
        if date > today + datetime.timedelta(days=company.promise_max_days):
            raise UserError(
                self.env._(
                    "Please name a day within the next %s days, or write to us.", company.promise_max_days
                )
            )
        latest = self.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", partner.id),
                ("state", "in", ("kept", "broken")),
            ],
            limit=2,
        )
        if latest.mapped("state") == ["broken", "broken"]:
            raise UserError(self.env._("Please write to us: we would like to agree on the payment with you."))

    # --- buttons ---

    def action_cancel(self):
        """The customer has taken the promise back; the reminders go on."""
        for company, group in self.filtered(lambda one: one.state == "open").grouped("company_id").items():
            group.write({"state": "cancelled", "decided_on": company._receivables_today()})

    def action_judge(self):
        """Look at the payments now."""
        self._judge()

    def action_plan(self):
        """Instalments for what was promised and not paid."""
        self.ensure_one()
        return self.move_ids.action_payment_plan() if self.move_ids else self.partner_id.action_payment_plan()


class ResCompany(models.Model):
    _inherit = "res.company"

    promise_grace_days = fields.Integer(
        "Days of Grace for Promises",
        default=promises.GRACE_DAYS,
        help="A promise is broken so many days after its day: a transfer takes its time.",
    )
    promise_max_days = fields.Integer(
        "Promises of Customers, Days Ahead",
        default=14,
        help="How far ahead customers may promise by themselves in the portal.",
    )

    _promise_days = models.Constraint(
        "CHECK (promise_grace_days >= 0 AND promise_max_days >= 0)", "Days of promises cannot be negative."
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    promise_grace_days = fields.Integer(related="company_id.promise_grace_days", readonly=False)
    promise_max_days = fields.Integer(related="company_id.promise_max_days", readonly=False)
