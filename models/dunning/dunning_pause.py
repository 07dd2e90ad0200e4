from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class DunningPause(models.Model):
    """No reminders to a customer, or about one invoice, until a day. It ends by itself; the record stays."""

    _name = "dunning.pause"
    _description = "Pause of Reminders"
    _order = "date_until desc, id desc"
    _rec_name = "reason"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="cascade",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    move_id = fields.Many2one(
        "account.move",
        "Invoice",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        domain="[('move_type', '=', 'out_invoice'), ('state', '=', 'posted')]",
        help="Empty: all invoices of the customer.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date_from = fields.Date("From", help="Empty: at once.")
    date_until = fields.Date("Until", required=True, help="The last day of silence; it ends by itself.")
    reason = fields.Char(required=True)
    user_id = fields.Many2one(
        "res.users", "Paused By", required=True, readonly=True, default=lambda self: self.env.user
    )
    ended_on = fields.Date("Ended Early On", readonly=True, copy=False)
    ended_by_id = fields.Many2one("res.users", "Ended By", readonly=True, copy=False)
    state = fields.Selection(
        [("planned", "Planned"), ("active", "In Force"), ("over", "Over"), ("ended", "Ended early")],
        "Status",
        compute="_compute_state",
    )
    is_active = fields.Boolean("Active Now", compute="_compute_state", search="_search_is_active")

    _running = models.Index("(company_id, partner_id, date_until) WHERE ended_on IS NULL")

    @api.depends("move_id")
    def _compute_partner_id(self):
        for pause in self:
            partner = pause.move_id.commercial_partner_id or pause.partner_id
            pause.partner_id = partner.commercial_partner_id or partner

    @api.depends("date_from", "date_until", "ended_on")
    def _compute_state(self):
        today = {company: company._receivables_today() for company in self.company_id}
        for pause in self:
            day = today.get(pause.company_id)
            if pause.ended_on:
                pause.state = "ended"
            elif not day or not pause.date_until or pause.date_until < day:
                pause.state = "over"
            else:
                pause.state = "planned" if pause.date_from and pause.date_from > day else "active"
            pause.is_active = pause.state == "active"

    def _search_is_active(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return self._get_running_domain(self.env.company._receivables_today())

    @api.model
    def _get_running_domain(self, today) -> Domain:
        """Pauses that are running on ``today``."""
        return (
            Domain("ended_on", "=", False)
            & Domain("date_until", ">=", today)
            & (Domain("date_from", "=", False) | Domain("date_from", "<=", today))
        )

    @api.constrains("date_from", "date_until")
    def _check_dates(self):
        for pause in self:
            if pause.date_from and pause.date_from > pause.date_until:
                raise ValidationError(self.env._("The pause ends before it begins."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("partner_id") and not vals.get("move_id"):
                partner = self.env["res.partner"].browse(vals["partner_id"])
                vals["partner_id"] = partner.commercial_partner_id.id
        return super().create(vals_list)

    def action_end(self):
        """The reminders go on from today."""
        for company, pauses in self.filtered(lambda pause: not pause.ended_on).grouped("company_id").items():
            pauses.write({"ended_on": company._receivables_today(), "ended_by_id": self.env.uid})


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_dunning_pauses(self, partners, move_ids, today) -> tuple[dict, dict]:
        """The last days of the pauses that run on ``today``; one query.

        :return: ({commercial partner id: date} of whole customers, {move id: date} of invoices)
        """
        self.ensure_one()
        self.env["dunning.pause"].flush_model()
        customers, invoices = {}, {}
        if not partners:
            return customers, invoices
        for partner, move, until in self.env.execute_query(
            SQL(
                """SELECT partner_id, move_id, MAX(date_until) FROM dunning_pause
                    WHERE company_id = %s AND partner_id IN %s AND ended_on IS NULL
                      AND date_until >= %s AND (date_from IS NULL OR date_from <= %s)
                    GROUP BY partner_id, move_id""",
                self.id,
                tuple(partners.ids),
                today,
                today,
            )
        ):
            if move is None:
                customers[partner] = until
            elif move in move_ids:
                invoices[move] = until
        return customers, invoices


class PayerProfile(models.Model):
    _inherit = "payer.profile"

    pause_ids = fields.One2many("dunning.pause", compute="_compute_pauses", string="Pauses")
    paused_until = fields.Date(
        compute="_compute_pauses",
        inverse="_inverse_pause",
        search="_search_paused_until",
        help="The last day without reminders; they go on the day after.",
    )
    pause_reason = fields.Char(compute="_compute_pauses", inverse="_inverse_pause")
    pause_user_id = fields.Many2one("res.users", "Paused By", compute="_compute_pauses")
    is_paused = fields.Boolean(compute="_compute_is_paused", search="_search_is_paused")

    def _get_customer_pauses(self):
        """{(company, partner): pauses of the whole customer }, latest first; one query."""
        pauses = self.env["dunning.pause"].search(
            [("company_id", "in", self.company_id.ids), ("partner_id", "in", self.partner_id.ids)]
        )
        return pauses.grouped(lambda pause: (pause.company_id, pause.partner_id))

    @api.depends("partner_id", "company_id")
    def _compute_pauses(self):
        found = self._get_customer_pauses()
        for profile in self:
            pauses = found.get((profile.company_id, profile.partner_id), self.env["dunning.pause"])
            profile.pause_ids = pauses
            running = pauses.filtered(lambda pause: not pause.move_id and pause.is_active)[:1]
            profile.paused_until = running.date_until
            profile.pause_reason = running.reason
            profile.pause_user_id = running.user_id

    def _inverse_pause(self):
        """A day written here is a pause of the customer; none ends the one that runs."""
        found = self._get_customer_pauses()
        for profile in self:
            until, reason = profile.paused_until, profile.pause_reason
            pauses = found.get((profile.company_id, profile.partner_id), self.env["dunning.pause"])
            running = pauses.filtered(
                lambda pause: not pause.move_id and pause.state in ("active", "planned")
            )
            if not until:
                running.action_end()
                continue
            same = running.filtered(lambda pause, until=until: pause.date_until == until)[:1]
            (running - same).action_end()
            reason = reason or same.reason or self.env._("No reason given")
            if not same:
                same.create(
                    {
                        "partner_id": profile.partner_id.id,
                        "company_id": profile.company_id.id,
                        "date_until": until,
                        "reason": reason,
                    }
                )
            elif same.reason != reason:
                same.reason = reason
        self.invalidate_recordset(["pause_ids", "pause_user_id", "is_paused"])

    def _search_paused_until(self, operator, value):
        pauses = self.env["dunning.pause"]._search(
            self.env["dunning.pause"]._get_running_domain(self.env.company._receivables_today())
            & Domain("move_id", "=", False)
            & Domain("company_id", "=", self.env.company.id)
            & (Domain("date_until", operator, value) if value else Domain.TRUE)
        )
        found = Domain("company_id", "=", self.env.company.id) & Domain(
            "partner_id.id", "in", pauses.subselect("partner_id")
        )
        return ~found if operator == "in" and value in (False, {False}) else found

    @api.depends("paused_until")
    def _compute_is_paused(self):
        for profile in self:
            profile.is_paused = bool(profile.paused_until)

    def _search_is_paused(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return self._search_paused_until(">=", self.env.company._receivables_today())

    def action_pause(self):
        """Button: a new pause of the customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pause Reminders"),
            "res_model": "dunning.pause",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
            },
        }


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    def _get_pause_words(self) -> dict:
        """{message: reason and author of the pause that holds it}; one query for any number."""
        # sudo: the reason is shown to whoever may see the message.
        pauses = (
            self.env["dunning.pause"]
            .sudo()
            .search(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("partner_id", "in", self.partner_id.ids),
                    ("ended_on", "=", False),
                ]
            )
        )
        words = {}
        for reminder in self:
            for pause in pauses:
                if (
                    (pause.company_id, pause.partner_id) == (reminder.company_id, reminder.partner_id)
                    and (not pause.move_id or pause.move_id in reminder.line_ids.move_id)
                    and (pause.date_from or reminder.date) <= reminder.date <= pause.date_until
                ):
                    words[reminder] = f"{pause.reason} ({pause.user_id.name})"
                    break
        return words
