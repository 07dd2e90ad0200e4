"""A day's jobs in two processes at once, some of which are killed: by chance in time, or at a statement."""

import datetime
import io
import json
import logging
import os
import random
import signal
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field

import freezegun
from psycopg2 import errors
from pypdf import PdfWriter

import odoo
from odoo import fields
from odoo.modules.registry import Registry

#: The shipped jobs; the reminders are done by both workers at the same moment.
REMINDERS = ("cron_remind", "cron_send_reminders")
AGREEMENTS = ("cron_agreements",)
FIGURES = ("cron_payer_segments", "cron_tracking_status")
CONFLICTS = (errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable)
TRIES = 5


@dataclass(slots=True)
class Outcome:
    """What became of the workers of a run."""

    finished: int = 0
    killed: int = 0
    conflicts: Counter = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    statements: int = 0
    #: by job, of both workers
    seconds: Counter = field(default_factory=Counter)


class Worker:
    """A process with connections of its own, as one of Odoo's: it does the jobs that it is told to do."""

    def __init__(self, database, clock):
        # A connection that two processes share is broken for both.
        odoo.sql_db.close_all()
        self.orders, self.answers = os.pipe(), os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.close(self.orders[1])
            os.close(self.answers[0])
            _live(database, clock, self.orders[0], self.answers[1])
        os.close(self.orders[0])
        os.close(self.answers[1])
        self.answer = os.fdopen(self.answers[0], "rb")

    def tell(self, jobs, moment, last_statement=0):
        os.write(self.orders[1], f"{','.join(jobs)} {moment.isoformat()} {last_statement}\n".encode())

    def kill(self):
        # Not waited for yet: the number is still this worker's.
        os.kill(self.pid, signal.SIGKILL)

    def result(self) -> dict | None:
        """What the worker reports; None when it was killed."""
        told = self.answer.readline()
        if told.endswith(b"\n"):
            return json.loads(told)
        self.close()
        return None

    def close(self):
        # The end of the orders would not do: a worker that was made later holds them as well.
        self.kill()
        os.close(self.orders[1])
        self.answer.close()
        os.waitpid(self.pid, 0)


class Pair:
    """Two workers; one that was killed is replaced before the next run."""

    def __init__(self, database, clock):
        self.database, self.clock = database, clock
        self.workers: list[Worker | None] = [None, None]

    def run(self, moment, kills=(None, None)) -> Outcome:
        """Let both do their jobs at once.

        :param kills: per worker None, ("time", seconds) or ("statement", number)
        """
        outcome = Outcome()
        self.workers = [worker or Worker(self.database, self.clock) for worker in self.workers]
        # Odoo lets one worker at a time do a job. The reminders run in both here, the agreements on some
        # days, as a click of somebody or a slow run of yesterday would have it.
        both = (REMINDERS + AGREEMENTS + FIGURES, REMINDERS)
        if moment.day % 3 == 0:
            both = (AGREEMENTS + REMINDERS + FIGURES, AGREEMENTS + REMINDERS)
        for worker, jobs, kill in zip(self.workers, both, kills, strict=True):
            worker.tell(jobs, moment, kill[1] if kill and kill[0] == "statement" else 0)
        # The clock is frozen: the kills count the real seconds by sleeping.
        passed = 0.0
        for delay, place in sorted(
            (kill[1], place) for place, kill in enumerate(kills) if kill and kill[0] == "time"
        ):
            time.sleep(delay - passed)
            passed = delay
            self.workers[place].kill()
        for place, worker in enumerate(self.workers):
            result = worker.result()
            if kills[place] and kills[place][0] == "time" and result:
                # It was ready before the blow, and is gone all the same.
                worker.close()
                self.workers[place] = None
            if result is None:
                outcome.killed += 1
                self.workers[place] = None
                if not kills[place]:
                    outcome.failures.append("a worker died by itself")
                continue
            outcome.finished += 1
            outcome.conflicts.update(result["conflicts"])
            outcome.failures += result["failures"]
            outcome.seconds.update(result["seconds"])
            outcome.statements = max(outcome.statements, result["statements"])
        return outcome

    def close(self):
        for worker in filter(None, self.workers):
            worker.close()


