"""Customers who pay late again and again: shorter terms or prepayment, with one click and one to undo."""

import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

#: A proposal that was declined is not made again for so long.
REST_DAYS = 180
#: Segment -> what is proposed.
KINDS_OF = {"chronic": "shorter", "problem": "prepayment"}


class PayerProposal(models.Model):
    _name = "payer.proposal"
    _description = "Proposal of Other Payment Terms"
    _order = "date desc, id desc"

    profile_id = fields.Many2one("payer.profile", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(related="profile_id.partner_id", store=True, string="Customer")
    company_id = fields.Many2one(related="profile_id.company_id", store=True)
    kind = fields.Selection(
        [("shorter", "Shorter terms"), ("prepayment", "Prepayment")], "Proposal", required=True
    )
    date = fields.Date("Proposed", required=True)
    reason = fields.Char()
    old_term_id = fields.Many2one("account.payment.term", "Terms Until Now", readonly=True)
    new_term_id = fields.Many2one("account.payment.term", "New Terms", required=True)
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("applied", "Done"),
            ("declined", "Declined"),
            ("undone", "Undone"),
            ("outdated", "No longer needed"),
        ],
        "Status",
        required=True,
        default="proposed",
        readonly=True,
    )
    decided_by_id = fields.Many2one("res.users", "Decided By", readonly=True)
    decided_on = fields.Date("Decided", readonly=True)

    _one_standing = models.UniqueIndex(
        "(profile_id) WHERE state IN ('proposed', 'applied')", "A customer has one proposal at a time."
    )

    def action_apply(self):
        """From the next order on, the customer has the new terms."""
        for proposal in self.filtered(lambda one: one.state == "proposed"):
            partner = proposal._get_partner()
            proposal.old_term_id = partner.property_payment_term_id
            partner.property_payment_term_id = proposal.new_term_id
            proposal._decide("applied")
            partner.message_post(
                body=self.env._(
                    "Payment terms changed from %(old)s to %(new)s: %(reason)s",
                    old=proposal.old_term_id.name or "–",
                    new=proposal.new_term_id.name,
                    reason=proposal.reason or "",
                )
            )

    def action_undo(self):
        """The terms of before, unless somebody has changed them since."""
        for proposal in self.filtered(lambda one: one.state == "applied"):
            partner = proposal._get_partner()
            if partner.property_payment_term_id != proposal.new_term_id:
                raise UserError(
                    self.env._(
                        "%(customer)s has other terms by now (%(terms)s): change them on the customer.",
                        customer=partner.display_name,
                        terms=partner.property_payment_term_id.name or "–",
                    )
                )
            partner.property_payment_term_id = proposal.old_term_id
            proposal._decide("undone")

    def action_decline(self):
        self.filtered(lambda one: one.state == "proposed")._decide("declined")

    def _get_words(self) -> str:
        self.ensure_one()
        values = {
            "old": self.old_term_id.name or self.env._("no terms"),
            "new": self.new_term_id.name,
        }
        if self.state == "applied":
            return self.env._("Terms changed: %(new)s instead of %(old)s", **values)
        if self.kind == "prepayment":
            return self.env._("Ask for prepayment: %(new)s instead of %(old)s", **values)
        return self.env._("Shorten the terms: %(new)s instead of %(old)s", **values)

    def _get_partner(self):
        # sudo: a collector may not edit contacts, but may agree on these terms; only they are changed.
        return self.partner_id.sudo().with_company(self.company_id)

    def _decide(self, state):
        for company, proposals in self.grouped("company_id").items():
            proposals.write(
                {
                    "state": state,
                    "decided_by_id": self.env.uid,
                    "decided_on": company._receivables_today(),
                }
            )


class PayerProfile(models.Model):
    _inherit = "payer.profile"

    proposal_ids = fields.One2many("payer.proposal", "profile_id", "Proposals", readonly=True)
    proposal_id = fields.Many2one("payer.proposal", "Proposal", compute="_compute_proposal_id")
    proposal_text = fields.Char("Proposed", compute="_compute_proposal_id")
    proposal_state = fields.Char(compute="_compute_proposal_id")

    @api.depends("proposal_ids.state")
    @api.depends_context("lang")
    def _compute_proposal_id(self):
        for profile in self:
            proposal = profile.proposal_ids.filtered(lambda one: one.state in ("proposed", "applied"))[:1]
            profile.proposal_id = proposal
            profile.proposal_text = proposal._get_words() if proposal else False
            profile.proposal_state = proposal.state

    def action_apply_proposal(self):
        self.proposal_id.action_apply()

    def action_undo_proposal(self):
        self.proposal_id.action_undo()

    def action_decline_proposal(self):
        self.proposal_id.action_decline()

    def _apply_segments(self, today):
        """Extend: with a segment comes or goes the proposal of other terms."""
        result = super()._apply_segments(today)
        self._update_proposals(today)
        return result

    def _update_proposals(self, today):
        """Make the proposals that these customers' segments call for; drop what is no longer needed.

        A constant number of queries: what is decided stays, and a refusal is respected for half a year.
        """
        wanted = self.filtered(lambda profile: profile.segment_id.code in KINDS_OF)
        # sudo: proposals follow from the segment, whoever changes it.
        proposals = self.env["payer.proposal"].sudo()
        standing = proposals.search([("profile_id", "in", self.ids), ("state", "=", "proposed")])
        outdated = standing.filtered(
            lambda one: (
                KINDS_OF.get(one.profile_id.segment_id.code) != one.kind
                and not (one.kind == "prepayment" and one.profile_id in wanted)
            )
        )
        if outdated:
            outdated.write({"state": "outdated", "decided_on": today})
        if not wanted:
            return
        since = today - datetime.timedelta(days=REST_DAYS)
        known = proposals.search(
            [
                ("profile_id", "in", wanted.ids),
                "|",
                ("state", "in", ("proposed", "applied")),
                "&",
                ("state", "in", ("declined", "undone")),
                ("decided_on", ">=", since),
            ]
        ).profile_id
        values = []
        for company, profiles in (wanted - known).grouped("company_id").items():
            terms = company._get_terms_by_days()
            for profile in profiles:
                kind, term = profile._choose_terms(terms)
                if term:
                    values.append(
                        {
                            "profile_id": profile.id,
                            "kind": kind,
                            "date": today,
                            "old_term_id": profile._get_terms().id,
                            "new_term_id": term.id,
                            "reason": profile.with_context(
                                lang=company.partner_id.lang or self.env.lang
                            ).segment_reason
                            or profile.segment_id.name,
                        }
                    )
        proposals.create(values)

    def _get_terms(self):
        # sudo: only the terms are read.
        return self.partner_id.sudo().with_company(self.company_id).property_payment_term_id

    def _choose_terms(self, terms):
        """(kind, terms): for the chronic the longest of at most half the days, else prepayment."""
        current = self._get_terms()
        if current.is_prepayment:
            return None, None
        days = max(current.line_ids.mapped("nb_days"), default=0)
        if KINDS_OF[self.segment_id.code] == "shorter" and days > 1:
            shorter = [(number, term) for number, term in terms if 0 < number <= days / 2]
            if shorter:
                return "shorter", max(shorter, key=lambda one: one[0])[1]
        prepaid = next((term for _number, term in terms if term.is_prepayment), None)
        return "prepayment", prepaid


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_terms_by_days(self) -> list:
        """(days, terms) of the payment terms that the company can give."""
        self.ensure_one()
        terms = self.env["account.payment.term"].sudo().search([("company_id", "in", (False, self.id))])
        return [(max(term.line_ids.mapped("nb_days"), default=0), term) for term in terms]
