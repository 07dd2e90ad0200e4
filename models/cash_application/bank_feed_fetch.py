import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .feed_sources import SourceError

_logger = logging.getLogger(__name__)
PULLED = ("folder", "http")
# After a failure: 5, 10, 20 … minutes, no more than six hours.
_FIRST_RETRY, _LAST_RETRY = timedelta(minutes=5), timedelta(hours=6)
_LONGEST_WISH = 24 * 3600


class BankFeed(models.Model):
    """Feeds that are asked on a schedule. A new kind of fetcher extends `kind` and `_open_source`."""

    _inherit = "bank.feed"

    interval_minutes = fields.Integer(string="Ask Every (Minutes)", default=30, required=True)
    next_run = fields.Datetime(string="Next Time", readonly=True, copy=False, index=True)
    source_state = fields.Json(readonly=True, copy=False, export_string_translation=False)

    @api.constrains("interval_minutes")
    def _check_interval(self):
        for feed in self:
            if feed.interval_minutes < 5:
                raise ValidationError(self.env._("A feed can be asked every five minutes at most."))

    # --- to be extended ---------------------------------------------------
    @api.private
    def _open_source(self):
        """The source of the feed's files: see `feed_sources`."""
        raise NotImplementedError(self.kind)

    @api.model
    def _source_problems(self):
        """Code of a `SourceError` or of a file's problem -> sentence."""
        _ = self.env._
        return {
            "responsible": "%(text)s",
            "busy": _("Another run is at work on the feed."),
            "too_large": _("%(name)s is larger than bank files may be."),
            "unexpected": _("An unexpected error; the server's log has the details."),
        }

    def _say(self, code, **values):
        return self._source_problems().get(code, code) % values

    # --- running ----------------------------------------------------------
    @api.model
    def _cron_pull(self):
        """Ask the feeds whose time has come, the longest waiting first."""
        due = [
            ("kind", "in", PULLED),
            "|",
            ("next_run", "=", False),
            ("next_run", "<=", fields.Datetime.now()),
        ]
        feeds = self.search(due, order="next_run NULLS FIRST, id")
        self.env["ir.cron"]._commit_progress(remaining=len(feeds))
        for feed in feeds:
            feed._pull()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def action_pull(self):
        """Ask now, and tell what came."""
        self.ensure_one()
        self.check_access("read")
        self.env["account.journal"]._check_bank_import_access()
        # Cash application may read feeds only; asking one changes nothing but its state.
        results = self.sudo()._pull()
        if self.error:
            kind, text = "danger", self.error
        elif results:
            kind = "success" if all(result["accepted"] for result in results.values()) else "warning"
            text = "\n".join(f"{name}: {self._describe_result(result)}" for name, result in results.items())
        else:
            kind, text = "info", self.env._("No new file.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.name,
                "message": text,
                "type": kind,
                "sticky": kind != "info",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.private
    def _pull(self):
        """Take all files that wait, each in a transaction of its own; commits.

        :return dict: name of the file -> what `_take_file` returned
        """
        self.ensure_one()
        feed = self.with_context(lang=self.user_id.lang)
        results = {}
        try:
            feed._check_ready()
            with feed._open_source() as source:
                for file in source.files():
                    if not feed._lock_for_import():
                        raise SourceError("busy")
                    result = feed._take_pulled(file)
                    feed._note_files({file.name: result})
                    if file.state:
                        feed.source_state = file.state
                    report = feed._prepare_report(file.name, result)
                    time_left = self.env["ir.cron"]._commit_progress()
                    source.settle(file, result["accepted"], report)
                    results[file.name] = result
                    if not time_left:
                        break
                feed._note_left(source.problems)
            feed._note_run()
        except SourceError as error:
            self.env.cr.rollback()
            feed._note_failure(error)
        except psycopg2.extensions.TransactionRollbackError:
            # Another transaction was faster: all files are where they were, and the other feeds' turn comes.
            self.env.cr.rollback()
            feed._note_failure(SourceError("busy"))
        except psycopg2.InterfaceError:
            # The database is away, for all feeds.
            raise
        except Exception:
            # One broken feed must not stop the others.
            self.env.cr.rollback()
            _logger.exception("Bank feed %s", self.id)
            feed._note_failure(SourceError("unexpected"))
        self.env["ir.cron"]._commit_progress()
        return results

    def _check_ready(self):
        """A feed that cannot import must not take files: they would all end among the failed ones."""
        try:
            self._check_responsible()
        except UserError as error:
            raise SourceError("responsible", text=str(error)) from None

    def _lock_for_import(self):
        """Hold feed and journals until the commit; False when somebody else imports just now.

        The import into a locked journal is a refusal, and would move a good file to the failed ones.
        """
        journals = self.journal_ids.sudo()
        return bool(self.try_lock_for_update(allow_referencing=True)) and len(
            journals.try_lock_for_update(allow_referencing=True)
        ) == len(journals)

    def _take_pulled(self, file):
        if file.data is not None:
            return self._take_file(file.name, file.data)
        text = self._say(file.problem, name=file.name)
        # Written in the user's name, like the imports.
        self._as_responsible().sudo()._log_refused(file.name, b"", text)
        counts = {"new": 0, "known": 0, "duplicates": 0, "refused": 0}
        return {"accepted": False, "bystander": False, **counts, "remarks": [text]}

    def _prepare_report(self, name, result):
        """The text that is laid beside a file."""
        moment = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        lines = [name, moment.strftime("%Y-%m-%d %H:%M:%S %z"), self._describe_result(result), ""]
        return "\n".join([*lines, *result["remarks"]]) + "\n"

    # --- how it went -------------------------------------------------------
    def _note_run(self):
        now = fields.Datetime.now()
        self.write(
            {
                "last_run": now,
                "next_run": now + timedelta(minutes=self.interval_minutes),
                "error": False,
                "failure_count": 0,
            }
        )
        if not self.file_error:
            self.sudo().activity_unlink(["mail.mail_activity_data_warning"])

    def _note_left(self, problems):
        """Entries of a folder that are no files: named, and left where they are."""
        if problems:
            text = "\n".join(self._say(code, name=name) for name, code in problems[:10])
            self.file_error = text
            self._call_responsible(text)

    def _note_failure(self, error):
        now = fields.Datetime.now()
        if error.code == "busy":
            self.write({"next_run": now + timedelta(minutes=1)})
            return
        count = self.failure_count + 1
        wait = min(_FIRST_RETRY * 2 ** min(count - 1, 10), _LAST_RETRY)
        if error.retry_after is not None:
            wait = max(wait, timedelta(seconds=min(error.retry_after, _LONGEST_WISH)))
        text = self._say(error.code, **error.values)
        self.write({"last_run": now, "next_run": now + wait, "error": text, "failure_count": count})
        # The first failures may be a line that is down for a moment.
        if count == 3:
            self._call_responsible(text)
