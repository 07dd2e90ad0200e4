import datetime
from decimal import Decimal

import lxml.html
from markupsafe import Markup

from odoo import api, fields, models

from ...core.documents import formats
from ...core.dunning import letter
from ...core.dunning.words import Words

QR_SCOPE = "invoice_to_cash.letter_qr"
#: Where the figures and the signature stand in the words of a letter.
BLOCK, CLOSING = "i2c-letter-block", "i2c-letter-closing"
#: What is asked of the mail template of a step.
RENDERED = ("subject", "body_html", "email_from", "email_cc", "reply_to", "mail_server_id")


class DunningReminder(models.Model):
    """The letter: words of the step's template, figures of the day, one sheet around both."""

    _inherit = "dunning.reminder"

    letter_subject = fields.Char("Subject", compute="_compute_letter")
    letter_html = fields.Html("Letter", compute="_compute_letter", sanitize=False)
    sent_subject = fields.Char(readonly=True)
    sent_html = fields.Html(
        readonly=True, sanitize=False, prefetch=False, help="The mail to the letter as it went out."
    )
    edited_subject = fields.Char(readonly=True)
    edited_before = fields.Html(
        readonly=True, help="The words above the figures, as changed for this letter."
    )
    edited_after = fields.Html(readonly=True, help="The words below the figures, as changed for this letter.")
    edited_on = fields.Date(readonly=True, help="For which day the words were changed.")
    edited_by_id = fields.Many2one("res.users", "Edited By", readonly=True)

    @api.depends("state", "sent_html", "step_id", "line_ids", "contact_id", "edited_before", "edited_after")
    @api.depends("edited_subject", "amount_credit", "date")
    def _compute_letter(self):
        """The letter as sent; before that, as it would be sent now."""
        self.letter_subject = self.letter_html = False
        sent = self.filtered("sent_html")
        for reminder in sent:
            reminder.letter_subject, reminder.letter_html = reminder.sent_subject, reminder.sent_html
        # Sent before letters were kept: the message has the words.
        older = (self - sent).filtered(lambda r: r.state != "draft" and r.sudo().mail_message_id)
        for reminder in older:
            message = reminder.sudo().mail_message_id
            reminder.letter_subject, reminder.letter_html = message.subject, message.body
        rest = self - sent - older
        for reminder_id, rendered in rest._origin._render_letters().items():
            for reminder in rest.filtered(lambda r, found=reminder_id: r._origin.id == found):
                reminder.letter_subject, reminder.letter_html = rendered["subject"], rendered["html"]

    # --- rendering ---

    def _get_letter_template(self):
        """The template of the step's letter in the customer's language; none where the step has no letter."""
        self.ensure_one()
        # sudo: a collector sends letters whose templates he may not read.
        template = self.step_id.sudo().mail_template_id
        return template._get_letter_in(self._get_words_lang()) if template.letter_kk_id else template

    def _render_letters(self) -> dict:
        """{reminder id: its letter}, for those whose step has one; the same for the preview and for sending.

        A letter: subject, before, after (the words), html (the whole mail), figures, has_closing, and the
        values of the mail that the template gives.
        """
        figures = self._get_letter_figures()
        rendered = {}
        for template, reminders in self.grouped(lambda reminder: reminder._get_letter_template()).items():
            if not template:
                continue
            values = template.with_context(i2c_letter_parts=True)._generate_template(reminders.ids, RENDERED)
            for reminder in reminders:
                rendered[reminder.id] = reminder._assemble_letter(
                    template, values[reminder.id], figures[reminder.id]
                )
        return rendered

    def _assemble_letter(self, template, values, figures) -> dict:
        self.ensure_one()
        before, after, has_closing = split_letter(values["body_html"])
        subject = values["subject"]
        if self.edited_on:
            subject, before, after = self.edited_subject, self.edited_before, self.edited_after
        lang = self._get_letter_lang()
        body = Markup("<div>{}{}{}{}</div>").format(
            Markup(before or ""),
            self._render_block(figures),
            Markup(after or ""),
            self._render_closing(figures) if has_closing else "",
        )
        if template.email_layout_xmlid:
            body = template.with_context(lang=lang)._render_encapsulate(
                template.email_layout_xmlid,
                body,
                add_context={"company": self.company_id.with_context(lang=lang)},
                context_record=self.with_context(lang=lang),
            )
        return {
            **values,
            "subject": subject,
            "before": before,
            "after": after,
            "has_closing": has_closing,
            "figures": figures,
            "html": self.env["mail.render.mixin"]._replace_local_links(body),
        }

    def _get_print_values(self, figures) -> dict:
        """Words and formats of the letter's language for its QWeb templates."""
        self.ensure_one()
        lang = figures["lang"]
        return {
            "object": self,
            "f": figures,
            "w": Words(lang),
            "overdue": part_overdue(figures),
            "money": lambda text: self._say_money(Decimal(text), lang),
            "day": lambda text: formats.short_date(datetime.date.fromisoformat(text)) if text else "",
            "date": lambda text: formats.long_date(datetime.date.fromisoformat(text), lang),
        }

    def _render_block(self, figures):
        """Table of invoices, sums, buttons, account and statement, as HTML of a mail."""
        self.ensure_one()
        contact = self.contact_id or self.partner_id
        moves = {move.id: move for move in self.line_ids.sudo().move_id}
        links = {
            line["move"]: moves[line["move"]]._get_tracked_url(contact)
            for line in figures["lines"]
            if line["move"] in moves
        }
        oldest = moves.get(figures["lines"][0]["move"]) if figures["lines"] else None
        return self.env["ir.qweb"]._render(
            "invoice_to_cash.dunning_letter_block",
            {
                **self._get_print_values(figures),
                "links": links,
                "oldest": oldest,
                "pay_url": oldest._get_tracked_url(contact, target="pay") if oldest else "",
                "view_url": links.get(oldest.id) if oldest else "",
                "qr_url": self._get_qr_url(figures["qr"]) if figures["qr"] else "",
                "statement": short_statement(figures["statement"]) if figures["statement"] else None,
            },
        )

    def _render_closing(self, figures):
        self.ensure_one()
        return self.env["ir.qweb"]._render(
            "invoice_to_cash.dunning_letter_closing", self._get_print_values(figures)
        )

    def _get_qr_url(self, qr):
        """The address of the payment code's picture: mail programs show none from the text itself."""
        token = self.env["account.move"]._sign(QR_SCOPE, [qr["text"]])
        return f"{self.get_base_url()}/i2c/qr/{token}.png"

    # --- what the templates of letters may ask ---

    def _get_letter_contact(self):
        """Override of the letter's language: who was chosen for the step, else the company itself."""
        self.ensure_one()
        return self.contact_id or self.partner_id

    def _get_letter_block(self):
        """The place of the figures in the words of a letter; outside a letter, the figures themselves."""
        self.ensure_one()
        if self.env.context.get("i2c_letter_parts"):
            return Markup('<div class="%s"></div>') % BLOCK
        return self._render_block(self._get_letter_figures()[self.id])

    def _get_letter_closing(self):
        """The place of the signature in the words of a letter; outside a letter, the signature itself."""
        self.ensure_one()
        if self.env.context.get("i2c_letter_parts"):
            return Markup('<div class="%s"></div>') % CLOSING
        return self._render_closing(self._get_letter_figures()[self.id])

    def _get_letter_numbers(self) -> str:
        """The invoice's number, or the oldest one's and how many more, for a subject."""
        self.ensure_one()
        names = list(
            dict.fromkeys(self.line_ids.sorted(lambda line: (line.due_date, line.id)).mapped("move_name"))
        )
        if len(names) <= 1:
            return names[0] if names else ""
        return Words(self._get_words_lang()).say("and_more", number=names[0], count=str(len(names) - 1))

    def _get_letter_days(self) -> str:
        """For how long the oldest invoice is overdue: "5 days", in the language of the letter."""
        self.ensure_one()
        return Words(self._get_words_lang()).days(max(self.days_overdue, 0))

    def _get_letter_deadline(self) -> str:
        """The last of the days to answer that the step gives, in the language of the letter."""
        self.ensure_one()
        day = self.date + datetime.timedelta(self.step_id.patience or 7)
        return formats.long_date(day, self._get_words_lang())

    def _get_letter_signature(self):
        """Who signs, by the step: a user, or nobody, then the company alone does."""
        self.ensure_one()
        collector, salesperson = self.company_id.dunning_user_id, self.partner_id.user_id
        return {
            "salesperson": salesperson or collector,
            "company": collector.browse(),
        }.get(self.step_id.signer, collector or salesperson)

    def _get_letter_sender(self) -> str:
        """The address that the letter comes from: of who signs, else the company's."""
        self.ensure_one()
        return self._get_letter_signature().email_formatted or self.company_id.email_formatted or ""


