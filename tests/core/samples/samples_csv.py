"""What is in the sample files of csv: see `test_bank_formats_samples`."""

from . import Read

ROWS = {
    # German titles; no dictionary of ours has them: the preview offers the columns instead
    "reubano__csv2ofx__gls.csv": "header_not_found",
    # fifth of March or third of May: both rows leave it open
    "reubano__csv2ofx__payoneer.csv": "date_order_undecided",
    "reubano__csv2ofx__schwab-checking-baltest-case3.csv": Read(4, "20.00", "235.27"),
    "reubano__csv2ofx__schwab-checking-baltest-case7.csv": Read(2, "20.00", "20.00"),
    # charges of a payment service, not movements of an account
    "reubano__csv2ofx__stripe-all.csv": "header_not_found",
    "reubano__csv2ofx__stripe-default.csv": "header_not_found",
    # a journal of entries, not movements of an account
    "reubano__csv2ofx__xero.csv": "header_not_found",
    # no amount has a sign, so nothing says which way the money went
    "sebastienrousseau__bankstatementparser__csv_garbled_amount.csv": "amount_without_direction",
    "sebastienrousseau__bankstatementparser__pain_file.csv": "unknown_format",
}
