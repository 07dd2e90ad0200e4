"""What is in the sample files of qif: see `test_bank_formats_samples`."""

from . import Read

ROWS = {
    "isaacharrisholt__quiffen__test.qif": Read(5, "99.50", "135.00", opening="0.00"),
    "isaacharrisholt__quiffen__test_category_inherit.qif": "nothing_in_file",
    "isaacharrisholt__quiffen__test_clear_autoswitch.qif": "nothing_in_file",
    "isaacharrisholt__quiffen__test_oth_a.qif": Read(5, "99.50", "135.00", opening="0.00"),
    "isaacharrisholt__quiffen__test_split.qif": Read(1, "0", "10.00"),
    "isaacharrisholt__quiffen__test_transaction_before_account_definition_1.qif": Read(2, "0", "197.96"),
    # two accounts each, with names only: nothing tells to which journal an operation belongs
    "reubano__csv2ofx__default.qif": "several_accounts",
    "reubano__csv2ofx__investment_example.qif": "investment_account",
    "reubano__csv2ofx__mint.qif": "several_accounts",
    "reubano__csv2ofx__mint_extra.qif": "several_accounts",
}
