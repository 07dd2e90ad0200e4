"""What became of the mails with an invoice.

Kept by us: Odoo deletes mails when they are sent, and notifications after half a year.
"""

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError

from ...core import delivery

DELIVERY_STATES = [
    ("queued", "In the queue"),
    ("postponed", "Put off"),
    ("sent", "Sent"),
    ("no_address", "No address"),
    ("refused", "Refused"),
    ("bounced", "Bounced"),
    ("not_sent", "Failed"),
]
# Somebody has to look for another way to the customer.
UNDELIVERED = ("no_address", "refused", "bounced", "not_sent")

# One statement per mail: the events, the first time of sending, the SLA clock. "Sent" takes the place of
# "created" and of nothing else, by the precedence of ``core.statuses``.
NOTE_SENT = """
    WITH outcome (move_id, recipient, detail) AS (VALUES %s), logged AS (
        INSERT INTO invoice_tracking_event
               (move_id, company_id, partner_id, recipient_id, kind, channel, detail, moment,
                create_uid, write_uid, create_date, write_date)
        SELECT move.id, move.company_id, move.commercial_partner_id, outcome.recipient::int, 'sent',
               {channel}, outcome.detail, {moment}, {uid}, {uid}, {now}, {now}
          FROM outcome
          JOIN account_move move ON move.id = outcome.move_id
    )
    UPDATE account_move move
       SET sent_at = COALESCE(move.sent_at, {moment}),
           delivery_state = CASE WHEN move.delivery_state IN {kept} THEN move.delivery_state ELSE 'sent' END,
           tracking_status = CASE WHEN move.tracking_status = 'created' THEN 'sent'
                                  ELSE move.tracking_status END,
           sla_deadline = CASE WHEN move.sent_at IS NULL AND company.receivables_sla_days > 0
                                AND move.tracking_status IS DISTINCT FROM 'paid'
                               THEN {moment} + make_interval(days => company.receivables_sla_days)
                               ELSE move.sla_deadline END
      FROM res_company company
     WHERE company.id = move.company_id AND move.id IN (SELECT move_id FROM outcome)
"""


class AccountMove(models.Model):
    _inherit = "account.move"

    delivery_state = fields.Selection(
        DELIVERY_STATES,
        string="Delivery",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="What became of the last mail with this invoice, for the recipient who fared worst.",
    )

    def _mark_sent(self, moment=None, channel="mail", detail=None, recipient=None):
        """Note that the invoices left for their customers; the first time counts."""
        self._note_sent([(move, recipient, detail) for move in self], moment, channel)

    @api.model
    def _note_sent(self, outcomes, moment=None, channel="mail", kept=("",)):
        """Note who was sent what, in one statement.

        :param outcomes: (invoice, recipient or None, address) for each.
        :param kept: states of delivery that this does not mend: another recipient has not got it.
        """
        if not outcomes:
            return
        moves = self.browse({move.id for move, _recipient, _address in outcomes})
        names = ["sent_at", "delivery_state", "tracking_status", "sla_deadline"]
        moves.flush_recordset(names)
        cr = self.env.cr
        quoted = {"kept": cr.mogrify("%s", [kept]).decode()}
        quoted |= {
            name: cr.mogrify("%s::" + kind, [value]).decode()
            for name, kind, value in (
                ("channel", "varchar", channel),
                ("moment", "timestamp", moment or fields.Datetime.now()),
                ("now", "timestamp", fields.Datetime.now()),
                ("uid", "int", self.env.uid),
            )
        }
        cr.execute_values(
            NOTE_SENT.format(**quoted),
            [
                (move.id, recipient.id if recipient else None, address or None)
                for move, recipient, address in outcomes
            ],
            page_size=len(outcomes),
        )
        moves.invalidate_recordset(names, flush=False)
        moves._forget_events()

    def action_mark_sent_by_hand(self):
        """Printed, carried or sent by other means: it counts as sent, and nobody is asked why it is not."""
        self.check_access("read")
        if not self.env.user.has_group("invoice_to_cash.group_collector") and not self.env.user.has_group(
            "account.group_account_invoice"
        ):
            raise AccessError(self.env._("Only who works on receivables or invoices can say so."))
        self.filtered(lambda move: move.tracking_status and not move.sent_at)._mark_sent(
            channel="system", detail=self.env._("handed over, says %s", self.env.user.name)
        )
        return True

    def _note_undelivered(self, kind, detail=None, recipient=None):
        """Note that a mail with the invoices has not arrived, and have somebody told at once."""
        self._insert_events(
            [
                {
                    "move": move,
                    "kind": kind,
                    "channel": "mail",
                    "detail": detail,
                    "recipient": recipient and recipient.id,
                }
                for move in self
            ]
        )
        # sudo: the mail queue and the mail gateway write this on nobody's behalf.
        self.sudo().write({"delivery_state": kind})
        self._note_in_chatter(kind, detail)
        if kind in UNDELIVERED:
            self.env["tracking.action"].sudo()._run_now(self, kind)


