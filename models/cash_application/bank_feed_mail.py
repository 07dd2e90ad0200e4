import ast
import re
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize

from odoo.addons.mail.tools.alias_error import AliasError

# Answers to one sender, and mails of strangers that are written down, in an hour.
MAX_ANSWERS, MAX_STRANGERS = 20, 20
_ADDRESS = re.compile(r"[^\s<>()\[\]\\,;:\"']+@[^\s<>()\[\]\\,;:\"']+")
# Parts of a mail that are never a statement: signatures, logos, invitations.
_NO_FILES = re.compile(
    r"image/|text/(calendar|vcard|x-vcard)$|application/(x-)?pkcs7-signature$|application/pgp-signature$"
)


class BankFeed(models.Model):
    """Feeds with a mail address: what is attached to a mail of a known sender is imported.

    Odoo hands a mail to the alias over as a new record (`message_new`); ours is the feed itself, whose
    chatter keeps the mail and the answer to it. Odoo's own guard against loops would stop a bank's
    twentieth statement of a morning, so the feed has its own: it answers no automatic mail, none without a
    file, and nobody more than `MAX_ANSWERS` times an hour; its own answers say that they are automatic.
    """

    _inherit = "bank.feed"

    allowed_senders = fields.Text(
        tracking=True,
        help="One address or @domain a line. Mails of all others are refused.",
    )
    allow_users = fields.Boolean(
        string="Colleagues May Send",
        default=True,
        help="Mails of users who may import bank files are taken too.",
    )
    answer_senders = fields.Boolean(
        string="Answer the Sender",
        default=True,
        help="The sender hears what became of the files. Automatic mails are never answered.",
    )

    # --- address ---------------------------------------------------------
    def _alias_get_creation_values(self):
        """Extend: mails become `message_new` of this model, with the feed as its value."""
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("bank.feed")
        if self.id:
            values["alias_defaults"] = {"feed_id": self.id}
        return values

    @api.constrains("kind", "alias_id")
    def _check_alias(self):
        for feed in self.filtered(lambda feed: feed.kind == "mail"):
            if not feed.alias_name:
                raise ValidationError(self.env._("The feed %s needs a mail address.", feed.name))

    @api.constrains("allowed_senders")
    def _check_allowed_senders(self):
        for feed in self:
            for entry in feed._get_allowed_senders():
                if not re.fullmatch(r"(?:[^@\s,;<>]+)?@[^@\s,;<>]+\.[^@\s,;<>.]+", entry):
                    raise ValidationError(
                        self.env._("“%s” is neither a mail address nor @ and a domain.", entry)
                    )

    def _get_allowed_senders(self):
        return {line.strip().lower() for line in (self.allowed_senders or "").splitlines() if line.strip()}

    def _is_sender_allowed(self, sender):
        """Whether everything in a From header that looks like an address may send.

        All of it: programs do not agree whose mail ``known@bank.example <eve@evil.example>`` is.
        """
        addresses = set(_ADDRESS.findall(sender.lower()))
        allowed = self._get_allowed_senders()
        unknown = {
            address
            for address in addresses
            if address not in allowed and f"@{address.rpartition('@')[2]}" not in allowed
        }
        return bool(addresses) and (not unknown or (self.allow_users and unknown <= self._get_colleagues()))

    def _get_colleagues(self):
        """Mail addresses of those who may import into the company."""
        # The gateway runs without a user of its own; only whether there is such a user is asked.
        group = self.env.ref("invoice_to_cash.group_cash_application").sudo()
        users = group.all_user_ids.filtered(
            lambda user: user.active and not user.share and self.company_id in user.company_ids
        )
        return set(users.mapped("email_normalized"))

    # --- the gateway -----------------------------------------------------
    @api.model
    def _find_mail_feed(self, values):
        """The active mail feed that an alias stands for; empty when there is none (any more)."""
        feed = self.browse((values or {}).get("feed_id")).exists()
        return feed.filtered(lambda feed: feed.active and feed.kind == "mail")

    def _alias_get_error(self, message, message_dict, alias):
        """Extend: unknown senders are refused before anything of their mail is kept."""
        feed = self._find_mail_feed(ast.literal_eval(alias.alias_defaults or "{}"))
        if not feed:
            return AliasError("error_bank_feed_off", self.env._("bank files are not taken here any more"))
        if not feed._is_sender_allowed(_get_from(message)):
            return AliasError("error_bank_feed_sender", self.env._("restricted to known senders"))
        return super()._alias_get_error(message, message_dict, alias)

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """Override: see the class; a bank with many accounts writes many mails."""

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Override: the mail is no new feed, its files go into the journals of this one."""
        feed = self._find_mail_feed(custom_values)
        if not feed:
            raise UserError(self.env._("No bank feed takes this mail."))
        feed = feed.with_context(lang=feed.user_id.lang)
        sender = email_normalize(msg_dict.get("email_from") or "")
        results = {}
        for name, data in custom_values.get("bank_files", ()):
            label = name if name not in results else f"{name} ({len(results) + 1})"
            results[label] = feed._take_file(name, data, sender)
        if results:
            feed._note_files(results)
            if not custom_values.get("is_automatic"):
                feed._answer(sender, msg_dict, results)
        return feed.with_env(self.env)

    def _answer(self, sender, msg_dict, results):
        """Tell the sender what became of the files."""
        if not (self.answer_senders and sender) or self._count_answers(sender) >= MAX_ANSWERS:
            return
        rows = Markup().join(
            Markup("<p><b>{}</b>: {}</p>{}").format(
                name,
                self._describe_result(result),
                Markup("<ul>{}</ul>").format(
                    Markup().join(Markup("<li>{}</li>").format(text) for text in result["remarks"][:20])
                )
                if result["remarks"] and not result["bystander"]
                else "",
            )
            for name, result in results.items()
        )
        self.message_post(
            body=rows,
            subject=self.env._("Re: %s", msg_dict.get("subject") or self.name),
            message_type="auto_comment",
            subtype_xmlid="mail.mt_note",
            author_id=self.env.ref("base.partner_root").id,
            email_from=self.alias_email or self.company_id.email_formatted,
            reply_to=self.alias_email or False,
            outgoing_email_to=sender,
            notify_skip_followers=True,
            mail_headers={"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"},
        )

    def _count_answers(self, sender):
        domain = [
            ("model", "=", self._name),
            ("res_id", "=", self.id),
            ("message_type", "=", "auto_comment"),
            ("outgoing_email_to", "=", sender),
            ("date", ">", fields.Datetime.now() - timedelta(hours=1)),
        ]
        # Only counted.
        return self.env["mail.message"].sudo().search_count(domain)

    def _refuse_mail(self, message, message_dict):
        """Write a stranger's mail down, without its files. Whether the stranger gets an answer.

        The first mail of the day is answered, so that a colleague with a private address learns why
        nothing came in; forged senders make it no source of mail to others.
        """
        Log = self.env["bank.statement.import.log"].sudo()
        sender = email_normalize(message_dict.get("email_from") or "") or "?"
        refused = [("feed_id", "=", self.id), ("source", "=", "mail"), ("attachment_id", "=", False)]
        now = fields.Datetime.now()
        if Log.search_count([*refused, ("create_date", ">", now - timedelta(hours=1))]) >= MAX_STRANGERS:
            return False
        known = Log.search_count(
            [*refused, ("sender", "=", sender), ("create_date", ">", now - timedelta(days=1))], limit=1
        )
        feed = self._as_responsible(sender).sudo()
        text = feed.env._("Mail of %s refused: not among the allowed senders.", sender)
        feed._log_refused(message_dict.get("subject") or "/", b"", text)
        return not known and not _is_automatic(message)


class MailAlias(models.Model):
    _inherit = "mail.alias"

    def _alias_bounce_incoming_email(self, message, message_dict, set_invalid=True):
        """Extend: a bank feed does not answer strangers twice, nor machines."""
        if self.alias_model_id.model == "bank.feed" and not set_invalid:
            Feed = self.env["bank.feed"].sudo()
            feed = Feed._find_mail_feed(ast.literal_eval(self.alias_defaults or "{}"))
            if _is_automatic(message) or (feed and not feed._refuse_mail(message, message_dict)):
                return None
        return super()._alias_bounce_incoming_email(message, message_dict, set_invalid)


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Extend: a mail to a bank feed's address takes its files along as they were sent.

        Odoo decodes attachments of type text by their declared character set, which for a bank's .txt in
        Windows-1251 is often missing or wrong: the letters would be gone.
        """
        routes = super().message_route(message, message_dict, model, thread_id, custom_values)
        found = []
        for route in routes or []:
            target, _record, values, user, alias = route
            # Only through the alias: there the sender was checked.
            if target == "bank.feed" and alias and alias.alias_model_id.model == target:
                values = ast.literal_eval(alias.alias_defaults or "{}")
                values |= {"bank_files": _get_files(message), "is_automatic": _is_automatic(message)}
                # Also an answer to our answer: it brings the right file.
                route = (target, False, values, user, alias)
            found.append(route)
        return found


def _get_files(message):
    """[(name, bytes)] of what may be a statement in a mail."""
    files = []
    for part in message.walk():
        if part.is_multipart() or _NO_FILES.match(part.get_content_type()):
            continue
        name = part.get_filename()
        if name or part.get_content_disposition() == "attachment":
            files.append((name or "attachment", part.get_payload(decode=True) or b""))
    return files


def _get_from(message):
    """Every From header, as sent and as Python reads it, which drops what it does not understand."""
    raw = [str(value) for name, value in message.raw_items() if name.lower() == "from"]
    return "\n".join([*raw, *map(str, message.get_all("From", []))])


def _is_automatic(message):
    """Whether a machine wrote the mail (RFC 3834, and what mail programs did before it)."""

    def header(name):
        return str(message.get(name) or "").strip().lower()

    return bool(
        header("Auto-Submitted") not in ("", "no")
        or header("Precedence") in ("bulk", "junk", "list", "auto_reply")
        or header("X-Auto-Response-Suppress")
        or header("X-Autoreply")
        or header("X-Autorespond")
        or header("List-Id")
        or header("List-Unsubscribe")
        or header("Return-Path") == "<>"
        or header("From").partition("<")[2].startswith(("mailer-daemon@", "postmaster@"))
    )
