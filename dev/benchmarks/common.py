"""What the benchmarks share: time, memory, a database of their own, a table with bounds.

Figures are ratios to a floor measured in the same run, because machines differ and
ratios hardly do. CPU time is compared, not the clock, where other work may run beside.
"""

from __future__ import annotations

import contextlib
import gc
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; ``bound`` None means that it is only told."""

    name: str
    value: float
    unit: str = ""
    bound: float | None = None
    at_least: bool = False

    @property
    def holds(self) -> bool:
        if self.bound is None:
            return True
        return self.value >= self.bound if self.at_least else self.value <= self.bound


def report(title: str, figures: list[Figure]) -> int:
    """Print the figures; the exit code, 1 when a bound does not hold."""
    width = max((len(figure.name) for figure in figures), default=0)
    print(f"\n{title}")
    for figure in figures:
        bound = ""
        if figure.bound is not None:
            sign = ">=" if figure.at_least else "<="
            bound = f"{sign} {figure.bound:g}  {'ok' if figure.holds else 'MISSED'}"
        print(f"  {figure.name:<{width}}  {figure.value:>12,.3f} {figure.unit:<8} {bound}")
    return int(any(not figure.holds for figure in figures))


def seconds(action: Callable[[], object], repeat: int = 1) -> float:
    """The smallest CPU time of this process in ``repeat`` runs; work of the database server is not in it."""
    return min(_timed(action, time.process_time) for _ in range(repeat))


def clock(action: Callable[[], object], repeat: int = 1) -> float:
    """The smallest time on the clock, the database server's work included."""
    return min(_timed(action, time.perf_counter) for _ in range(repeat))


def _timed(action: Callable[[], object], now: Callable[[], float]) -> float:
    gc.collect()
    start = now()
    action()
    return now() - start


@contextlib.contextmanager
def odoo_database(name: str = "i2c_bench", template: str = "i2c_template") -> Iterator:
    """An Odoo environment (superuser) in a fresh copy of a database; nothing is committed unless you do."""
    psql = ["psql", "-XAtq", "-d", "postgres", "-v", "ON_ERROR_STOP=1"]
    subprocess.run([*psql, "-c", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'], check=True)
    subprocess.run([*psql, "-c", f'CREATE DATABASE "{name}" TEMPLATE "{template}"'], check=True)
    import odoo
    from odoo.modules.registry import Registry

    odoo.tools.config.parse_config(["-c", os.environ["ODOO_RC"], "-d", name, "--log-level=error"])
    registry = Registry(name)
    with registry.cursor() as cr:
        yield odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
        cr.rollback()
    odoo.sql_db.close_db(name)
