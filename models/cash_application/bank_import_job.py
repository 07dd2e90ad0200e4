import base64
import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)
WAITING = ("waiting", "running")
# An import that was cut off once may have been in the way of a restart; twice, it needs more time.
MAX_ATTEMPTS = 2
KEEP_DAYS = 30


class BankImportJob(models.Model):
    """A bank file that is too large for a request: imported in the background, still as a whole."""

    _name = "bank.import.job"
    _description = "Bank File in the Background"
    _order = "id desc"
    _rec_name = "filename"

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Imported by",
        required=True,
        readonly=True,
        help="The file is imported in this user's name and with this user's rights.",
    )
    filename = fields.Char(string="File", required=True, readonly=True)
    attachment_id = fields.Many2one(comodel_name="ir.attachment", readonly=True, ondelete="set null")
    member = fields.Char(readonly=True, help="The file of an archive.")
    journal_id = fields.Many2one(
        comodel_name="account.journal", readonly=True, ondelete="cascade", help="Chosen for the whole file."
    )
    journal_ids = fields.Many2many(
        comodel_name="account.journal", string="Journals", readonly=True, help="Which the file goes into."
    )
    profile_id = fields.Many2one(
        comodel_name="bank.statement.profile", string="Table Profile", readonly=True, ondelete="set null"
    )
    choices = fields.Json(
        readonly=True, help="Place of the account in the file -> journal chosen, duplicates too."
    )
    settings = fields.Json(readonly=True, help="Companies and way by which the file came.")
    line_count = fields.Integer(string="Lines", readonly=True)
    done_count = fields.Integer(compute="_compute_done_count", string="Progress")
    attempts = fields.Integer(readonly=True)
    started_at = fields.Datetime(string="Begun", readonly=True)
    finished_at = fields.Datetime(string="Finished", readonly=True)
    new_count = fields.Integer(string="New", readonly=True)
    known_count = fields.Integer(string="Known", readonly=True)
    duplicate_count = fields.Integer(string="Possible Duplicates", readonly=True)
    refused_count = fields.Integer(string="Refused", readonly=True)
    remarks = fields.Text(readonly=True)
    log_ids = fields.Many2many(comodel_name="bank.statement.import.log", string="Log", readonly=True)
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("running", "Being imported"),
            ("done", "Imported"),
            ("failed", "Not imported"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
    )

    @api.depends("state")
    def _compute_done_count(self):
        progress = self._read_progress()
        for job in self:
            job.done_count = progress.get(job.id, (0, 0))[0]

    def _get_token(self):
        return f"job-{self.id}"

    def _read_progress(self):
        """Job id -> (lines that came in, lines that will), told from beside the transaction."""
        tokens = {(job.user_id.id, job._get_token()): job.id for job in self}
        # sudo: of jobs that the caller may read.
        rows = self.env["bank.import.progress"].sudo().search([("token", "in", [t for _user, t in tokens])])
        return {
            tokens[row.user_id, row.token]: (row.done, row.total)
            for row in rows
            if (row.user_id, row.token) in tokens
        }

    def get_progress(self):
        """{state, done, total} of one job, for the bar that asks again and again."""
        self.ensure_one()
        self.check_access("read")
        done, total = self._read_progress().get(self.id, (0, 0))
        return {"state": self.state, "done": done, "total": total or self.line_count}

    # --- queueing --------------------------------------------------------
    @api.model
    @api.private
    def _enqueue(self, values):
        """A job for the caller's file; it begins when this transaction is committed."""
        self.env["account.journal"]._check_bank_import_access()
        # sudo: nobody writes jobs; whose they are is kept in them.
        job = self.sudo().create(
            {
                "user_id": self.env.uid,
                "settings": {
                    "companies": self.env.companies.ids,
                    "source": self.env.context.get("bank_file_source") or {},
                },
                **values,
            }
        )
        attachment = job.attachment_id
        if not attachment.res_id:
            # What nobody else owns would be nobody's to read when its uploader has gone on.
            attachment.write({"res_model": self._name, "res_id": job.id})
        self._wake()
        return job.sudo(False)

    @api.model
    @api.private
    def _get_busy_journals(self):
        """The journals into which files of the queue go."""
        # sudo: which they are, whoever's files; the journals are the caller's to read or not.
        return self.sudo().search([("state", "in", WAITING)]).journal_ids.sudo(False)

    @api.model
    def _wake(self, at=None):
        # sudo: the schedule is nobody's to write.
        self.env.ref("invoice_to_cash.cron_bank_import_job").sudo()._trigger(at)

    # --- running ---------------------------------------------------------
    @api.model
    def _cron_run(self):
        """Import what waits, one file after the other, each in one transaction."""
        jobs = self.search([("state", "in", WAITING)], order="id")
        self.env["ir.cron"]._commit_progress(remaining=len(jobs))
        for job in jobs:
            if job._begin():
                job._run()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _begin(self):
        """Whether the job is ours; commits that it was begun, so that one that is cut off is known."""
        if not self._take():
            return False
        if self.attempts >= MAX_ATTEMPTS:
            job = self.with_context(lang=self.user_id.lang)
            job._fail(
                job.env._(
                    "The import of %(lines)s lines was cut off %(times)s times: by the server's limit of time"
                    " for jobs, most likely. Nothing was written. Raise limit_time_real_cron and"
                    " limit_time_cpu of the server, or export shorter periods.",
                    lines=job.line_count,
                    times=job.attempts,
                )
            )
            return False
        self.write({"state": "running", "attempts": self.attempts + 1, "started_at": fields.Datetime.now()})
        self.env["ir.cron"]._commit_progress()
        return self._take()

    def _take(self):
        if not self.try_lock_for_update(allow_referencing=True):
            return False
        self.invalidate_recordset()
        return self.state in WAITING

    def _run(self):
        try:
            logs = self._import()
        except UserError as error:
            self.env.cr.rollback()
            self._fail(str(error))
        except psycopg2.extensions.TransactionRollbackError:
            # Somebody has changed the same rows: once more, and not for ever.
            self.env.cr.rollback()
            self.state = "waiting"
            self._wake()
        except psycopg2.OperationalError:
            raise
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Bank file in the background %s", self.id)
            job = self.with_context(lang=self.user_id.lang)
            job._fail(job.env._("An unexpected error; the server's log has the details."))
        else:
            if logs is None:
                self.write({"state": "waiting", "attempts": self.attempts - 1})
                self._wake(fields.Datetime.add(fields.Datetime.now(), minutes=1))
            else:
                self._finish(logs.sudo())

    def _import(self):
        """The log entries of the file; None when a journal of it is at work just now."""
        user, settings = self.user_id, self.settings or {}
        if not user.active:
            raise UserError(self.env._("The user %s is archived.", user.name))
        context = {
            "lang": user.lang,
            "tz": user.tz,
            "allowed_company_ids": settings.get("companies") or self.company_id.ids,
            "bank_import_progress": self._get_token(),
            "bank_file_source": settings.get("source") or None,
        }
        job = self.with_user(user).with_context(**context)
        job.env["account.journal"]._check_bank_import_access()
        if not settings.get("one_journal"):
            return job.env["bank.import.wizard"]._import_job(job)
        # sudo: only the lock, which is let go with the transaction.
        if not job.journal_id.sudo().try_lock_for_update(allow_referencing=True):
            return None
        data = job.attachment_id.raw or b""
        result = job.journal_id._import_bank_data(job.filename, data, job.profile_id or None)
        return job.env["bank.statement.import.log"].browse(result["log_ids"])

    def _finish(self, logs):
        new = sum(logs.mapped("new_count"))
        failed = not new and any(log.state == "refused" for log in logs)
        self.write(
            {
                "state": "failed" if failed else "done",
                "finished_at": fields.Datetime.now(),
                "new_count": new,
                "known_count": sum(logs.mapped("known_count")),
                "duplicate_count": sum(logs.mapped("duplicate_count")),
                "refused_count": sum(log.locked_count + log.unread_count for log in logs),
                "remarks": "\n".join(log.warnings for log in logs if log.warnings),
                "log_ids": logs.ids,
            }
        )
        self._tell()

    def _fail(self, text):
        data = self.attachment_id.raw or b""
        source = (self.settings or {}).get("source") or None
        # sudo: nobody writes logs; the user stays the author.
        journal = self.journal_id.with_user(self.user_id).sudo().with_company(self.company_id)
        log = journal.with_context(bank_file_source=source)._log_refused(
            self.filename, data, text, None if self.member else self.attachment_id
        )
        self.write(
            {"state": "failed", "finished_at": fields.Datetime.now(), "remarks": text, "log_ids": log.ids}
        )
        self._tell()

    # --- telling ---------------------------------------------------------
    def _tell(self):
        """The user hears at once, if there, and finds a message later, by mail or in Odoo as preferred."""
        job = self.with_context(lang=self.user_id.lang)
        text = job._describe()
        kind = "danger" if self.state == "failed" else "success"
        self.user_id._bus_send(
            "simple_notification",
            {"type": kind, "title": self.filename, "message": text, "sticky": True},
        )
        self.env["mail.thread"].with_context(lang=self.user_id.lang).message_notify(
            model=self._name,
            res_id=self.id,
            author_id=self.env.ref("base.partner_root").id,
            partner_ids=self.user_id.partner_id.ids,
            subject=f"{self.filename}: {text}"[:200],
            body=text,
        )

    def _describe(self):
        """One sentence on what became of the file."""
        _ = self.env._
        if self.state == "failed":
            return _("Not imported. %s", (self.remarks or "").partition("\n")[0])
        text = _("%s new lines", self.new_count)
        for count, label in (
            (self.known_count, _("%s were there already", self.known_count)),
            (self.duplicate_count, _("%s left out as possible duplicates", self.duplicate_count)),
            (self.refused_count, _("%s refused", self.refused_count)),
        ):
            if count:
                text += f", {label}"
        return f"{text}."

    # --- buttons ---------------------------------------------------------
    def action_cancel(self):
        """Take files out of the queue that are not begun."""
        jobs = self._check_queue_access()
        if len(jobs.try_lock_for_update()) < len(jobs) or any(job.state != "waiting" for job in jobs):
            raise UserError(self.env._("The file is being imported, or that is over."))
        jobs.write({"state": "cancelled", "finished_at": fields.Datetime.now()})

    def action_retry(self):
        """Try files again that did not come in."""
        jobs = self._check_queue_access().filtered(lambda job: job.state in ("failed", "cancelled"))
        jobs.write({"state": "waiting", "attempts": 0, "finished_at": False, "remarks": False})
        self._wake()

    def _check_queue_access(self):
        self.env["account.journal"]._check_bank_import_access()
        self.check_access("read")
        # sudo: nobody writes jobs; group and company were checked. They stay their user's.
        return self.sudo()

    def action_open_lines(self):
        """The lines that came in."""
        return self.log_ids.action_open_lines()

    def action_open_logs(self):
        """What the log says about these files."""
        action = self.env["ir.actions.act_window"]._for_xml_id("invoice_to_cash.action_bank_import_log")
        return {**action, "domain": [("id", "in", self.log_ids.ids)], "context": {}}

    @api.autovacuum
    def _gc_jobs(self):
        before = fields.Datetime.subtract(fields.Datetime.now(), days=KEEP_DAYS)
        self.search([("state", "not in", WAITING), ("finished_at", "<", before)]).unlink()


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def queue_statement_file(self, filename, content_base64, profile=None):
        """Import a bank file into this journal in the background: for files of many thousand lines.

        :return int: id of the `bank.import.job`, whose `state` and `log_ids` tell what became of it
        """
        self.ensure_one()
        self._check_bank_import_access()
        self.check_access("read")
        data = base64.b64decode(content_base64 or b"")
        if not self.env.context.get("bank_file_source"):
            self = self.with_context(bank_file_source={"source": "api"})
        attachment = self.env["ir.attachment"].create({"name": filename, "raw": data})
        values = {
            "company_id": self.company_id.id,
            "filename": filename,
            "attachment_id": attachment.id,
            "journal_id": self.id,
            "journal_ids": self.ids,
            "profile_id": profile.id if profile else False,
            "settings": {
                "companies": self.company_id.ids,
                "source": self.env.context["bank_file_source"],
                "one_journal": True,
            },
        }
        return self.env["bank.import.job"]._enqueue(values).id
