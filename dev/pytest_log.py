"""A pytest plugin: Odoo's warnings and errors during the tests, for ``bad_log_lines`` of dev/lib.sh.

Odoo's own runner fails where its log has an error; pytest-odoo does not look. The lines have the form of
Odoo's log, with the test that ran. What a test expects (``assertLogs``, ``mute_logger``) never reaches the
root logger. The file is ``$I2C_TEST_LOG.<worker>``; without that variable nothing is written.
"""

import logging
import os

import pytest


class _WithTest(logging.Formatter):
    def format(self, record):
        test = os.environ.get("PYTEST_CURRENT_TEST", "outside of tests")
        record.msg, record.args = f"{record.getMessage()} [{test}]".replace("\n", " | "), ()
        return super().format(record)


@pytest.fixture(scope="session", autouse=True)
def watched_log(load_registry):
    start = os.environ.get("I2C_TEST_LOG")
    if not start:
        yield
        return
    handler = logging.FileHandler(f"{start}.{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")
    handler.setLevel(logging.WARNING)
    handler.setFormatter(_WithTest("%(asctime)s %(process)d %(levelname)s test %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    handler.close()