class MailMessage(models.Model):
    _inherit = "mail.message"

    is_invoice_delivery = fields.Boolean(
        help="This message carried an invoice to its customer: its mails are the invoice's story."
    )


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _get_message_create_valid_field_names(self):
        return super()._get_message_create_valid_field_names() | {"is_invoice_delivery"}

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Override of mail to note on the invoice that a mail with it came back."""
        message = message_dict["bounced_message"]
        is_ours = message and message.is_invoice_delivery and message.model == "account.move"
        # sudo: the gateway works for nobody; the message was found by the identifier that we gave it.
        move = self.env["account.move"].sudo().browse(message.res_id if is_ours else ()).exists()
        if not move:
            return super()._routing_handle_bounce(email_message, message_dict)
        outcome, answer = _read_report(email_message)
        if outcome == delivery.BOUNCED:
            super()._routing_handle_bounce(email_message, message_dict)
        if outcome is None:
            return None
        partners = message_dict["bounced_partner"] & message.notification_ids.res_partner_id
        address = message_dict["bounced_email"] or partners[:1].email or ""
        detail = ": ".join(filter(None, [address, answer]))
        move._note_undelivered(outcome, detail, partners[:1])
        return None


def _read_report(email_message):
    """(outcome, the server's words) of a delivery report; a bounce without a report in it is one."""
    part = next(
        (part for part in email_message.walk() if part.get_content_type() == "message/delivery-status"), None
    )
    fields_of = part.get_payload()[-1] if part is not None and part.is_multipart() else {}
    outcome = delivery.report_outcome(str(fields_of.get("Action") or ""), str(fields_of.get("Status") or ""))
    answer = str(fields_of.get("Diagnostic-Code") or fields_of.get("Status") or "")
    return outcome, " ".join(answer.split())[:200]


class MailMail(models.Model):
    _inherit = "mail.mail"

    tracking_attempts = fields.Integer(help="How often the mail server has put this mail off.")

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Override of mail to keep what became of a mail with an invoice: Odoo deletes its own trace."""
        moves = self.env["account.move"]
        sent, failed = [], []
        for mail in self:
            if not mail.is_invoice_delivery or mail.model != "account.move" or not mail.res_id:
                continue
            move = moves.browse(mail.res_id)
            sent += [(move, partner, partner.email_formatted or partner.name) for partner in success_pids]
            sent += [(move, None, address) for address in success_emails]
            if failure_type or not (success_pids or success_emails):
                failed.append((mail, move))
        # What was put off is mended only by the mail offered again; a new sending starts from "queued".
        kept = UNDELIVERED if any(mail.tracking_attempts for mail in self) else (*UNDELIVERED, "postponed")
        moves._note_sent(sent, kept=kept)
        outcomes = [
            (
                mail,
                move,
                mail._get_outcome(failure_type, failure_reason),
                self._get_missed(mail, success_pids),
            )
            for mail, move in failed
        ]
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
        reason = (failure_reason or failure_type or "").strip().rpartition("\n")[2][:200]
        for mail, move, outcome, missed in outcomes:
            if outcome == delivery.POSTPONED:
                mail._offer_again(missed)
            for partner in missed or [self.env["res.partner"]]:
                detail = ": ".join(filter(None, [partner.email or partner.name, reason]))
                move.exists()._note_undelivered(outcome, detail, partner)
        return result

    @staticmethod
    def _get_missed(mail, success_pids):
        done = {partner.id for partner in success_pids}
        return mail.recipient_ids.filtered(lambda partner: partner.id not in done)

    def _get_outcome(self, failure_type, reason):
        outcome = delivery.outcome(failure_type or "mail_email_missing", reason or "")
        if outcome == delivery.POSTPONED and self.tracking_attempts >= len(delivery.RETRY_AFTER):
            return delivery.REFUSED
        return outcome

    def _offer_again(self, recipients):
        """Put a mail that was put off back into the queue, for those who have not got it yet."""
        at = fields.Datetime.now() + delivery.RETRY_AFTER[self.tracking_attempts]
        values = {
            "state": "outgoing",
            "scheduled_date": at,
            "tracking_attempts": self.tracking_attempts + 1,
        }
        if recipients and recipients != self.recipient_ids:
            values["recipient_ids"] = [fields.Command.set(recipients.ids)]
        # sudo: the queue's own work; the mail was being sent by the system a moment ago.
        self.sudo().write(values)

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Override of mail to give each recipient of an invoice links of his own, and a picture if wanted.

        The picture comes last and in the HTML only: the plain text would show its address.
        """
        emails = super()._prepare_outgoing_list(mail_server=mail_server, doc_to_followers=doc_to_followers)
        if not self.is_invoice_delivery or self.model != "account.move" or not self.res_id:
            return emails
        move = self.env["account.move"].browse(self.res_id)
        for email in emails:
            if partner := email["partner_id"]:
                email["body"] = move._personalize_links(email["body"], partner)
                email["body_alternative"] = move._personalize_links(email["body_alternative"], partner)
                if pixel := move._get_pixel_html(partner, self.record_company_id):
                    email["body"] = tools.mail.append_content_to_html(email["body"], pixel, plaintext=False)
        return emails
