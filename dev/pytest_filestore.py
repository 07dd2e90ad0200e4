"""A pytest plugin: each worker has attachments of its own, as it has a database of its own.

pytest-odoo lets all workers share one filestore. Odoo removes the files that its own database does not know
after each test class: one worker deletes what another has just written, and a mail leaves without its PDF.
"""

import os
import shutil
from pathlib import Path
from unittest import mock

import pytest


@pytest.fixture(scope="session", autouse=True)
def own_filestore(load_registry):
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if not worker:
        yield
        return
    from odoo.tools import config

    shared = Path(config.filestore("shared by pytest-odoo"))
    own = shared.with_name(f"{shared.name}-{worker}")
    shutil.rmtree(own, ignore_errors=True)
    if shared.is_dir():
        shutil.copytree(shared, own)
    with mock.patch.object(config, "filestore", return_value=str(own)):
        yield
    shutil.rmtree(own, ignore_errors=True)