def split_letter(body) -> tuple:
    """Words before the figures, words after them, and whether the signature follows.

    A template without the place of the figures has all its words before them.
    """
    root = lxml.html.fragment_fromstring(str(body), create_parent="div")
    has_closing = False
    for place in root.find_class(CLOSING):
        has_closing = True
        place.drop_tree()
    before, after = [root.text or ""], []
    node = root
    while True:
        children = list(node)
        index = next((i for i, child in enumerate(children) if _holds_block(child)), None)
        if index is None:
            before += [_html(child) for child in children]
            break
        before += [_html(child) for child in children[:index]]
        after[:0] = [children[index].tail or "", *(_html(child) for child in children[index + 1 :])]
        node = children[index]
        if BLOCK in (node.get("class") or ""):
            break
        before.append(node.text or "")
    return Markup("".join(before).strip()), Markup("".join(after).strip()), has_closing


def _holds_block(node):
    return bool(node.find_class(BLOCK))


def _html(node):
    return lxml.html.tostring(node, encoding="unicode")


def part_overdue(figures) -> str:
    """What of the letter's sum is overdue, where that is neither nothing nor all of it; else ""."""
    late = [line for line in figures["lines"] if line["days"] > 0]
    if not late or len(late) == len(figures["lines"]) or Decimal(figures["credit"]):
        return ""
    return str(sum(Decimal(line["amount"]) for line in late))


def short_statement(statement) -> dict:
    """The end of a letter's statement, short enough for a mail; a shortened one says where it begins."""
    rows = tuple(
        letter.Row(datetime.date.fromisoformat(day), f"{kind}\0{name}", Decimal(debit), Decimal(credit))
        for day, kind, name, debit, credit in statement["rows"]
    )
    whole = letter.Statement(
        "", Decimal(statement["opening"]), rows, Decimal(0), Decimal(0), Decimal(statement["closing"])
    )
    short = letter.latest(whole, datetime.date.fromisoformat(statement["start"]))
    return {
        "start": short.start.isoformat(),
        "opening": str(short.opening),
        "rows": [
            (row.day.isoformat(), *row.name.split("\0"), str(row.debit - row.credit)) for row in short.rows
        ],
        "closing": str(short.closing),
    }
