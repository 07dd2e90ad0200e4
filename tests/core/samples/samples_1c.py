"""What is in the sample files of 1c: see `test_bank_formats_samples`."""

from . import Read

ROWS = {
    "Xini1__client-bank-exchange__sample1.txt": Read(
        0, "0", "0", statements=2, unread=2, opening="10.10", closing="10.10", incomplete=True
    ),
    "Xini1__client-bank-exchange__sample2.txt": "order_export",
    "Xini1__client-bank-exchange__sample4.txt": "order_export",
    "Xini1__client-bank-exchange__sample5.txt": "order_export",
    "condo__1CClientBankExchange-Invalid.txt": Read(0, "0", "0", opening="8300.00", incomplete=True),
    "condo__1CClientBankExchange.txt": Read(
        4, "2219.96", "14700", opening="8300.00", closing="135394.23", incomplete=True
    ),
    "dronm__clbnk__kl_to_1c.txt": Read(
        2, "0", "156936.00", unread=1, opening="252842.49", closing="79245.05", incomplete=True
    ),
    "dronm__clbnk__to_bank.txt": "order_export",
    "kilylabs__client-bank-exchange-php__one_day.txt": Read(
        3, "40000.00", "0", unread=10, opening="45329.91", closing="44145.91", incomplete=True
    ),
    "kilylabs__client-bank-exchange-php__one_day_utf8.txt": Read(
        3, "40000.00", "0", unread=10, opening="45329.91", closing="44145.91", incomplete=True
    ),
    "kz__halyk__uppercase_daily_balances_excerpt.txt": Read(
        0, "0", "0", opening="5.55", closing="40.55", incomplete=True
    ),
    "kz__jusan_alatau__v2.00_excerpt.txt": Read(
        1, "7745.7", "0", opening="1020312.05", closing="1315671.19", incomplete=True
    ),
    "kz__kaspi_business__v1.01_excerpt.txt": Read(
        1, "0", "4000.00", opening="129464.83", closing="310326.13", incomplete=True
    ),
    "kz__kazpost__multiline_purpose_reconstructed.txt": Read(
        1,
        "5490.39",
        "0",
        opening="455336.52",
        closing="460826.91",
        differs={
            "operations": "the source counts the whole file, here is an excerpt",
            "closing": "of the whole file; the excerpt has its own",
        },
    ),
    "odoo-ru__client-bank-1c__1c_to_kl-win-min-example.txt": "nothing_in_file",
    "tochka__odin_palace__src-tests-suites-binary-input.bin": "unknown_format",
    "tochka__odin_palace__src-tests-suites-no_documents-input.txt": Read(
        0, "0", "0", opening="0.00", closing="217546.11", incomplete=True
    ),
    "tochka__odin_palace__src-tests-suites-no_end_of_account-input.txt": Read(
        1, "1000", "0", opening="0", closing="67770", incomplete=True
    ),
    "tochka__odin_palace__src-tests-suites-no_end_of_file-input.txt": Read(
        1, "1000", "0", opening="0", closing="67770", incomplete=True
    ),
    "tochka__odin_palace__src-tests-suites-statement-131911-input.txt": "destroyed_letters",
    "tochka__odin_palace__src-tests-suites-statement-137442-input.txt": Read(
        129, "1027356.16", "642268.31", opening="316277.35", closing="700675.20", incomplete=True
    ),
    "tochka__odin_palace__src-tests-suites-taxdev_4645-input.txt": Read(
        9, "66770", "0", opening="0", closing="67770", incomplete=True
    ),
    "tochka__odin_palace__src-tests-suites-taxdev_4645_utf-input.txt": Read(
        10, "67770", "0", opening="0", closing="67770"
    ),
    "tochka__odin_palace__src-tests-suites-two_documents-input.txt": Read(
        2, "1100", "0", opening="0", closing="67770", incomplete=True
    ),
    "tochka__odin_palace__src-tests-suites-unknown_direction-input.txt": Read(
        2, "207459", "4900", opening="107728.7", closing="310287.7"
    ),
    "tochka__odin_palace__src-tests-suites-version_1_03-input.txt": Read(
        2, "158654.52", "140000", opening="49", closing="18703.52"
    ),
}
