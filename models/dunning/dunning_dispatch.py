"""Letters go out: by every channel of their step, each once and kept on record."""

import logging
import re
from decimal import Decimal

from markupsafe import Markup

from odoo import api, fields, models, tools
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...core.documents import formats
from ...core.dunning.words import Words
from .dunning_generate import QUIET

_logger = logging.getLogger(__name__)
#: An attribute "style" within a tag.
STYLE = re.compile(r"(<[^>]*?)\sstyle=\"[^\"]*\"")
CHANNELS = [
    ("mail", "Mail"),
    ("letter", "Letter on Paper"),
    ("call", "Call"),
    ("notice", "Portal Notice"),
    ("sms", "SMS"),
]


class DunningDispatch(models.Model):
    """One way by which one reminder reached its customer; the database allows each way once."""

    _name = "dunning.dispatch"
    _description = "Reminder by One Channel"
    _order = "id"
    _rec_name = "channel"

    reminder_id = fields.Many2one("dunning.reminder", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="reminder_id.company_id", store=True)
    channel = fields.Selection(CHANNELS, required=True)
    state = fields.Selection(
        [("sent", "Sent"), ("to_do", "To do"), ("done", "Done"), ("failed", "Failed")],
        "Status",
        required=True,
        default="sent",
        help="A letter is to do until it is printed, a call until its task is done.",
    )
    moment = fields.Datetime(required=True, default=fields.Datetime.now)
    address = fields.Char(help="Mail address, telephone or postal address that it went to.")
    detail = fields.Char()
    user_id = fields.Many2one("res.users", "Done By")
    activity_id = fields.Many2one("mail.activity", "Task", ondelete="set null", index="btree_not_null")

    _channel_once = models.UniqueIndex("(reminder_id, channel)", "A reminder goes by each channel once.")

    @api.depends("channel")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["channel"]._description_selection(self.env))
        for way in self:
            way.display_name = labels.get(way.channel, "")


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    dispatch_ids = fields.One2many("dunning.dispatch", "reminder_id", "Sent By", readonly=True)
    letter_attachment_id = fields.Many2one(
        "ir.attachment", "Letter as PDF", readonly=True, ondelete="restrict", copy=False
    )
    letter_to_print = fields.Boolean(compute="_compute_letter_to_print", search="_search_letter_to_print")

    @api.depends("dispatch_ids.state")
    def _compute_letter_to_print(self):
        for reminder in self:
            reminder.letter_to_print = bool(
                reminder.dispatch_ids.filtered(lambda way: way.channel == "letter" and way.state == "to_do")
            )

    def _search_letter_to_print(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = self.env["dunning.dispatch"]._search([("channel", "=", "letter"), ("state", "=", "to_do")])
        return [("dispatch_ids", "in" if True in value else "not in", found)]

    def _queue_mails(self, accounts=None):
        """Send by all channels of the steps, by letter in batches; one that cannot be made stops no other.

        :param accounts: the facts on which it was decided to send these, of one company and day.
        """
        queued = self.browse()
        for (step, template), reminders in self.grouped(
            lambda reminder: (reminder.step_id, reminder._get_letter_template())
        ).items():
            channels = set(step._get_channels()) if step else set()
            if not channels or (not template and channels & {"mail", "letter"}):
                reminders._mark_failed("not_rendered", self.env._("the step has no letter"))
                continue
            try:
                with self.env.cr.savepoint():
                    queued |= reminders._dispatch()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # No letter's fault: the whole is tried again.
                raise
            except Exception:
                # One of them: find out which, and send the rest.
                for reminder in reminders:
                    try:
                        with self.env.cr.savepoint():
                            queued |= reminder._dispatch()
                    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                        raise
                    except Exception as error:
                        _logger.info("reminder %s could not be made: %s", reminder.id, error)
                        reminder._mark_failed("not_rendered", tools.exception_to_unicode(error)[:200])
        queued._note_on_invoices()
        queued._note_next_steps(accounts)
        return queued

    def _dispatch(self, state="sent"):
        """Send these by every channel of their steps and keep what was said; all of it or nothing."""
        letters = self._render_letters()
        figures = {reminder_id: made["figures"] for reminder_id, made in letters.items()}
        figures |= self.filtered(lambda r: r.id not in figures)._get_letter_figures()
        now = fields.Datetime.now()
        # What was ready has taken its levels: the lines stay as they are.
        active_key = self.line_ids._fields["active_key"]
        with self.env.protecting([active_key], self.line_ids):
            self.with_context(**QUIET).write(
                {"state": state, "sent_at": now, "hold_reason": False, "failure": False}
            )
        kept = {reminder.id: {"figures": dict(figures[reminder.id])} for reminder in self}
        for reminder_id, made in letters.items():
            kept[reminder_id]["figures"] |= {
                "before": str(made["before"] or ""),
                "after": str(made["after"] or ""),
                "subject": made["subject"],
            }
            kept[reminder_id] |= {"subject": made["subject"], "html": made["html"]}
        by_channel = {channel: self.browse() for channel, _label in CHANNELS}
        for step, reminders in self.grouped("step_id").items():
            for channel in step._get_channels():
                by_channel[channel] |= reminders
        # Without an address the other channels of the step go alone.
        by_channel["mail"] = by_channel["mail"].filtered("contact_id")
        for reminder in by_channel["mail"]:
            # Long as it is, it goes to the database once: it is kept from its mail.
            kept[reminder.id].pop("html", None)
        self._keep_sent(kept)
        ways = by_channel["letter"]._dispatch_letters()
        ways += by_channel["mail"]._dispatch_mails(letters)
        ways += by_channel["call"]._dispatch_calls()
        ways += by_channel["notice"]._dispatch_notices()
        ways += by_channel["sms"]._dispatch_sms()
        self._create_ways(ways)
        self.flush_recordset()
        return self

    # --- the channels: each returns the values of its records ---

    def _dispatch_mails(self, letters):
        if not self:
            return []
        attachments = self._get_mail_attachments(letters)
        # Asked for all at once: each mail would ask by itself.
        defaults = {reminder.id: letters[reminder.id].get("email_from") or False for reminder in self}
        reply_to = self.sudo()._notify_get_reply_to_batch(defaults=defaults)
        author = self.env.user.partner_id
        messages, values = [], []
        for reminder in self:
            made = letters[reminder.id]
            message = {
                "model": self._name,
                "res_id": reminder.id,
                "message_type": "email_outgoing",
                "subject": made["subject"],
                # The words alone, without the looks of a mail: the letter as sent is kept by the
                # reminder, and Odoo cleans this text, at a third of the cost of the whole sending.
                "body": Markup(STYLE.sub(r"\1", f"{made['before'] or ''}{made['after'] or ''}")),
                # As Odoo would find out, mail by mail.
                "author_id": author.id,
                "mail_server_id": made.get("mail_server_id") or False,
                **({"reply_to": reply_to[reminder.id]} if reply_to[reminder.id] else {}),
                **{key: made[key] for key in ("email_from", "reply_to") if made.get(key)},
            }
            if attachments[reminder.id]:
                message["attachment_ids"] = [fields.Command.set(attachments[reminder.id])]
            messages.append(message)
            values.append(
                {
                    "body_html": made["html"],
                    "recipient_ids": [fields.Command.link(reminder.contact_id.id)],
                    "email_cc": made.get("email_cc") or False,
                    "auto_delete": False,
                    "is_notification": False,
                }
            )
        # sudo: collectors may send reminders without the right to write mails of others.
        # The messages first: a mail that makes its own looks up the defaults of both twice.
        made_messages = self.env["mail.message"].sudo().create(messages)
        for vals, message in zip(values, made_messages, strict=True):
            vals["mail_message_id"] = message.id
        mails = self.env["mail.mail"].sudo().create(values)
        self._keep_mails(mails)
        return [
            {"reminder_id": reminder.id, "channel": "mail", "address": reminder.contact_id.email}
            for reminder in self
        ]

    def _get_mail_attachments(self, letters) -> dict:
        """{reminder id: ids of the files that go with its mail}: invoices up to the limit, the letter itself.

        Copies, so that what was sent stays as it was when an invoice is reset and printed anew.
        """
        found = {reminder.id: reminder.letter_attachment_id.ids for reminder in self}
        wanted = {reminder.id: letters[reminder.id]["figures"].get("pdfs") or [] for reminder in self}
        # sudo: the invoices of the letter; who may send it may attach them.
        moves = self.env["account.move"].sudo().browse({move for moves in wanted.values() for move in moves})
        pdfs = moves._get_reminder_pdfs()
        values = [
            {
                "name": pdfs[move][0],
                "raw": pdfs[move][1],
                "mimetype": "text/html" if pdfs[move][0].endswith(".html") else "application/pdf",
                "res_model": self._name,
                "res_id": reminder_id,
            }
            for reminder_id, wanted_moves in wanted.items()
            for move in wanted_moves
            if move in pdfs
        ]
        for attachment in self.env["ir.attachment"].sudo().create(values):
            found[attachment.res_id].append(attachment.id)
        return found

    def _dispatch_letters(self):
        self._make_letter_pdfs()
        return [
            {
                "reminder_id": reminder.id,
                "channel": "letter",
                "state": "to_do",
                "address": (reminder.figures or {}).get("buyer", {}).get("address"),
            }
            for reminder in self
        ]

    def _dispatch_calls(self):
        if not self:
            return []
        kind = self.env.ref("invoice_to_cash.activity_call", raise_if_not_found=False)
        kind = kind or self.env.ref("mail.mail_activity_data_call")
        values = []
        for reminder in self:
            user = reminder.company_id._get_dunning_responsible(reminder.partner_id)
            phone = reminder._get_phone()
            # sudo: a task for whoever is responsible, made on behalf of the ladder.
            task = reminder.sudo().activity_schedule(
                activity_type_id=kind.id,
                summary=self.env._("Call %s", phone or reminder.partner_id.display_name),
                note=reminder._get_call_script(user),
                user_id=user.id,
                date_deadline=reminder.date,
            )
            values.append(
                {
                    "reminder_id": reminder.id,
                    "channel": "call",
                    "state": "to_do",
                    "address": phone,
                    "activity_id": task.id,
                    "user_id": user.id,
                }
            )
        return values

    def _dispatch_notices(self):
        return [{"reminder_id": reminder.id, "channel": "notice"} for reminder in self]

    def _dispatch_sms(self):
        values, ways = [], []
        for reminder in self:
            phone = reminder._get_phone()
            way = {"reminder_id": reminder.id, "channel": "sms", "address": phone}
            if not phone:
                way |= {"state": "failed", "detail": self.env._("no telephone number")}
            else:
                contact = reminder.contact_id or reminder.partner_id
                number = contact._phone_format(number=phone) or phone
                values.append({"number": number, "body": reminder._get_sms_text(), "partner_id": contact.id})
            ways.append(way)
        if values:
            # sudo: the SMS app lets its own groups write messages; this one is the ladder's.
            self.env["sms.sms"].sudo().create(values)
        return ways

    # --- their words ---

    def _get_phone(self):
        self.ensure_one()
        return self.contact_id.phone or self.partner_id.phone or False

    def _get_sms_text(self):
        self.ensure_one()
        figures = self._get_letter_figures()[self.id]
        values = self._get_print_values(figures)
        oldest = self.line_ids.sorted(lambda line: (line.due_date, line.id))[:1]
        # sudo: the invoice of the reminder; the link is the customer's own.
        move = oldest.sudo().move_id
        link = move._get_tracked_url(self.contact_id or self.partner_id) if move else ""
        return (
            values["w"]
            .say(
                "sms",
                company=figures["seller"]["name"],
                amount=formats.money(Decimal(figures["to_pay"]), figures["lang"]),
                currency=figures["currency"],
                number=self._get_letter_numbers(),
                due=values["day"](figures["lines"][0]["due"]) if figures["lines"] else "",
                url=link,
            )
            .strip()
        )

    def _get_call_script(self, user):
        """What to say, in the customer's language, and what was written to the customer before."""
        self.ensure_one()
        figures = self._get_letter_figures()[self.id]
        words = Words(figures["lang"])
        first = figures["lines"][0] if figures["lines"] else {"number": "", "due": ""}
        values = self._get_print_values(figures)
        script = [
            words.say("call_hello", company=figures["seller"]["name"], caller=user.name or ""),
            words.say(
                "call_fact",
                amount=formats.money(Decimal(figures["to_pay"]), figures["lang"]),
                currency=figures["currency"],
                number=first["number"],
                due=values["day"](first["due"]),
            ),
            words["call_ask"],
            words["call_when"],
        ]
        history = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("id", "!=", self.id),
                ("state", "in", ("sent", "handed_over", "failed")),
            ],
            limit=5,
        )
        tones = dict(self._fields["tone"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        told = [
            Markup("<li>{}: {}, {}</li>").format(
                tools.format_date(self.env, past.date), tones[past.tone], states[past.state]
            )
            for past in history
        ]
        return Markup("<ol>{}</ol>{}").format(
            Markup("").join(Markup("<li>{}</li>").format(line) for line in script),
            Markup("<p><b>{}</b></p><ul>{}</ul>").format(self.env._("Written before"), Markup("").join(told))
            if told
            else "",
        )


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_reminder_pdfs(self) -> dict:
        """{invoice id: (name, content) of its PDF}: the one that was sent, else made now and kept."""
        found = {}
        missing = self.browse()
        for move in self:
            attachment = move.invoice_pdf_report_id
            if attachment:
                found[move.id] = (attachment.name, attachment.raw)
            else:
                missing |= move
        for move in missing:
            report = self.env["account.move.send"]._get_default_pdf_report_id(move)
            content, kind = self.env["ir.actions.report"]._render(report.report_name, move.ids)
            # Without a PDF engine the page itself: what the letter calls attached is attached.
            found[move.id] = (move._get_invoice_report_filename(extension=kind), content)
        return found


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """Override of mail: a call that was made is done on the reminder as well."""
        # sudo: whoever did the task has done what the reminder asked for.
        ways = self.env["dunning.dispatch"].sudo().search([("activity_id", "in", self.ids)])
        ways.write({"state": "done", "user_id": self.env.uid, "moment": fields.Datetime.now()})
        if feedback:
            ways.write({"detail": tools.html2plaintext(feedback)[:200]})
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
