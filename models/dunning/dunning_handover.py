from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

STATES = [
    ("open", "With a person"),
    ("lawyer", "With the lawyer"),
    ("returned", "Back in the reminders"),
    ("paid", "Paid"),
    ("written_off", "Written off"),
]
#: While a case is in one of these, automatic letters are silent for the customer.
OPEN_STATES = ("open", "lawyer")


class DunningChecklistItem(models.Model):
    """What a person does with a debtor whom the letters did not move: the list that each case begins with."""

    _name = "dunning.checklist.item"
    _description = "Hand-over Checklist"
    _order = "sequence, id"

    name = fields.Char("To Do", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Leave empty to share it between companies.")


class DunningHandover(models.Model):
    """A debtor in the hands of a person: owner, checklist, evidence, and how it ended."""

    _name = "dunning.handover"
    _description = "Handed-over Debtor"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, readonly=True
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    profile_id = fields.Many2one("payer.profile", ondelete="set null", readonly=True)
    owner_id = fields.Many2one(
        "res.users", "Owner", required=True, domain="[('share', '=', False)]", tracking=True
    )
    lawyer_id = fields.Many2one("res.partner", "Lawyer", tracking=True)
    date = fields.Date("Since", required=True, readonly=True)
    reason = fields.Char(readonly=True)
    state = fields.Selection(
        STATES, "Status", required=True, default="open", readonly=True, index=True, tracking=True, copy=False
    )
    reminder_ids = fields.One2many("dunning.reminder", "handover_id", "Handed Over by", readonly=True)
    task_ids = fields.One2many("dunning.handover.task", "handover_id", "Checklist")
    done_share = fields.Float("Done", compute="_compute_done_share", store=True, aggregator="avg")
    note = fields.Html()
    closed_on = fields.Date(readonly=True, copy=False)
    return_until = fields.Date(
        "No Letters Until",
        help="With the return, the reminders rest until this day; what is open then goes on where it was.",
    )
    amount_open = fields.Monetary(
        "Overdue", currency_field="company_currency_id", compute="_compute_amount_open"
    )
    write_off_ids = fields.One2many("dunning.write.off", "handover_id", "Write-offs", readonly=True)

    _one_open = models.UniqueIndex(
        "(company_id, partner_id) WHERE state IN ('open', 'lawyer')",
        "This customer is handed over already.",
    )

    @api.depends("task_ids.is_done")
    def _compute_done_share(self):
        for case in self:
            tasks = case.task_ids
            case.done_share = 100 * len(tasks.filtered("is_done")) / len(tasks) if tasks else 0

    def _compute_amount_open(self):
        for case in self:
            case.amount_open = case.profile_id.overdue_total

    @api.depends("partner_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for case in self:
            case.display_name = self.env._(
                "%(customer)s, since %(date)s",
                customer=case.partner_id.display_name or "",
                date=format_date(self.env, case.date),
            )

    # --- the way in ---

    @api.model
    def _open_for(self, company, partners, reason="", reminders=None):
        """The open cases of these commercial partners; made where there are none. Two statements."""
        # sudo: the ladder hands over, whoever pressed the button; profiles and tasks of its customers only.
        cases = self.sudo()
        found = cases.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", partners.ids),
                ("state", "in", OPEN_STATES),
            ]
        )
        missing = partners - found.partner_id
        if missing:
            profiles = {
                p.partner_id: p for p in self.env["payer.profile"].sudo()._get_or_create(company, missing)
            }
            items = (
                self.env["dunning.checklist.item"].sudo().search([("company_id", "in", (False, company.id))])
            )
            values = []
            for partner in missing:
                owner = company._get_dunning_responsible(partner)
                values.append(
                    {
                        "partner_id": partner.id,
                        "company_id": company.id,
                        "profile_id": profiles[partner].id,
                        "owner_id": owner.id,
                        "date": company._receivables_today(),
                        "reason": reason,
                        "task_ids": [
                            (0, 0, {"name": item.name, "sequence": item.sequence})
                            for item in items.with_context(lang=owner.lang)
                        ],
                    }
                )
            found |= cases.with_context(mail_create_nosubscribe=True).create(values)
        for case in found if reminders else ():
            of_case = reminders.filtered(lambda one, case=case: one.partner_id == case.partner_id)
            of_case.sudo().with_context(tracking_disable=True).handover_id = case
        return found

    # --- what the owner does ---

    def _check_open(self):
        closed = self.filtered(lambda case: case.state not in OPEN_STATES)
        if closed:
            raise UserError(self.env._("%s is closed.", closed[0].display_name))

    def action_lawyer(self):
        """From here on it is the lawyer's; the folder of evidence goes along."""
        self._check_open()
        self.state = "lawyer"
        return self.action_evidence_zip() if len(self) == 1 else True

    def action_take_back(self):
        """Back from the lawyer to the owner."""
        self._check_open()
        self.state = "open"

    def action_return(self):
        """Back to the reminders: what was handed over may be written about again."""
        self._check_open()
        for company, cases in self.grouped("company_id").items():
            today = company._receivables_today()
            if any(not case.return_until or case.return_until < today for case in cases):
                raise UserError(
                    self.env._(
                        "Say until when there are no letters: else the debt comes back to you tomorrow."
                    )
                )
            self.env["dunning.pause"].create(
                [
                    {
                        "partner_id": case.partner_id.id,
                        "company_id": company.id,
                        "date_until": case.return_until,
                        "reason": self.env._("Back from the hand-over"),
                    }
                    for case in cases
                ]
            )
            # sudo: what was handed over by these cases counts no more, so that the step may come again.
            cases.sudo().reminder_ids.with_context(tracking_disable=True).write({"state": "returned"})
            cases._close("returned")

    def _close(self, state):
        for company, cases in self.grouped("company_id").items():
            cases.write({"state": state, "closed_on": company._receivables_today()})
        # sudo: the tasks of a closed case may be another's.
        cases = self.sudo()
        cases.activity_unlink(["mail.mail_activity_data_todo"])
        cases.reminder_ids.activity_unlink(["invoice_to_cash.activity_hand_over"])

    def action_open_invoices(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("invoice_to_cash.action_invoices")
        action["domain"] = [
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("commercial_partner_id", "=", self.partner_id.id),
            ("company_id", "=", self.company_id.id),
        ]
        action["context"] = {"search_default_overdue": 1}
        return action

    def action_propose_write_off(self):
        """A proposal over what is overdue, for a manager to approve."""
        self.ensure_one()
        self._check_open()
        moves = self._get_overdue_invoices()
        if not moves:
            raise UserError(self.env._("Nothing of %s is overdue.", self.partner_id.display_name))
        proposal = self.env["dunning.write.off"].create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "handover_id": self.id,
                "line_ids": [(0, 0, {"move_id": move.id, "amount": move.amount_residual}) for move in moves],
            }
        )
        return proposal._get_form()

    def _get_overdue_invoices(self):
        self.ensure_one()
        return self.env["account.move"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("commercial_partner_id", "=", self.partner_id.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("amount_residual", ">", 0),
                ("invoice_date_due", "<", self.company_id._receivables_today()),
            ],
            order="invoice_date_due, id",
        )

    @api.model
    def _cron_close_paid(self):
        """Cases of customers who owe nothing overdue any more."""
        for company, cases in self.search([("state", "in", OPEN_STATES)]).grouped("company_id").items():
            today = company._receivables_today()
            owing = {
                position.partner_id
                for position in company._get_receivable_positions(cases.partner_id)
                if position.residual > 0 and position.due_date < today
            }
            paid = cases.filtered(lambda case, owing=owing: case.partner_id.id not in owing)
            paid._close("paid")
            self.env["ir.cron"]._commit_progress(len(cases))


