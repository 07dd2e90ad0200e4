"""What is in the sample files of xlsx: see `test_bank_formats_samples`."""

from . import Read

ROWS = {
    "kz__html_table_named_xls.xls": Read(2, "5000.00", "1500.50", opening="1000.00"),
    "kz__kaspi_pay_operations_detail.xlsx": "marketplace_report",
    "kz__spreadsheetml2003_named_xls.xls": Read(1, "7000", "0"),
}
