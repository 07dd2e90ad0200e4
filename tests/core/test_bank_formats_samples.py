"""Every public sample file is read or refused by name; totals as their sources state them."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from core.bank_formats import StatementFormatError, parse_statement

SAMPLES = Path(os.environ.get("I2C_SAMPLES", "../shared/samples"))
FILES = sorted(path for path in SAMPLES.glob("*/*") if path.is_file())
pytestmark = pytest.mark.skipif(not FILES, reason="no sample files beside this repository")

TOCHKA = "tochka__odin_palace__src-tests-suites-"
# name -> (operations, unread, opening, closing)
EXPECTED = {
    "condo__1CClientBankExchange.txt": (4, 0, "8300.00", "135394.23"),
    "kilylabs__client-bank-exchange-php__one_day.txt": (3, 10, "45329.91", "44145.91"),
    "kz__halyk__uppercase_daily_balances_excerpt.txt": (0, 0, "5.55", "40.55"),
    "kz__jusan_alatau__v2.00_excerpt.txt": (1, 0, "1020312.05", "1315671.19"),
    "kz__kaspi_business__v1.01_excerpt.txt": (1, 0, "129464.83", "310326.13"),
    "kz__kazpost__multiline_purpose_reconstructed.txt": (1, 0, "455336.52", "460826.91"),
    f"{TOCHKA}no_documents-input.txt": (0, 0, "0.00", "217546.11"),
    f"{TOCHKA}statement-137442-input.txt": (129, 0, "316277.35", "700675.20"),
    f"{TOCHKA}taxdev_4645-input.txt": (9, 0, "0", "67770"),
    f"{TOCHKA}taxdev_4645_utf-input.txt": (10, 0, "0", "67770"),
    f"{TOCHKA}two_documents-input.txt": (2, 0, "0", "67770"),
    f"{TOCHKA}version_1_03-input.txt": (2, 0, "49", "18703.52"),
}
REFUSED = {
    "Xini1__client-bank-exchange__sample2.txt": "order_export",
    "Xini1__client-bank-exchange__sample4.txt": "order_export",
    "Xini1__client-bank-exchange__sample5.txt": "order_export",
    "dronm__clbnk__to_bank.txt": "order_export",
    f"{TOCHKA}binary-input.bin": "unknown_format",
    f"{TOCHKA}statement-131911-input.txt": "destroyed_letters",
    "sebastienrousseau__bankstatementparser__csv_garbled_amount.csv": "amount_without_direction",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}"[:70])
def test_sample_is_read_or_refused_by_name(path):
    try:
        statements = parse_statement(path.read_bytes(), path.name)
    except StatementFormatError as error:
        assert path.name not in EXPECTED
        assert error.filename == path.name
        assert error.code == REFUSED.get(path.name, error.code)
        return
    assert path.name not in REFUSED
    if path.name in EXPECTED:
        (statement,) = statements
        operations, unread, opening, closing = EXPECTED[path.name]
        assert (len(statement.transactions), len(statement.unread)) == (operations, unread)
        assert (statement.opening, statement.closing) == (Decimal(opening), Decimal(closing))


def test_amounts_of_the_housing_platform_sample():
    path = SAMPLES / "1c" / "condo__1CClientBankExchange.txt"
    if not path.exists():
        pytest.skip("sample is absent")
    (statement,) = parse_statement(path.read_bytes())
    assert [str(t.amount) for t in statement.transactions] == ["-700", "1052.98", "1166.98", "-14000"]
