from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Ways to the customer: field of the step -> channel of ``core.dunning.Step``.
CHANNELS = {
    "send_mail": "mail",
    "send_letter": "letter",
    "make_call": "call",
    "show_notice": "notice",
    "send_sms": "sms",
}
#: Channels whose words are the letter's template.
WRITTEN = ("send_mail", "send_letter")


class DunningStep(models.Model):
    """By which ways a step reaches the customer, who signs, who gets it, and what goes with it."""

    _inherit = "dunning.step"

    send_letter = fields.Boolean(
        "Letter on Paper", help="A PDF to print, sign and post; the mail, if any, carries it as well."
    )
    make_call = fields.Boolean("Call", help="A task for the collector, with a short script and the history.")
    show_notice = fields.Boolean(
        "Portal Notice", help="The invoice's page in the portal says so until the next step or the payment."
    )
    send_sms = fields.Boolean("SMS", help="Only where Odoo's SMS app is set up; to the recipient's phone.")
    has_sms_app = fields.Boolean(compute="_compute_has_sms_app")
    signer = fields.Selection(
        [
            ("collector", "Responsible for reminders"),
            ("salesperson", "The customer's salesperson"),
            ("company", "The company alone"),
        ],
        "Signed By",
        required=True,
        default="collector",
        help="Who signs and sends the letter. Where there is no such person, the company does.",
    )
    contact_role = fields.Selection(
        [
            ("invoice", "Invoice contact"),
            ("accounting", "Accounting"),
            ("management", "Management"),
            ("company", "The company's own address"),
        ],
        "Addressed To",
        required=True,
        default="invoice",
        help="Who of the customer gets it. Where there is nobody in this role, the next: "
        "invoice contact, accounting, the company itself.",
    )
    attach_invoices = fields.Boolean("Attach Invoices", default=True)
    show_statement = fields.Boolean(
        "Statement",
        compute="_compute_show_statement",
        store=True,
        readonly=False,
        precompute=True,
        help="The letter shows the running account: balance, invoices, payments.",
    )

    @api.depends("tone")
    def _compute_show_statement(self):
        for step in self:
            step.show_statement = step.tone in ("official", "escalation", "manual")

    def _compute_has_sms_app(self):
        self.has_sms_app = "sms.sms" in self.env

    @api.constrains(*CHANNELS, "is_manual", "mail_template_id")
    def _check_template(self):
        """Override of the ladder's check: a step may lack a mail, not every way to the customer."""
        for step in self.filtered(lambda step: not step.is_manual):
            if any(step[name] for name in WRITTEN) and not step.mail_template_id:
                raise ValidationError(self.env._("Choose the letter of the step “%s”.", step.name))
            if not any(step[name] for name in CHANNELS):
                raise ValidationError(
                    self.env._(
                        "The step “%s” does nothing: let it send a mail, a letter or an SMS, show a notice, "
                        "make a call or hand over.",
                        step.name,
                    )
                )

    def _get_channels(self) -> tuple[str, ...]:
        """The channels of the step that work here: SMS only where the app is installed."""
        self.ensure_one()
        if self.is_manual:
            # The letter that tells the customer of the hand-over; it goes out on a click only.
            return ("mail", "letter") if self.mail_template_id else ()
        return tuple(
            channel
            for name, channel in CHANNELS.items()
            if self[name] and (channel != "sms" or "sms.sms" in self.env)
        )

    def _to_core(self):
        """Extend with the channels of the step."""
        channels = () if self.is_manual else self._get_channels()
        return replace(super()._to_core(), channels=channels)


class MailTemplate(models.Model):
    _inherit = "mail.template"

    letter_kk_id = fields.Many2one(
        "mail.template",
        "Letter in Kazakh",
        domain="[('model', '=', model)]",
        help="The same letter for customers whose language of documents is Kazakh: Odoo has none.",
    )

    def _get_letter_in(self, lang):
        """This letter, or its Kazakh one where ``lang`` is ``kk``."""
        self.ensure_one()
        return self.letter_kk_id if lang == "kk" and self.letter_kk_id else self