class DunningHandoverTask(models.Model):
    _name = "dunning.handover.task"
    _description = "Task of a Hand-over"
    _order = "sequence, id"

    handover_id = fields.Many2one("dunning.handover", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="handover_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char("To Do", required=True)
    is_done = fields.Boolean("Done")
    done_on = fields.Date(readonly=True)
    done_by_id = fields.Many2one("res.users", "Done By", readonly=True)
    note = fields.Char()

    def write(self, vals):
        if "is_done" in vals and "done_on" not in vals:
            today = self.handover_id.company_id[:1]._receivables_today()
            vals = {
                **vals,
                "done_on": today if vals["is_done"] else False,
                "done_by_id": self.env.uid if vals["is_done"] else False,
            }
        return super().write(vals)


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    handover_id = fields.Many2one(
        "dunning.handover",
        "Hand-over",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def _assign_tasks(self):
        """Extend: a customer whom the ladder hands over gets a case."""
        handed = self.filtered(lambda reminder: reminder.state == "handed_over" and not reminder.handover_id)
        for company, reminders in handed.grouped("company_id").items():
            self.env["dunning.handover"]._open_for(
                company, reminders.partner_id, self.env._("All steps of the ladder are done"), reminders
            )
        return super()._assign_tasks()

    def action_open_handover(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dunning.handover",
            "res_id": self.handover_id.id,
            "view_mode": "form",
        }


class PayerProfile(models.Model):
    _inherit = "payer.profile"

    handover_ids = fields.One2many("dunning.handover", "profile_id", "Hand-overs", readonly=True)

    def action_hand_over(self):
        """Take the customer out of the letters by hand, whatever step they are on."""
        cases = self.env["dunning.handover"]
        for company, profiles in self.grouped("company_id").items():
            cases |= cases._open_for(company, profiles.partner_id, self.env._("Handed over by hand"))
        if len(cases) != 1:
            return True
        return {
            "type": "ir.actions.act_window",
            "res_model": "dunning.handover",
            "res_id": cases.id,
            "view_mode": "form",
        }


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_handed_over(self, partners) -> tuple[set[int], dict]:
        """(customers in the hands of a person, {customer: day of the last return}); one query."""
        self.ensure_one()
        with_person, returned = set(), {}
        if not partners:
            return with_person, returned
        for partner, state, day in (
            self.env["dunning.handover"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", self.id),
                    ("partner_id", "in", partners.ids),
                    ("state", "in", (*OPEN_STATES, "returned")),
                ],
                ["partner_id", "state"],
                ["closed_on:max"],
            )
        ):
            if state in OPEN_STATES:
                with_person.add(partner.id)
            else:
                returned[partner.id] = day
        return with_person, returned
