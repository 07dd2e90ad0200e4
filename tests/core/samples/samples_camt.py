"""What is in the sample files of camt: see `test_bank_formats_samples`."""

from . import Read

ROWS = {
    "genkgo__camt__camt052.v2.other-account.xml": Read(1, "0", "200000"),
    "genkgo__camt__camt052.v4.xml": Read(
        0,
        "0",
        "0",
        differs={"operations": "the one entry is pending (PDNG): named, not imported", "amounts": "pending"},
    ),
    "genkgo__camt__camt053.v2.minimal.xml": Read(1, "8.85", "0", opening="18.15"),
    "genkgo__camt__camt053.v2.wrong.xml": "nothing_in_file",
    "genkgo__camt__camt053.v8.xml": Read(1, "8.85", "0", opening="18.15"),
    "genkgo__camt__camt054.v2.xml": Read(1, "0", "200000"),
    "genkgo__camt__camt054.v8-with-UETR.xml": Read(1, "0", "200000"),
    "genkgo__camt__camt054.v8-with-financial-institution.xml": Read(1, "0", "200000"),
    "prowide__prowide-iso20022__camt.053.001.07.xml": Read(0, "0", "0"),
    "viafintech__camt_parser__spec-fixtures-052-valid_namespace.xml": "nothing_in_file",
    "viafintech__camt_parser__spec-fixtures-053-valid_example_v4.xml": Read(
        32, "1810.56", "1272.95", opening="322152.16", closing="322689.77"
    ),
    "viafintech__camt_parser__spec-fixtures-053-valid_example_v8.xml": Read(
        3, "563.25", "20.97", opening="82721.95", closing="84515.25", incomplete=True
    ),
    "viafintech__camt_parser__spec-fixtures-053-valid_example_with_datetime.xml": Read(
        1, "195.86", "0", closing="606.80", incomplete=True
    ),
    "viafintech__camt_parser__spec-fixtures-053-valid_example_with_debit.xml": Read(
        5, "1.00", "11.00", opening="-33.06", closing="23.06", incomplete=True
    ),
    "viafintech__camt_parser__spec-fixtures-053-valid_example_with_instdamt.xml": Read(
        1, "4500.00", "0", opening="100", closing="4500.00", incomplete=True
    ),
    "viafintech__camt_parser__spec-fixtures-053-valid_namespace.xml": "nothing_in_file",
}
