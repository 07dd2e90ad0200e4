from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

MANAGER = "invoice_to_cash.group_manager"


class DunningWriteOff(models.Model):
    """A proposal to give up a debt. A manager approves it; the entry is Odoo's own, and can be reversed."""

    _name = "dunning.write.off"
    _description = "Write-off of a Debt"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    partner_id = fields.Many2one("res.partner", "Customer", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    handover_id = fields.Many2one(
        "dunning.handover", "Hand-over", ondelete="set null", index="btree_not_null", check_company=True
    )
    line_ids = fields.One2many("dunning.write.off.line", "write_off_id", "Invoices")
    amount_total = fields.Monetary("Written Off", compute="_compute_amount_total", store=True)
    reason = fields.Text(help="Why nothing will come: bankruptcy, limitation, more expensive than the debt.")
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("approved", "Written off"),
            ("rejected", "Rejected"),
            ("undone", "Undone"),
        ],
        "Status",
        required=True,
        default="proposed",
        readonly=True,
        copy=False,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users", "Proposed By", required=True, readonly=True, default=lambda self: self.env.user
    )
    date = fields.Date(
        "Proposed", required=True, readonly=True, default=lambda self: self.env.company._receivables_today()
    )
    decided_by_id = fields.Many2one("res.users", "Decided By", readonly=True, copy=False)
    decided_on = fields.Date("Decided", readonly=True, copy=False)
    entry_id = fields.Many2one("account.move", "Entry", readonly=True, copy=False, ondelete="restrict")
    reversal_id = fields.Many2one("account.move", readonly=True, copy=False, ondelete="restrict")

    @api.depends("line_ids.amount", "line_ids.move_id")
    def _compute_amount_total(self):
        for proposal in self:
            proposal.amount_total = sum(line._get_company_amount() for line in proposal.line_ids)

    @api.depends("partner_id", "date")
    def _compute_display_name(self):
        for proposal in self:
            proposal.display_name = self.env._("Write-off: %s", proposal.partner_id.display_name or "")

    @api.model_create_multi
    def create(self, vals_list):
        proposals = super().create(vals_list)
        proposals._ask_for_approval()
        return proposals

    def write(self, vals):
        if {"line_ids", "partner_id", "company_id"} & vals.keys() and any(
            proposal.state != "proposed" for proposal in self
        ):
            raise UserError(self.env._("A write-off that is decided is not changed any more."))
        return super().write(vals)

    def unlink(self):
        if any(proposal.entry_id for proposal in self):
            raise UserError(self.env._("A write-off that was booked is kept: undo it instead."))
        return super().unlink()

    def _ask_for_approval(self):
        for proposal in self:
            manager = proposal._get_approver()
            if manager:
                proposal.activity_schedule(
                    "invoice_to_cash.activity_write_off",
                    summary=proposal.with_context(lang=manager.lang).env._(
                        "Write off %s?", proposal.currency_id.format(proposal.amount_total)
                    ),
                    user_id=manager.id,
                )

    def _get_approver(self):
        """Who is asked: the responsible for reminders if a manager, else a manager of the company."""
        self.ensure_one()
        # sudo: only who of the company is a manager is read.
        responsible = self.company_id.sudo().dunning_user_id
        if responsible and responsible.has_group(MANAGER):
            return responsible
        managers = (
            self.env.ref(MANAGER)
            .sudo()
            .all_user_ids.filtered(
                lambda user: not user.share and user.active and self.company_id in user.company_ids
            )
        )
        return (managers - self.env.ref("base.user_root"))[:1]

    def _get_form(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    # --- a manager's decision ---

    def _check_manager(self):
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("A manager of receivables decides about write-offs."))

    def action_approve(self):
        self._check_manager()
        for proposal in self:
            if proposal.state != "proposed":
                raise UserError(self.env._("%s is decided already.", proposal.display_name))
            proposal._book()
            proposal._decide("approved")
            case = proposal.handover_id
            if case.state in ("open", "lawyer") and not case._get_overdue_invoices():
                case._close("written_off")

    def action_reject(self):
        self._check_manager()
        self.filtered(lambda proposal: proposal.state == "proposed")._decide("rejected")

    def _decide(self, state):
        for company, proposals in self.grouped("company_id").items():
            proposals.write(
                {
                    "state": state,
                    "decided_by_id": self.env.uid,
                    "decided_on": company._receivables_today(),
                }
            )
        # sudo: the question may have been put to another manager.
        self.sudo().activity_unlink(["invoice_to_cash.activity_write_off"])

    def _book(self):
        """One entry against the configured account, reconciled with each invoice, oldest instalment first."""
        self.ensure_one()
        company = self.company_id
        account, journal = company.bad_debt_account_id, company._get_bad_debt_journal()
        if not account or not journal:
            raise UserError(
                self.env._(
                    "Choose the account for bad debts in the settings of receivables first (company %s).",
                    company.name,
                )
            )
        pieces = []
        for line in self.line_ids:
            line._check_amount()
            pieces += line._get_pieces()
        if not pieces:
            raise UserError(self.env._("There is nothing to write off."))
        # sudo: the manager's group was checked; the entry touches the account for bad debts and the chosen
        # invoices of this company only.
        entry = (
            self.env["account.move"]
            .sudo()
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": journal.id,
                    "date": company._receivables_today(),
                    "ref": self.display_name,
                    "line_ids": [
                        command
                        for item, amount_currency, balance in pieces
                        for command in (
                            Command.create(
                                {
                                    "name": self.env._("Written off: %s", item.move_id.name),
                                    "account_id": item.account_id.id,
                                    "partner_id": item.partner_id.id,
                                    "currency_id": item.currency_id.id,
                                    "amount_currency": -amount_currency,
                                    "balance": -balance,
                                }
                            ),
                            Command.create(
                                {
                                    "name": self.env._("Written off: %s", item.move_id.name),
                                    "account_id": account.id,
                                    "partner_id": item.partner_id.id,
                                    "currency_id": item.currency_id.id,
                                    "amount_currency": amount_currency,
                                    "balance": balance,
                                }
                            ),
                        )
                    ],
                }
            )
        )
        entry.action_post()
        credits = entry.line_ids.filtered(lambda one: one.account_id.account_type == "asset_receivable")
        items = self.env["account.move.line"].sudo()
        items._reconcile_plan(
            [piece[0].sudo() | credit for piece, credit in zip(pieces, credits.sorted("id"), strict=True)]
        )
        self.entry_id = entry
        self.line_ids.move_id._log_tracking_event(
            "action", "system", self.env._("Written off by %s", self.env.user.name)
        )

    def action_undo(self):
        """The debt is open again: the entry is reversed, both stay in the books."""
        self._check_manager()
        for proposal in self:
            if proposal.state != "approved":
                raise UserError(self.env._("Only what was written off can be undone."))
            # sudo: as for booking; the group was checked.
            entry = proposal.entry_id.sudo()
            entry.line_ids.filtered(lambda one: one.matched_debit_ids).remove_move_reconcile()
            reversal = entry._reverse_moves(
                [
                    {
                        "date": proposal.company_id._receivables_today(),
                        "ref": self.env._("Undone: %s", proposal.display_name),
                    }
                ],
                cancel=True,
            )
            proposal.reversal_id = reversal
            proposal._decide("undone")
            case = proposal.handover_id
            if case.state == "written_off":
                case.write({"state": "open", "closed_on": False})

    def action_open_entry(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.entry_id.id,
            "view_mode": "form",
        }


