"""What is in the sample files of mt940: see `test_bank_formats_samples`."""

from . import Read

LAST = {"opening": "the library tells the last message's, ours is the first's"}
NO_BALANCE = {
    "opening": "there is no balance in the file; the source fills it in",
    "closing": "there is no balance in the file",
}

ROWS = {
    "WoLpH__mt940__mt940_tests-betterplace-currency_in_25.sta": "unknown_format",
    "WoLpH__mt940__mt940_tests-betterplace-sepa_mt9401.sta": Read(
        97, "5188474.94", "14457610.84", statements=20, opening="-1234718.36", closing="50.05", differs=LAST
    ),
    "WoLpH__mt940__mt940_tests-betterplace-sepa_snippet.sta": Read(
        11,
        "1430745.72",
        "3574069.11",
        statements=2,
        opening="766656.49",
        closing="-4472049.09",
        incomplete=True,
        differs=LAST,
    ),
    "WoLpH__mt940__mt940_tests-cmxl-account_identification_legacy.sta": "unknown_format",
    "WoLpH__mt940__mt940_tests-cmxl-reference.sta": "unknown_format",
    "WoLpH__mt940__mt940_tests-cmxl-statement_line.sta": Read(1, "0", "1.62", differs=NO_BALANCE),
    "WoLpH__mt940__mt940_tests-jejik-generic.sta": Read(
        2, "0", "20.00", opening="100.00", closing="80.00", differs=LAST
    ),
    "WoLpH__mt940__mt940_tests-jejik-ing.sta": Read(
        7, "4.68", "50.27", opening="0.00", closing="3.47", incomplete=True
    ),
    "WoLpH__mt940__mt940_tests-jejik-knab.sta": Read(
        3, "1000.0", "7260.0", statements=2, opening="0.0", closing="798.98", incomplete=True, differs=LAST
    ),
    "WoLpH__mt940__mt940_tests-jejik-rabobank.sta": Read(
        5, "0", "1589.09", statements=4, opening="473.17", closing="4101.82", incomplete=True, differs=LAST
    ),
    "WoLpH__mt940__mt940_tests-jejik-sns.sta": Read(
        2, "0", "25.00", opening="1234.56", closing="1209.56", differs=LAST
    ),
    "WoLpH__mt940__mt940_tests-mBank-mt942.sta": Read(3, "0.03", "0", differs=NO_BALANCE),
    "WoLpH__mt940__mt940_tests-requirements.txt": "unknown_format",
    "WoLpH__mt940__mt940_tests-self-provided-details_60-63.sta": Read(
        1, "0", "233.15", opening="12345.12", closing="12345.98", incomplete=True
    ),
    "WoLpH__mt940__mt940_tests-self-provided-invalid_statement.sta": "unknown_format",
    "WoLpH__mt940__mt940_tests-self-provided-malformed_details.sta": Read(
        1, "0", "233.15", opening="12345.12", closing="12345.98", incomplete=True
    ),
    "WoLpH__mt940__mt940_tests-self-provided-mt942.sta": Read(
        1, "0", "0.42", incomplete=True, differs=NO_BALANCE
    ),
    "WoLpH__mt940__mt940_tests-self-provided-raphaelm.sta": Read(
        9,
        "145000.00",
        "50000.00",
        statements=2,
        opening="0.00",
        closing="95000.00",
        differs={
            "opening": "the library tells the last message's, ours is the first's",
            "closing": "the library cannot read :62F: without a currency",
        },
    ),
    "WoLpH__mt940__mt940_tests-self-provided-transaction_details_wrapped.sta": Read(
        1, "0", "6.00", opening="1200.00", closing="1194.00"
    ),
    "betterplace__mt940_parser__amount_formats.txt": Read(0, "0", "0", opening="380115.12"),
    "betterplace__mt940_parser__colon_in_descriptor.txt": "unknown_format",
    "betterplace__mt940_parser__currency_in_25.txt": "unknown_format",
    "betterplace__mt940_parser__empty_86.txt": "unknown_format",
    "betterplace__mt940_parser__missing_crlf_at_end.txt": Read(0, "0", "0", closing="42570.04"),
    "betterplace__mt940_parser__sepa_snippet.txt": Read(
        11,
        "1430745.72",
        "3574069.11",
        statements=2,
        opening="766656.49",
        closing="-4472049.09",
        incomplete=True,
    ),
    "betterplace__mt940_parser__sepa_snippet_broken.txt": Read(
        1, "50990.05", "0", opening="766656.49", closing="1125250.4", incomplete=True
    ),
    "betterplace__mt940_parser__with_binary_character.txt": Read(
        4, "14215.30", "193282.05", statements=2, opening="380115.77", closing="131193.19"
    ),
    "fruitl00p__php-mt940__test-Parser-Banking-Mt940-Engine-Abn-issue48": Read(
        2, "109.65", "62.63", opening="1124.58", closing="1171.6"
    ),
    "fruitl00p__php-mt940__test-Parser-Banking-Mt940-Engine-Abn-sample2": Read(
        4, "0", "812.0", opening="17369.99", closing="17159.49", incomplete=True
    ),
    "fruitl00p__php-mt940__test-Parser-Banking-Mt940-Engine-Bunq-sample": Read(
        111, "761.66", "788.33", opening="32.33", closing="5.66"
    ),
    "fruitl00p__php-mt940__test-Parser-Banking-Mt940-Engine-Ing-sample": Read(
        7, "32.39", "25.24", opening="0.00", closing="3.47", incomplete=True
    ),
    "fruitl00p__php-mt940__test-Parser-Banking-Mt940-Engine-Kbs-sample2": Read(
        7, "73700.0", "50945.0", opening="185723.0", closing="208478.0"
    ),
    "fruitl00p__php-mt940__test-Parser-Banking-Mt940-Engine-Knab-sample2": Read(
        1, "567.42", "0", opening="12490.07", closing="13057.49"
    ),
    "fruitl00p__php-mt940__test-Parser-Banking-Mt940-Engine-Knab-sample3": Read(
        1, "100000.0", "0", opening="0.00", closing="0.00", incomplete=True
    ),
    "fruitl00p__php-mt940__test-Parser-Banking-Mt940-Engine-Kontist-sample": Read(
        6, "515.95", "120.19", opening="0.15", closing="395.91"
    ),
    "fruitl00p__php-mt940__test-Parser-Banking-Mt940-Engine-Rabo-sample2": Read(
        0, "0", "0", opening="-1000.12", closing="2145.23", incomplete=True
    ),
    "fruitl00p__php-mt940__test-Parser-Banking-Mt940-Engine-Triodos-sample": Read(
        8, "300.00", "390.98", statements=2, opening="1000.00", closing="1009.14"
    ),
    "fruitl00p__php-mt940__test-Parser-Banking-Mt940-Engine-Zetb-sample": Read(
        8, "220000.00", "223743.91", opening="6213.05", closing="2469.14"
    ),
    "railslove__cmxl__mt940-deutsche_bank.txt": Read(
        16, "72436.74", "60109.44", statements=3, opening="84349.74", closing="50040.00"
    ),
    # its closing balance "11 27421,94" is no amount
    "railslove__cmxl__mt940-headers.txt": Read(1, "1368378.92", "0", opening="0.00"),
    "railslove__cmxl__mt940-windows-line-breaks.txt": Read(
        2, "3000.0", "800.0", opening="2187.95", closing="4387.95"
    ),
    "railslove__cmxl__mt940-with-colon-after-line-break.txt": Read(1, "0", "6800.0", opening="84349.74"),
    "railslove__cmxl__mt940.txt": Read(
        27, "121833.48", "109418.88", statements=4, opening="84349.74", closing="50040.00"
    ),
    "railslove__cmxl__mt942.txt": Read(2, "19584.00", "0"),
    "railslove__cmxl__statement-details-mt940.txt": Read(1, "0", "1.62"),
    "sandermarechal__jejik-mt940__K4262927_20200905-080000-952.txt": Read(1, "230.00", "0", opening="0.0"),
    "sandermarechal__jejik-mt940__abnamro.txt": Read(
        10, "0", "345.93", statements=2, opening="3236.28", closing="1849.75", incomplete=True
    ),
    "sandermarechal__jejik-mt940__generic.txt": Read(2, "0", "20.00", opening="100.00", closing="80.00"),
    "sandermarechal__jejik-mt940__ing-dos.txt": Read(
        7, "4.68", "50.27", opening="0.00", closing="3.47", incomplete=True
    ),
    "sandermarechal__jejik-mt940__ing-unix.txt": Read(
        7, "4.68", "50.27", opening="0.00", closing="3.47", incomplete=True
    ),
    "sandermarechal__jejik-mt940__lbbw.txt": Read(2, "0.01", "0.01", opening="0.00", closing="0.00"),
    "sandermarechal__jejik-mt940__oldenburgischelandesbank.txt": Read(
        1, "104.50", "0", opening="0.0", closing="0.0", incomplete=True
    ),
    "sandermarechal__jejik-mt940__oldenburgischelandesbank2.txt": Read(1, "230.00", "0", opening="0.0"),
    "sandermarechal__jejik-mt940__oldenburgischelandesbankmitbindestrich.txt": Read(
        1, "1727.00", "0", opening="279998.57", closing="0.00", incomplete=True
    ),
    "sandermarechal__jejik-mt940__sparkasse3.txt": Read(
        1, "0", "1027.25", opening="931052.29", closing="931304.50", incomplete=True
    ),
    "sandermarechal__jejik-mt940__sparkasse_interim_balance.txt": Read(
        2, "0", "40.00", statements=2, opening="194.57", closing="0.0"
    ),
    "sebastienrousseau__bankstatementparser__sample.mt940": Read(
        2, "1250.50", "80.25", opening="1000.00", closing="2170.25"
    ),
}
