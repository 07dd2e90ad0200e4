"""Earned trust: which reasons may apply by themselves, by what became of their decisions."""

import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...core.matching.reasons import EARNABLE, TRUSTED
from ...core.matching.trust import Statistics, judge
from .payment_match import REASONS

# Nobody confirms an automatic decision; when it has stood for so long, the books of its month are closed.
STANDS_AFTER_DAYS = 30


class PaymentMatchTrust(models.Model):
    """How far a company trusts one reason; the figures are counted from the decisions, not kept here."""

    _name = "payment.match.trust"
    _description = "Trust in a Reason of Matching"
    _order = "company_id, id"
    _rec_name = "reason"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    reason = fields.Selection(REASONS, required=True, readonly=True)
    confirmed = fields.Integer(
        compute="_compute_trust",
        help="Proposals that a person accepted, and automatic ones that have stood for 30 days.",
    )
    undone = fields.Integer(
        "Undone or Corrected",
        compute="_compute_trust",
        help="Decisions that were undone, and proposals instead of which a person chose something else.",
    )
    state = fields.Selection(
        [
            ("shipped", "Trusted"),
            ("earned", "Earned"),
            ("switched_on", "Switched on"),
            ("learning", "Learning"),
            ("lost", "Lost"),
        ],
        compute="_compute_trust",
    )
    lower_bound = fields.Float(
        compute="_compute_trust",
        digits=(16, 4),
        help="Lower bound of the 95 % Wilson interval of the right share. Earned at 99 %, lost below 97 %.",
    )
    missing = fields.Integer(
        "Still Missing", compute="_compute_trust", help="Clean decisions until it is earned."
    )
    can_switch_on = fields.Boolean(compute="_compute_trust")
    was_earned = fields.Boolean(readonly=True)
    lost_at = fields.Datetime("Lost", readonly=True)
    switched_on_by_id = fields.Many2one("res.users", "Switched on by", readonly=True)
    switched_on_at = fields.Datetime("Switched on", readonly=True)

    _reason_unique = models.UniqueIndex("(company_id, reason)", "Every reason is listed once in a company.")

    @api.depends("switched_on_by_id", "was_earned", "lost_at")
    def _compute_trust(self):
        counts = self._count_decisions(self.company_id)
        for trust in self:
            confirmed, undone = counts.get((trust.company_id.id, trust.reason), (0, 0))
            judgement = trust._judge(trust.reason, confirmed, undone)
            trust.confirmed, trust.undone = confirmed, undone
            trust.state, trust.lower_bound = judgement.state, judgement.lower
            trust.missing, trust.can_switch_on = judgement.missing, judgement.can_switch_on
            if trust.lost_at and trust.state == "learning":
                trust.state = "lost"

    def _judge(self, reason, confirmed, undone):
        """The judgement of core; this row may be empty."""
        return judge(Statistics(reason, confirmed, undone, bool(self.switched_on_by_id), self.was_earned))

    @api.model
    @api.private
    def _count_decisions(self, companies) -> dict[tuple[int, str], tuple[int, int]]:
        """``{(company id, reason): (confirmed, undone)}``, two queries."""
        # sudo: figures over all decisions of the company, whoever looks.
        Match = self.env["payment.match"].sudo()
        proposed = [("company_id", "in", companies.ids), ("proposed_reason", "!=", False)]
        stood = fields.Datetime.now() - datetime.timedelta(days=STANDS_AFTER_DAYS)
        counts: dict[tuple[int, str], list[int]] = {}
        for company, reason, verdict, number in Match._read_group(
            [*proposed, ("verdict", "!=", False)],
            ["company_id", "proposed_reason", "verdict"],
            ["__count"],
        ):
            counts.setdefault((company.id, reason), [0, 0])[verdict != "confirmed"] += number
        for company, reason, number in Match._read_group(
            [
                *proposed,
                ("verdict", "=", False),
                ("state", "=", "applied"),
                ("is_automatic", "=", True),
                # What is shipped as trusted has nobody's confirmation to wait for.
                "|",
                ("decided_at", "<", stood),
                ("proposed_reason", "in", list(TRUSTED)),
            ],
            ["company_id", "proposed_reason"],
            ["__count"],
        ):
            counts.setdefault((company.id, reason), [0, 0])[0] += number
        return {key: tuple(pair) for key, pair in counts.items()}

    @api.model
    @api.private
    def _get_trusted(self, company) -> frozenset[str]:
        """The reasons that may apply by themselves now. What was earned or lost since the last time is noted.

        A lost one begins anew: it has to earn 99 % again, or be switched on again.
        """
        if company.match_automation == "off":
            return frozenset()
        # sudo: the rows are written by the figures and by managers only.
        rows = self.sudo().search([("company_id", "=", company.id)])
        by_reason = {row.reason: row for row in rows}
        counts = self._count_decisions(company)
        trusted = set()
        for reason in sorted(TRUSTED | EARNABLE):
            row = by_reason.get(reason, rows.browse())
            judgement = row._judge(reason, *counts.get((company.id, reason), (0, 0)))
            if judgement.applies and (company.match_automation == "earned" or reason in TRUSTED):
                trusted.add(reason)
            if judgement.state == "earned" and not row.was_earned:
                row = row or rows.create({"company_id": company.id, "reason": reason})
                row.write({"was_earned": True, "lost_at": False})
            elif judgement.state == "lost" and (row.was_earned or row.switched_on_by_id):
                row.write(
                    {
                        "was_earned": False,
                        "switched_on_by_id": False,
                        "switched_on_at": False,
                        "lost_at": fields.Datetime.now(),
                    }
                )
        return frozenset(trusted)

    @api.model
    def action_open_report(self):
        """The reasons of the chosen companies."""
        self.check_access("read")
        # sudo: rows without figures, one for each reason; whoever may read the report may bring them about.
        rows = self.sudo().search([("company_id", "in", self.env.companies.ids)])
        known = {(row.company_id, row.reason) for row in rows}
        rows.create(
            [
                {"company_id": company.id, "reason": reason}
                for company in self.env.companies
                for reason, _label in REASONS
                if reason in TRUSTED | EARNABLE and (company, reason) not in known
            ]
        )
        return self.env["ir.actions.act_window"]._for_xml_id("invoice_to_cash.action_payment_match_trust")

    def action_switch_on(self):
        """A manager lets a reason apply by itself before it has earned it."""
        self._check_manager()
        for trust in self:
            if not trust.can_switch_on:
                raise UserError(
                    self.env._("A reason can be switched on after 50 confirmed decisions and none undone.")
                )
        # sudo: checked above; nobody else writes here.
        self.sudo().write({"switched_on_by_id": self.env.uid, "switched_on_at": fields.Datetime.now()})
        return True

    def action_switch_off(self):
        self._check_manager()
        self.sudo().write({"switched_on_by_id": False, "switched_on_at": False})
        return True

    def _check_manager(self):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group("invoice_to_cash.group_manager"):
            raise AccessError(self.env._("Only a manager of Receivables may do this."))


