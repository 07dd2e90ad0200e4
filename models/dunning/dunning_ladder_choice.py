from odoo import api, fields, models

from ...core.dunning import choice


class DunningLadder(models.Model):
    _inherit = "dunning.ladder"

    segment_ids = fields.Many2many(
        "payer.segment", string="For Segments", help="Empty: customers of every segment."
    )
    customer_kind = fields.Selection(
        lambda self: self.env["res.partner"]._fields["customer_kind"]._description_selection(self.env),
        "For Customers",
        help="Empty: every kind of customer.",
    )
    term_days_min = fields.Integer("Terms From", help="Days that the customer's payment terms give; 0: any.")
    term_days_max = fields.Integer("Terms To", help="Days that the customer's payment terms give; 0: any.")
    condition_summary = fields.Char("For", compute="_compute_condition_summary")

    _term_days_order = models.Constraint(
        "CHECK (term_days_min >= 0 AND term_days_max >= 0"
        " AND (term_days_max = 0 OR term_days_min <= term_days_max))",
        "The payment terms of a ladder must begin before they end.",
    )

    @api.depends("segment_ids", "customer_kind", "term_days_min", "term_days_max")
    @api.depends_context("lang")
    def _compute_condition_summary(self):
        kinds = dict(self._fields["customer_kind"]._description_selection(self.env))
        for ladder in self:
            parts = [*ladder.segment_ids.mapped("name"), kinds.get(ladder.customer_kind)]
            if ladder.term_days_min and ladder.term_days_max:
                parts.append(
                    self.env._(
                        "terms of %(first)s to %(last)s days",
                        first=ladder.term_days_min,
                        last=ladder.term_days_max,
                    )
                )
            elif ladder.term_days_min:
                parts.append(self.env._("terms from %s days", ladder.term_days_min))
            elif ladder.term_days_max:
                parts.append(self.env._("terms up to %s days", ladder.term_days_max))
            ladder.condition_summary = ", ".join(filter(None, parts)) or self.env._(
                "chosen by hand, or the company's"
            )

    def _to_rule(self) -> choice.LadderRule:
        self.ensure_one()
        return choice.LadderRule(
            key=self.id,
            segments=frozenset(self.segment_ids.ids),
            kinds=frozenset(filter(None, [self.customer_kind])),
            term_days_min=self.term_days_min or None,
            term_days_max=self.term_days_max or None,
        )


class ResCompany(models.Model):
    _inherit = "res.company"

    def _choose_dunning_ladders(self, partners, profiles) -> dict:
        """{partner id: ladder}: by hand, else the first whose conditions fit, else the company's.

        :param profiles: {partner id: payer.profile}
        """
        self.ensure_one()
        default = self._get_dunning_ladder()
        ladders = self.env["dunning.ladder"].search([("company_id", "in", (False, self.id))])
        rules = [ladder._to_rule() for ladder in ladders]
        chosen = {}
        for partner in partners.with_company(self):
            profile = profiles.get(partner.id)
            if profile and profile.ladder_id:
                chosen[partner.id] = profile.ladder_id
                continue
            terms = partner.property_payment_term_id.line_ids
            payer = choice.Payer(
                segment=profile.segment_id.id if profile and profile.segment_id else 0,
                kind=partner.customer_kind or "",
                term_days=max(terms.mapped("nb_days")) if terms else None,
            )
            key = choice.choose_ladder(payer, rules, default.id)
            chosen[partner.id] = ladders.browse(key or ())
        return chosen