def _live(database, clock, orders, answers):
    """The life of a worker; it never returns."""
    counter = _count_statements()
    # A conflict that is tried again is no error here; it is counted.
    logging.getLogger("odoo.sql_db").setLevel(logging.CRITICAL)
    for line in os.fdopen(orders, "rb"):
        jobs, moment, last = line.decode().split()
        clock.move_to(datetime.datetime.fromisoformat(moment))
        counter[:] = 0, int(last)
        result = {"conflicts": Counter(), "failures": [], "seconds": Counter()}
        for job in jobs.split(","):
            start = freezegun.api.real_perf_counter()
            _run_job(database, job, result)
            result["seconds"][f"  {job}"] += freezegun.api.real_perf_counter() - start
        result["statements"] = counter[0]
        os.write(answers, json.dumps(result).encode() + b"\n")
    os._exit(0)


def _count_statements() -> list[int]:
    """[statements of this process, number of the one before which it ends as by a power cut; 0: none]"""
    counter = [0, 0]
    cursor = odoo.sql_db.Cursor

    def counted(method):
        def call(self, *args, **kwargs):
            counter[0] += 1
            if counter[0] == counter[1]:
                os.kill(os.getpid(), signal.SIGKILL)
            return method(self, *args, **kwargs)

        return call

    cursor.execute = counted(cursor.execute)
    cursor.commit = counted(cursor.commit)
    return counter


def _run_job(database, name, result):
    """As Odoo's cron: the job's own user, a progress record; after a conflict once more."""
    for attempt in range(1, TRIES + 1):
        try:
            registry = Registry(database).check_signaling()
            with registry.cursor() as cr:
                env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
                cron = env.ref(f"invoice_to_cash.{name}")
                job = cron.with_user(cron.user_id).with_context(lastcall=None, cron_id=cron.id)
                job, _progress = job._add_progress()
                cr.commit()
                job._callback(cron.cron_name, cron.ir_actions_server_id.id)
            return
        except CONFLICTS as error:
            result["conflicts"][f"{name}: {type(error).__name__}"] += 1
            time.sleep(0.01 * attempt)
        except Exception:
            result["failures"].append(f"{name}: {_short()}")
            return
    result["failures"].append(f"{name}: given up after {TRIES} conflicts")


class Warm:
    """What each worker would load anew, loaded once in the parent: translations, templates, look-ups."""

    def __init__(self, database):
        self.database = database
        self.known = set()

    def up(self, env):
        """After the letters of a day: render one of each sort that is new, write nothing."""
        reminders = env["dunning.reminder"].search(
            [("state", "=", "sent"), ("date", "=", fields.Date.context_today(env.user))]
        )
        for reminder in reminders:
            partner = reminder.contact_id or reminder.partner_id
            sort = reminder.step_id, partner.lang, partner.document_lang or reminder.partner_id.document_lang
            if sort not in self.known:
                self.known.add(sort)
                reminder._render_letters()
                reminder.display_name  # noqa: B018

    def jobs(self) -> list[str]:
        """A further run the same day, here: nothing of it may go out twice."""
        result = {"conflicts": Counter(), "failures": []}
        for job in AGREEMENTS + REMINDERS + FIGURES:
            _run_job(self.database, job, result)
        return result["failures"]


def _short() -> str:
    """The error at hand, and where in the add-on or Odoo it came from."""
    return traceback.format_exc(chain=True)[-1500:]


def prepare():
    """In the parent, before the first run: what the year does not wait for, and small batches.

    Each batch ends with a commit: the smaller they are, the more places there are to be killed between.
    """
    from odoo.service import model

    from odoo.addons.base.models.ir_actions_report import IrActionsReport
    from odoo.addons.invoice_to_cash.models.dunning import dunning_generate, dunning_jobs

    dunning_generate.BATCH = 100
    dunning_jobs.BATCH = 20
    sheet = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(sheet)
    IrActionsReport._run_wkhtmltopdf = lambda self, bodies, *args, **kwargs: sheet.getvalue()
    draw = random.Random()

    class Impatient:
        """The waiting between two tries of Odoo is up to two seconds; here a hundredth of it."""

        @staticmethod
        def uniform(first, last):
            return draw.uniform(first, last) / 100

    model.random = Impatient