class PaymentMatch(models.Model):
    _inherit = "payment.match"

    proposed_reason = fields.Selection(
        REASONS, readonly=True, help="The reason of the proposal, whatever was made of it."
    )
    verdict = fields.Selection(
        [("confirmed", "Confirmed"), ("corrected", "Corrected"), ("undone", "Undone")],
        readonly=True,
        help="What a person made of the proposal; counted for the trust in its reason.",
    )

    # Serves the count of decisions by reason.
    _proposed_reason = models.Index(
        "(company_id, proposed_reason, verdict) WHERE proposed_reason IS NOT NULL"
    )

    def _judge_proposals(self, right=None):
        """Note what these persons' decisions say of the proposals; a proposal once undone stays undone."""
        open_ = self.filtered(lambda match: match.proposed_reason and not match.verdict)
        if right is None:
            confirmed = open_.filtered(lambda match: match._is_as_proposed())
        else:
            confirmed = open_ if right else open_.browse()
        confirmed.verdict = "confirmed"
        (open_ - confirmed).verdict = "corrected"

    def _is_as_proposed(self) -> bool:
        """Whether the candidate that was applied gives the same money to the same items as the first one."""
        proposed = self.candidate_ids.filtered(lambda candidate: candidate.sequence >= 0)[:1]
        return proposed == self.candidate_id or (
            bool(self.candidate_id.line_ids) and _allocations(proposed) == _allocations(self.candidate_id)
        )


def _allocations(candidate) -> set[tuple]:
    return {(line.move_id.id, line.position, line.kind, round(line.amount, 6)) for line in candidate.line_ids}
