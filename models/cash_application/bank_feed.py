import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

_logger = logging.getLogger(__name__)
# By which way a file comes; all but the first two are feeds.
SOURCES = [
    ("upload", "Upload"),
    ("api", "API"),
    ("mail", "Mailbox"),
    ("folder", "Folder"),
    ("http", "Download"),
]
# Not statements, and nobody's mistake: what stands beside one in a mail.
BYSTANDERS = ("unknown_format", "pdf_not_supported", "empty_file")


class BankFeed(models.Model):
    """A way by which bank files come in by themselves: a mail address, a folder, a download."""

    _name = "bank.feed"
    _description = "Bank Feed"
    _inherit = ["mail.thread", "mail.alias.mixin.optional", "mail.activity.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        selection=SOURCES[2:], required=True, default="mail", tracking=True, string="Files Come by"
    )
    journal_ids = fields.Many2many(
        comodel_name="account.journal",
        string="Journals",
        required=True,
        check_company=True,
        domain="[('type', 'in', ('bank', 'credit')), ('company_id', '=', company_id)]",
        help="A file goes to the one whose account it names. With a single journal here, files that name no"
        " account go there.",
    )
    profile_id = fields.Many2one(
        comodel_name="bank.statement.profile",
        string="CSV Profile",
        check_company=True,
        help="Columns of CSV and Excel files with unusual titles. Empty: the journal's profile, or none.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
        help="Files are imported in this user's name and with this user's rights; problems become this"
        " user's activities.",
    )
    log_ids = fields.One2many(
        comodel_name="bank.statement.import.log", inverse_name="feed_id", string="Imports", readonly=True
    )
    log_count = fields.Integer(compute="_compute_log_count", string="Files")

    # --- health ----------------------------------------------------------
    last_success = fields.Datetime(string="Last File", readonly=True, copy=False)
    last_run = fields.Datetime(string="Last Asked", readonly=True, copy=False)
    error = fields.Text(
        string="Connection Failed", readonly=True, copy=False, help="Why the feed itself does not work now."
    )
    failure_count = fields.Integer(string="Failures in a Row", readonly=True, copy=False)
    file_error = fields.Text(
        string="Refused File", readonly=True, copy=False, help="Why the last file was refused."
    )
    health = fields.Selection(
        selection=[
            ("ok", "Working"),
            ("waiting", "No file yet"),
            ("stale", "Statement missing"),
            ("file", "File refused"),
            ("error", "No connection"),
        ],
        compute="_compute_health",
    )

    @api.depends("log_ids")
    def _compute_log_count(self):
        counts = dict(
            self.env["bank.statement.import.log"]._read_group(
                [("feed_id", "in", self.ids)], ["feed_id"], ["__count"]
            )
        )
        for feed in self:
            feed.log_count = counts.get(feed, 0)

    @api.depends("error", "file_error", "last_success", "missing_since")
    def _compute_health(self):
        for feed in self:
            if feed.error:
                feed.health = "error"
            elif feed.file_error:
                feed.health = "file"
            elif feed.missing_since:
                feed.health = "stale"
            else:
                feed.health = "ok" if feed.last_success else "waiting"

    @api.constrains("journal_ids", "company_id")
    def _check_journals(self):
        for feed in self:
            if not feed.journal_ids or any(j.type not in ("bank", "credit") for j in feed.journal_ids):
                raise ValidationError(self.env._("The feed %s needs at least one bank journal.", feed.name))

    # --- a file ----------------------------------------------------------
    @api.constrains("user_id")
    def _check_responsible(self):
        """Files come in with this user's rights: whether there are any (left)."""
        for feed in self:
            responsible = feed._as_responsible()
            if not feed.user_id.active:
                name = feed.user_id.name
                raise UserError(responsible.env._("The responsible user %s is archived.", name))
            responsible.env["account.journal"]._check_bank_import_access()

    def _as_responsible(self, sender=""):
        """The feed with the rights and the language of its responsible user, and as the origin of files."""
        source = {"source": self.kind, "feed_id": self.id, "sender": sender}
        return (
            self.with_user(self.user_id)
            .with_company(self.company_id)
            .with_context(
                lang=self.user_id.lang,
                allowed_company_ids=self.company_id.ids,
                bank_file_source=source,
            )
        )

    @api.private
    def _take_file(self, name, data, sender=""):
        """Import one file; a problem becomes a log entry, never an exception.

        :param bytes data: the file
        :param str sender: the mail address it came from
        :return dict: ``accepted`` (bool), ``bystander`` (no statement at all), ``new``, ``known``,
            ``duplicates`` and ``refused`` (counts of lines), ``remarks`` (list of sentences)
        """
        self.ensure_one()
        # The rights are those of the responsible user, whoever or whatever triggers the feed.
        feed = self._as_responsible(sender)
        try:
            self._check_responsible()
            with self.env.cr.savepoint():
                result = feed._import_file(name, data)
        except UserError as error:
            code = getattr(error.__cause__, "code", "")
            # Written in the user's name, who may be the one without rights on it.
            feed.sudo()._log_refused(name, data, str(error))
            return {
                "accepted": False,
                "bystander": code in BYSTANDERS,
                "new": 0,
                "known": 0,
                "duplicates": 0,
                "refused": 0,
                "remarks": str(error).splitlines(),
            }
        refused = result["locked"] + result["unread"]
        return {
            "accepted": bool(result["new"] or result["known"] or result["duplicates"] or not refused),
            "bystander": False,
            "new": result["new"],
            "known": result["known"],
            "duplicates": result["duplicates"],
            "refused": refused,
            "remarks": result["warnings"],
        }

    def _import_file(self, filename, data):
        """Into the journal, or the journals, whose accounts the file names."""
        journals = self.journal_ids
        # One journal is an answer to "which", several are not.
        chosen = journals if len(journals) == 1 else journals.browse()
        owners = chosen._get_bank_journals(self.company_id)
        accounts = {number: found & journals for number, found in owners.items() if found & journals}
        mine, problems = [], []
        for name, content in chosen._unpack_bank_file(filename, data):
            for statement in chosen._read_bank_file(name, content, self.profile_id or None):
                journal, problem = chosen._find_statement_journal(statement, accounts)
                problems += [problem] if problem else []
                if journal:
                    mine.append((journal, name, content, statement))
        if not mine:
            raise UserError("\n".join(problems))
        originals, results = {}, []
        for journal, name, content, statement in mine:
            result = journal._import_statement(name, content, statement, problems, originals.get(name))
            originals[name] = self.env["bank.statement.import.log"].browse(result["log_id"]).attachment_id
            results.append(result)
        return journals._merge_results(results)

    def _log_refused(self, name, data, problem):
        """A refused file leaves its trace too, the file with it."""
        journal = self.journal_ids if len(self.journal_ids) == 1 else self.journal_ids.browse()
        return journal.with_company(self.company_id)._log_refused(name, data, problem)

    @api.model
    def _describe_result(self, result):
        """One sentence on what became of a file, for answers, reports and the chatter."""
        _ = self.env._
        if result["bystander"]:
            return _("No bank statement, left aside.")
        if not result["accepted"]:
            return _("Refused, nothing was imported.")
        text = _("%s new lines", result["new"])
        if result["known"]:
            text += ", " + _("%s were there already", result["known"])
        if result["duplicates"]:
            text += ", " + _("%s left out as possible duplicates", result["duplicates"])
        if result["refused"]:
            text += ", " + _("%s refused", result["refused"])
        return text + "."

    # --- what the responsible user hears ----------------------------------
    def _note_files(self, results):
        """Remember how the files of one run or mail went; `results` maps names to `_take_file` dicts."""
        self.ensure_one()
        values = {}
        bad = {
            name: result
            for name, result in results.items()
            if not result["accepted"] and not (result["bystander"] and len(results) > 1)
        }
        if any(result["accepted"] for result in results.values()):
            values.update({"last_success": fields.Datetime.now(), "file_error": False})
        if bad:
            values["file_error"] = "\n".join(
                line for result in bad.values() for line in result["remarks"][:5]
            )
        if values:
            self.write(values)
        if bad:
            self._call_responsible(values["file_error"])
        elif values and not self.error:
            self.sudo().activity_unlink(["mail.mail_activity_data_warning"])

    def _call_responsible(self, text):
        """One open activity at a time: a feed that fails every ten minutes is one thing to do."""
        feed = self.sudo().with_context(lang=self.user_id.lang)
        if feed.activity_search(["mail.mail_activity_data_warning"]):
            return
        feed.activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=self.user_id.id,
            summary=feed.env._("Bank files do not come in"),
            note=text,
        )

    def action_dismiss(self):
        """The refused file was dealt with."""
        self.check_access("read")
        self.env["account.journal"]._check_bank_import_access()
        # Cash application may read feeds only; this it may say about them.
        feeds = self.sudo()
        feeds.write({"file_error": False})
        feeds.filtered(lambda feed: not feed.error).activity_unlink(["mail.mail_activity_data_warning"])

    def action_open_logs(self):
        """The import log of these feeds."""
        action = self.env["ir.actions.act_window"]._for_xml_id("invoice_to_cash.action_bank_import_log")
        return {**action, "domain": [("feed_id", "in", self.ids)], "context": {}}
