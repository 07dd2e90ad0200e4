from odoo import api, models
from odoo.tools import SQL

#: Segments in which paying late is no accident.
CHRONIC = ("chronic", "problem")
#: Who leaves and comes back within so many days has never left.
PAUSE_DAYS = 30


class PayerSegmentChange(models.Model):
    _inherit = "payer.segment.change"

    @api.model_create_multi
    def create(self, vals_list):
        changes = super().create(vals_list)
        changes._tell_account_owners()
        return changes

    def _tell_account_owners(self):
        """Chronic delay is a signal for whoever owns the account: a task, once per episode.

        An episode begins when a customer comes into a chronic segment from another one. What the first
        night after an installation finds is no news: there is no segment before.
        """
        begun = self.filtered(
            lambda change: (
                change.new_segment_id.code in CHRONIC
                and change.old_segment_id
                and change.old_segment_id.code not in CHRONIC
            )
        )
        begun -= begun._get_flapping()
        if not begun:
            return
        kind = self.env.ref("invoice_to_cash.activity_chronic_delay")
        values = []
        for change in begun:
            profile = change.profile_id
            # sudo: the task is for the account's owner, whoever computed the segment.
            partner = profile.partner_id.sudo()
            owner = partner.user_id if partner.user_id.active and not partner.user_id.share else None
            values.append(
                {
                    "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "res_id": partner.id,
                    "activity_type_id": kind.id,
                    "summary": self.env._("Pays late again and again"),
                    "note": change.reason,
                    "user_id": (owner or profile.company_id._get_dunning_responsible(partner)).id,
                    "date_deadline": profile.company_id._receivables_today(),
                    "automated": True,
                }
            )
        # sudo: as above; a mail for each task would be another pile.
        self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(values)

    def _get_flapping(self):
        """Changes of customers who had left a chronic segment only lately; one query."""
        if not self:
            return self
        self.env["payer.segment.change"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT change.id
                  FROM payer_segment_change change
                 WHERE change.id IN %(ids)s AND EXISTS (
                       SELECT 1 FROM payer_segment_change left_it
                         JOIN payer_segment old ON old.id = left_it.old_segment_id
                        WHERE left_it.profile_id = change.profile_id AND left_it.id < change.id
                          AND left_it.date > change.date - %(days)s AND old.code IN %(chronic)s)
                """,
                ids=tuple(self.ids),
                days=PAUSE_DAYS,
                chronic=CHRONIC,
            )
        )
        return self.browse(change for (change,) in rows)