class DunningWriteOffLine(models.Model):
    _name = "dunning.write.off.line"
    _description = "Invoice to Write Off"

    write_off_id = fields.Many2one(
        "dunning.write.off", "Proposal", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="write_off_id.company_id", store=True)
    partner_id = fields.Many2one(related="write_off_id.partner_id")
    move_id = fields.Many2one(
        "account.move",
        "Invoice",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('move_type', '=', 'out_invoice'), ('state', '=', 'posted'), ('amount_residual', '>', 0),"
        " ('commercial_partner_id', '=', partner_id), ('company_id', '=', company_id)]",
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    date_due = fields.Date(related="move_id.invoice_date_due")
    residual = fields.Monetary(related="move_id.amount_residual", string="Open")
    amount = fields.Monetary(
        "Write Off", compute="_compute_amount", store=True, readonly=False, precompute=True, required=True
    )

    _move_once = models.UniqueIndex("(write_off_id, move_id)", "Each invoice stands in a write-off once.")

    @api.depends("move_id")
    def _compute_amount(self):
        for line in self:
            line.amount = line.amount or line.move_id.amount_residual

    @api.constrains("move_id")
    def _check_move(self):
        for line in self:
            if (
                line.move_id.commercial_partner_id != line.write_off_id.partner_id.commercial_partner_id
                or line.move_id.company_id != line.write_off_id.company_id
            ):
                raise ValidationError(
                    self.env._("%s is not an invoice of this customer and company.", line.move_id.name)
                )

    def _check_amount(self):
        """Asked when it is booked: money may have come since the proposal."""
        self.ensure_one()
        currency = self.currency_id
        if self.amount <= 0 or currency.compare_amounts(self.amount, self.move_id.amount_residual) > 0:
            raise UserError(
                self.env._(
                    "%(invoice)s: %(amount)s cannot be written off, %(open)s is open.",
                    invoice=self.move_id.name,
                    amount=currency.format(self.amount),
                    open=currency.format(self.move_id.amount_residual),
                )
            )

    def _get_company_amount(self):
        """The sum in the company's currency, at the rate at which the debt stands in the books."""
        residual = self.move_id.amount_residual
        share = self.amount / residual if residual else 0
        return self.company_id.currency_id.round(abs(self.move_id.amount_residual_signed) * share)

    def _get_pieces(self):
        """(journal item, amount in its currency, in the company's), oldest due date first."""
        self.ensure_one()
        left, pieces = self.amount, []
        # sudo: the open items of an invoice that the manager chose.
        items = self.move_id.sudo().line_ids.filtered(
            lambda item: item.account_type == "asset_receivable" and item.amount_residual_currency > 0
        )
        for item in items.sorted(lambda item: (item.date_maturity or item.date, item.id)):
            amount = self.currency_id.round(min(left, item.amount_residual_currency))
            if amount <= 0:
                break
            if not self.currency_id.compare_amounts(amount, item.amount_residual_currency):
                balance = item.amount_residual
            else:
                balance = self.company_id.currency_id.round(
                    item.amount_residual * amount / item.amount_residual_currency
                )
            pieces.append((item, amount, balance))
            left = self.currency_id.round(left - amount)
        return pieces


class ResCompany(models.Model):
    _inherit = "res.company"

    bad_debt_account_id = fields.Many2one(
        "account.account",
        "Bad Debts",
        domain="[('account_type', 'in', ('expense', 'expense_other', 'liability_current', 'asset_current'))]",
        help="Debited when a manager approves a write-off: an expense, or the provision for doubtful debts.",
    )
    bad_debt_journal_id = fields.Many2one(
        "account.journal",
        "Journal for Write-offs",
        domain="[('type', '=', 'general'), ('company_id', '=', id)]",
        help="Empty: the first journal for miscellaneous entries.",
    )

    def _get_bad_debt_journal(self):
        self.ensure_one()
        return self.bad_debt_journal_id or self.env["account.journal"].sudo().search(
            [("company_id", "=", self.id), ("type", "=", "general")], limit=1
        )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    bad_debt_account_id = fields.Many2one(related="company_id.bad_debt_account_id", readonly=False)
    bad_debt_journal_id = fields.Many2one(related="company_id.bad_debt_journal_id", readonly=False)
