"""What the readers of bank files say, in the user's language.

`core` gives codes with parameters; the sentences stand here, once.
"""

from collections import defaultdict


def _texts(env):
    return {
        # the file as a whole
        "empty_file": env._("The file is empty."),
        "too_large": env._("The file is larger than %(limit)s MB. Export a shorter period."),
        "too_many_lines": env._("The file has more than %(limit)s lines. Export a shorter period."),
        "unknown_format": env._("This is not a bank statement in a format that can be read here."),
        "not_supported_yet": env._(
            "Files of the format %(format)s cannot be read yet. Export the statement in the format 1C or CSV."
        ),
        "pdf_not_supported": env._(
            "A PDF statement cannot be imported. Export the statement in the format 1C or CSV."
        ),
        "archive_broken": env._("The archive cannot be unpacked: %(text)s."),
        "archive_empty": env._("The archive holds no files."),
        "archive_encrypted": env._(
            "The archive asks for a password (%(member)s). Unpack it and load the files."
        ),
        "archive_method": env._("The archive is packed in an unknown way. Unpack it and load the files."),
        "archive_nested": env._("The archive holds an archive: %(member)s. Unpack it and load the files."),
        "archive_path": env._("The archive holds a file that points outside of it: %(member)s."),
        "archive_too_large": env._("Unpacked, the archive is larger than %(limit)s MB (%(member)s)."),
        "archive_ratio": env._(
            "Unpacked, %(member)s is more than %(limit)s times as large as packed: no bank packs so, but"
            " files made to fill a server's memory are packed so."
        ),
        "archive_too_many": env._("The archive holds more than %(limit)s files."),
        "nothing_in_file": env._("The file holds no account and no operations."),
        "order_export": env._(
            "These are payment orders on their way to the bank, not operations that the bank has made."
            " Export a statement from the bank instead."
        ),
        "first_line_wrong": env._("The file does not begin with the line 1CClientBankExchange."),
        "content_after_end": env._("The file goes on after its end mark, as if two files had been joined."),
        "destroyed_letters": env._(
            "The letters of the file are destroyed: it was saved in a wrong encoding. Export it again."
        ),
        "file_cut_off": env._(
            "The file ends in the middle of document %(document)s, which begins on line %(start)s."
            " Download it again."
        ),
        "header_not_found": env._(
            "No row with the column titles was found: a date and an amount, or debit and credit."
            " If the bank uses other titles, add a profile with them."
        ),
        "amount_without_direction": env._(
            "The amounts have neither a sign nor a direction. Choose a profile that says whether they"
            " were received or spent."
        ),
        "amount_ambiguous": env._(
            "The amount %(amount)s can be read in two ways. Choose a profile with the file's decimal mark."
        ),
        "date_order_undecided": env._(
            "The date %(date)s can be read in two ways, and no date of the file tells which. Choose a profile"
            " that says whether the day or the month comes first."
        ),
        "too_many_columns": env._("The row has more than %(limit)s columns."),
        "not_a_table": env._("Files of the format %(format)s have no columns to choose."),
        "marketplace_report": env._(
            "This is a report of sales and fees of %(marketplace)s, not a bank statement. Import the"
            " statement of the account to which the money was paid."
        ),
        "workbook_broken": env._(
            "The workbook cannot be read: %(text)s. Open it in a spreadsheet program and save it again."
        ),
        "workbook_encrypted": env._("The workbook is protected with a password. Save it without one."),
        "several_accounts": env._(
            "The file holds several accounts that have no number (%(accounts)s). Export each one on its own."
        ),
        "investment_account": env._("This is the account of an investment, not of a bank: %(account)s."),
        "bank_reported_error": env._("Instead of a statement, the bank sent an error: %(text)s"),
        "csv_broken": env._("The rows cannot be told apart: %(text)s."),
        "xml_broken": env._("The XML is damaged: %(text)s. Download the file again."),
        "xml_doctype": env._("The XML declares a document type or entities, which no bank does."),
        "xml_too_large": env._("The XML has too many elements. Export a shorter period."),
        "camt_other_message": env._(
            "This XML is no account statement (camt.052, camt.053, camt.054) but “%(message)s”."
        ),
        # lines that are not imported
        "amount_missing": env._("The amount is missing."),
        "amount_unreadable": env._("The amount “%(amount)s” cannot be read."),
        "line_unreadable": env._("The line cannot be read as an operation."),
        "balance_unreadable": env._("The balance cannot be read."),
        "status_missing": env._("Nothing says whether the bank has booked this operation."),
        "amount_too_fine": env._("The amount %(amount)s has more decimals than the currency."),
        "negative_amount": env._(
            "The amount %(amount)s is negative, and the file does not say what that means."
        ),
        "date_unreadable": env._("There is no date that can be read."),
        "direction_unknown": env._("Nothing says whether the money was received or spent."),
        "direction_contradicts": env._("The accounts say one direction, the amounts the other."),
        "direction_contradicts_kind": env._(
            "The bank calls it %(kind)s, money spent, but no amount of the file has a minus."
        ),
        "operation_cut_off": env._("The file ends within this operation. Download it again."),
        "debit_and_credit": env._("Debit and credit are both filled: %(amount)s."),
        "account_unknown": env._("Neither side is one of the accounts of the file."),
        "other_currency": env._("The line is in %(currency)s, the journal in %(journal)s."),
        "row_after_total": env._("The row stands after the total."),
        # remarks
        "balance_gap": env._(
            "The balance jumps: the part before ends with %(computed)s, this one begins with %(stated)s."
        ),
        "batch_not_split": env._(
            "%(count)s payments in one amount of %(amount)s, without amounts of their own that add up to it:"
            " taken as one line."
        ),
        "date_assumed": env._("The operation has no date; the date of the statement was taken: %(date)s."),
        "message_repeated": env._("Message %(ident)s stands in the file twice and was taken once."),
        "not_booked": env._("Not booked by the bank yet (%(status)s), not imported: %(text)s"),
        "account_check_digits": env._("The check digits of account %(account)s are wrong."),
        "balance_ignored": env._("The balance “%(text)s” (%(key)s) cannot be read."),
        "closing_balance_differs": env._(
            "The lines lead to a closing balance of %(computed)s, the file says %(stated)s."
        ),
        "credits_differ": env._("The lines add up to %(computed)s received, the file says %(stated)s."),
        "debits_differ": env._("The lines add up to %(computed)s spent, the file says %(stated)s."),
        "section_differs": env._("The balances of the section lead to %(computed)s, it says %(stated)s."),
        "date_ignored": env._("“%(text)s” (%(key)s) is no date."),
        "doubles_dropped": env._("%(count)s operations stood in the file twice and were taken once."),
        "end_of_file_missing": env._(
            "The end mark of the file is missing. Check that all operations are there."
        ),
        "end_without_section": env._("“%(key)s” ends nothing."),
        "letters_lost": env._(
            "Letters of the file are destroyed from here on: it was saved in a wrong encoding."
        ),
        "line_ignored": env._("Ignored: “%(text)s”."),
        "no_balances": env._(
            "No statement with balances was made: the new lines lie between lines that were there before."
        ),
        "no_balances_unread": env._(
            "No statement with balances was made: lines of the file could not be read, and its closing"
            " balance counts them."
        ),
        "opening_gap": env._(
            "The new lines begin with a balance of %(stated)s, but the statement before them, %(statement)s,"
            " leads to %(computed)s: operations between them are missing, or are there twice."
        ),
        "no_operations": env._("The file holds no operations."),
        "repeated_key": env._("Named twice in one document, the first one was taken: %(keys)s."),
        "reversal": env._("Reversal: %(amount)s."),
        "section_not_closed": env._("The section that begins here is not closed."),
        "investment_ignored": env._("Investments are not imported: %(account)s."),
        "reference_repeated": env._("%(count)s operations have a reference that others have as well."),
        "sheet_ignored": env._("The sheet “%(sheet)s” has no row with column titles and was not read."),
        "zero_lines": env._("%(count)s operations without an amount were skipped."),
        # why a column is offered for a meaning
        "title_profile": env._("The profile names this title."),
        "title_known": env._("The title is known."),
        "title_begins": env._("The title begins with “%(known)s”."),
        "title_contains": env._("The title contains “%(known)s”."),
        "title_similar": env._("The title is almost “%(known)s”."),
        "content_account": env._("The column holds account numbers."),
        "content_amounts": env._("The column holds amounts."),
        "content_bank": env._("The column holds bank codes."),
        "content_code": env._("The column holds codes of three digits."),
        "content_dates": env._("The column holds dates."),
        "content_tax_id": env._("The column holds numbers of the length of a BIN, IIN or INN."),
        "content_text": env._("The column holds long texts."),
    }


def describe(env, code, params=None, line=0, texts=None):
    """One sentence for a code of the readers, with its line when there is one."""
    text = (texts or _texts(env)).get(code, code) % defaultdict(str, params or {})
    return env._("Line %(line)s: %(text)s", line=line, text=text) if line else text


def describe_all(env, items):
    """Sentences for many notices or unread lines, in their order."""
    texts = _texts(env) if items else {}
    return [
        describe(env, item.code, item.params, item.line, texts)
        + (f" ({item.text})" if getattr(item, "text", "") else "")
        for item in items
    ]


def describe_error(env, error):
    """A `StatementFormatError` with the names of file and line."""
    text = describe(env, error.code, error.params)
    if error.line:
        return env._("%(file)s, line %(line)s: %(text)s", file=error.filename, line=error.line, text=text)
    return env._("%(file)s: %(text)s", file=error.filename, text=text)
