"""Run the year; see ``dev/year``."""

import argparse
import datetime
import os
import random
import resource
import subprocess
import sys
from collections import Counter

import freezegun

from . import checks, closing, facts, workers, world
from .life import Life

SUNDAY = 6
#: Days on which the jobs run once more after all.
AGAIN = frozenset({0, 4, 9, 16, 30, 60, 100, 150, 200, 250, 300})


def now() -> float:
    """Seconds of the real clock: that of the code is frozen."""
    return freezegun.api.real_perf_counter()


def main(arguments) -> int:
    parser = argparse.ArgumentParser(prog="dev/year", description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--customers", type=int, default=200)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument(
        "--kill-share", type=float, default=0.3, help="share of the days with a killed worker"
    )
    parser.add_argument("--database", default="i2c_year", help="made anew; dev/year drops it in the end")
    options = parser.parse_args(arguments)
    year = Year(options)
    year.build()
    with freezegun.freeze_time(datetime.datetime.combine(world.FIRST, datetime.time(world.HOUR))) as clock:
        year.pair = workers.Pair(options.database, clock)
        year.run(clock)
        year.pair.close()
    return year.report()


class Year:
    def __init__(self, options):
        self.options = options
        self.chance = random.Random()
        self.seconds = Counter()
        self.counts = Counter()
        self.conflicts = Counter()
        self.letters = []
        self.silences = []
        self.statements = 200
        self.started = now()

    def timed(self, name):
        return _Timer(self.seconds, name)

    def build(self):
        database = self.options.database
        psql = ["psql", "-XAtq", "-d", "postgres", "-v", "ON_ERROR_STOP=1"]
        os.environ["PGOPTIONS"] = "-c client_min_messages=warning"
        subprocess.run([*psql, "-c", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)'], check=True)
        subprocess.run([*psql, "-c", f'CREATE DATABASE "{database}" TEMPLATE "i2c_template"'], check=True)
        # Workers are killed here, never the server.
        subprocess.run([*psql, "-c", f'ALTER DATABASE "{database}" SET synchronous_commit = off'], check=True)
        import odoo

        odoo.tools.config.parse_config(["-c", os.environ["ODOO_RC"], "-d", database, "--log-level=error"])
        from odoo.modules.registry import Registry

        with self.timed("world"):
            self.registry = Registry(database)
            with self.cursor() as env:
                self.world = world.build(env, self.options.seed, self.options.customers, self.options.days)
        workers.prepare()
        self.warm = workers.Warm(self.options.database)

    def analyze(self):
        with self.cursor() as env:
            env.cr.execute("ANALYZE")

    def cursor(self):
        return _Transaction(self.registry)

    def run(self, clock):
        self.checks = checks.Checks(self.world)
        for number in range(self.options.days):
            today = world.FIRST + datetime.timedelta(number)
            is_last = number == self.options.days - 1
            if today.weekday() == SUNDAY and not is_last:
                # Saturdays show that weekends are silent.
                continue
            clock.move_to(datetime.datetime.combine(today, datetime.time(world.HOUR - 1)))
            with self.cursor() as env:
                with self.timed("life"):
                    self.counts += Life(env, self.world, facts.read(env, self.world, today), today).live()
                with self.timed("facts"):
                    known = facts.read(env, self.world, today)
                    known.ladders = self.checks.get_ladders(env, known)
            finished = self.work(clock, today, is_last)
            if number in AGAIN:
                with self.timed("run once more"):
                    self.checks.violations += self.warm.jobs()
                    self.analyze()
            with self.timed("checks"), self.cursor() as env:
                self.checks.check_day(env, known, finished)
                self.warm.up(env)
        with self.cursor() as env:
            self.checks.violations += closing.check_year(env, self.world, today)
            self.read_results(env)

    def work(self, clock, today, is_last) -> bool:
        """The workers of a day, killed on some, and then mostly once more the same day."""
        moment = datetime.datetime.combine(today, datetime.time(world.HOUR))
        clock.move_to(moment)
        kills = [None, None]
        if not is_last and self.chance.random() < self.options.kill_share:
            which = self.chance.choice(((0,), (1,), (0, 1)))
            for place in which:
                kills[place] = self.draw_kill()
        outcome = self.run_workers(moment, kills)
        finished = outcome.finished == 2
        if not finished and (is_last or self.chance.random() < 0.6):
            finished = self.run_workers(moment + datetime.timedelta(hours=2)).finished > 0
        return finished

    def draw_kill(self):
        if self.chance.random() < 0.5:
            return "statement", self.chance.randint(1, self.statements)
        return "time", self.chance.uniform(0, max(self.last_run, 0.05))

    def run_workers(self, moment, kills=(None, None)):
        start = now()
        with self.timed("jobs"):
            outcome = self.pair.run(moment, kills)
        if outcome.finished == 2:
            self.last_run = now() - start
            self.statements = outcome.statements
        self.counts["runs of workers"] += 2
        self.counts["workers killed"] += outcome.killed
        self.conflicts += outcome.conflicts
        self.seconds.update(outcome.seconds)
        self.checks.violations += [f"a job failed: {text}" for text in outcome.failures]
        return outcome

    last_run = 0.5

    def read_results(self, env):
        env.cr.execute(
            """SELECT tone, state, COUNT(*) FROM dunning_reminder
                WHERE state NOT IN ('held', 'draft') GROUP BY level, tone, state ORDER BY level, state"""
        )
        self.letters = env.cr.fetchall()
        env.cr.execute("SELECT reason, COUNT(*) FROM dunning_silence GROUP BY reason ORDER BY 2 DESC")
        self.silences = env.cr.fetchall()

    def report(self) -> int:
        options = self.options
        print(f"\na year: seed {options.seed}, {options.customers} customers, {options.days} days")
        sections = {
            "letters by tone and what became of them": [
                (f"{tone}, {state}", count) for tone, state, count in self.letters
            ],
            "steps not sent, by recorded reason": self.silences,
            "what happened": sorted(self.counts.items()),
            "conflicts that were tried again": sorted(self.conflicts.items()),
            "seconds": [(name, round(value, 1)) for name, value in self.seconds.items()]
            + [
                ("all", round(now() - self.started, 1)),
                ("of the processor, without the database", round(_processor(), 1)),
            ],
        }
        for title, rows in sections.items():
            print(f"  {title}")
            for name, value in rows:
                print(f"    {name:<44} {value:>10,}")
        violations = self.checks.violations
        print(f"  violations: {len(violations)}")
        for text in violations[:100]:
            print(f"    {text}")
        return int(bool(violations))


def _processor() -> float:
    """Seconds of the processor of this process and its workers."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


class _Timer:
    def __init__(self, seconds, name):
        self.seconds, self.name = seconds, name

    def __enter__(self):
        self.start = now()

    def __exit__(self, *_error):
        self.seconds[self.name] += now() - self.start


class _Transaction:
    """An environment of the superuser whose work is committed at the end."""

    def __init__(self, registry):
        self.registry = registry

    def __enter__(self):
        import odoo

        self.registry = self.registry.check_signaling()
        self.cr = self.registry.cursor()
        self.cr.__enter__()
        return odoo.api.Environment(self.cr, odoo.SUPERUSER_ID, {})

    def __exit__(self, *error):
        if not error[0]:
            self.registry.signal_changes()
        return self.cr.__exit__(*error)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
