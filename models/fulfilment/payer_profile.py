from odoo import api, fields, models

COLLECTOR = "invoice_to_cash.group_collector"


class PayerProfile(models.Model):
    _inherit = "payer.profile"

    delivery_hold = fields.Boolean(
        "Hold Deliveries",
        index="btree_not_null",
        help="Deliveries to this customer wait until it is taken off.",
    )
    delivery_hold_reason = fields.Char("Held Because")
    delivery_hold_by = fields.Selection(
        [("person", "A person"), ("reminders", "The reminders")],
        "Held By",
        readonly=True,
        help="What the reminders have put ends by itself when nothing is overdue any more.",
    )

    def write(self, vals):
        """Override of base: a hold by hand says so, its end lets the deliveries go."""
        if "delivery_hold" in vals and "delivery_hold_by" not in vals:
            vals = {**vals, "delivery_hold_by": "person" if vals["delivery_hold"] else False}
            if not vals["delivery_hold"]:
                vals["delivery_hold_reason"] = False
        result = super().write(vals)
        if {"delivery_hold", "delivery_hold_reason"} & vals.keys():
            self._refresh_deliveries()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        """Override of base, as for `write`."""
        for vals in vals_list:
            if vals.get("delivery_hold"):
                vals.setdefault("delivery_hold_by", "person")
        profiles = super().create(vals_list)
        profiles.filtered("delivery_hold")._refresh_deliveries()
        return profiles

    def _refresh_deliveries(self):
        """Mark the open deliveries of held customers at once; those of the others are released by the job."""
        for company, profiles in self.grouped("company_id").items():
            held = profiles.filtered("delivery_hold")
            # sudo: a collector may stop the deliveries of a customer without rights in the warehouse.
            pickings = (
                self.env["stock.picking"]
                .sudo()
                .search(
                    [
                        ("company_id", "=", company.id),
                        ("state", "not in", ("draft", "done", "cancel")),
                        (
                            "sale_id.partner_invoice_id.commercial_partner_id",
                            "in",
                            held.partner_id.ids,
                        ),
                    ]
                )
            )
            pickings._update_payment_hold()
            if profiles - held:
                company._trigger_payment_release()

    def _set_delivery_hold(self, reason):
        """Stop the deliveries of these customers in the name of the reminders.

        A hold that a person has put stays as it is.
        """
        self.filtered(lambda profile: not profile.delivery_hold).write(
            {"delivery_hold": True, "delivery_hold_by": "reminders", "delivery_hold_reason": reason}
        )

    @api.model
    def _end_holds_of_reminders(self, company):
        """Take off the holds of the reminders where nothing is overdue any more."""
        held = self.search(
            [
                ("company_id", "=", company.id),
                ("delivery_hold", "=", True),
                ("delivery_hold_by", "=", "reminders"),
            ]
        )
        if held:
            balances = company._get_customer_balances(held.partner_id)
            held.filtered(lambda profile: not balances.get(profile.partner_id.id, (0, 0))[1]).write(
                {"delivery_hold": False}
            )


class ResPartner(models.Model):
    _inherit = "res.partner"

    delivery_hold = fields.Boolean(
        "Hold Deliveries",
        compute="_compute_delivery_hold",
        inverse="_inverse_delivery_hold",
        groups=COLLECTOR,
    )
    delivery_hold_reason = fields.Char(
        "Held Because", compute="_compute_delivery_hold", inverse="_inverse_delivery_hold", groups=COLLECTOR
    )
    held_picking_count = fields.Integer(
        "Deliveries on Hold", compute="_compute_held_picking_count", compute_sudo=True
    )
    held_picking_reason = fields.Char(
        "Deliveries Wait Because", compute="_compute_held_picking_count", compute_sudo=True
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company")
    def _compute_delivery_hold(self):
        profiles = self._get_payer_profiles()
        for partner in self:
            profile = profiles.get(partner.commercial_partner_id.id, self.env["payer.profile"])
            partner.delivery_hold = profile.delivery_hold
            partner.delivery_hold_reason = profile.delivery_hold_reason

    def _inverse_delivery_hold(self):
        values = {
            partner.commercial_partner_id.id: (partner.delivery_hold, partner.delivery_hold_reason)
            for partner in self
        }
        for profile in self.env["payer.profile"]._get_or_create(self.env.company, self):
            is_held, reason = values[profile.partner_id.id]
            new = {"delivery_hold_reason": reason}
            if bool(is_held) != profile.delivery_hold:
                new["delivery_hold"] = is_held
            profile.write(new)

    @api.depends_context("company")
    def _compute_held_picking_count(self):
        """How many deliveries of the customer wait, and why; one query for any number."""
        counts, reasons = {}, {}
        for picking in self.env["stock.picking"].search_fetch(
            [
                ("company_id", "=", self.env.company.id),
                ("payment_hold", "=", True),
                (
                    "sale_id.partner_invoice_id.commercial_partner_id",
                    "in",
                    self.commercial_partner_id.ids,
                ),
            ],
            ["sale_id", "payment_hold_reason"],
        ):
            customer = picking.sale_id.partner_invoice_id.commercial_partner_id.id
            counts[customer] = counts.get(customer, 0) + 1
            reasons.setdefault(customer, picking.payment_hold_reason)
        for partner in self:
            partner.held_picking_count = counts.get(partner.commercial_partner_id.id, 0)
            partner.held_picking_reason = reasons.get(partner.commercial_partner_id.id, False)

    def action_open_held_pickings(self):
        """The deliveries of the customer that wait."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("invoice_to_cash.action_held_pickings")
        action["domain"] = [
            ("payment_hold", "=", True),
            ("sale_id.partner_invoice_id.commercial_partner_id", "=", self.commercial_partner_id.id),
        ]
        return action
