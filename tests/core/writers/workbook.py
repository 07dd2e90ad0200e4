"""The table of `delimited` as a workbook: XLSX (xlsxwriter), XLS (xlwt), Excel 2003 XML, HTML."""

import io
from html import escape

import xlsxwriter
import xlwt

from .delimited import FIELDS, TITLES, head, shown, titles, values


def rows(statement, signed=False):
    """All rows as Python values."""
    return [
        *head(statement),
        [TITLES[name] for name in titles(signed)],
        *(values(line, signed) for line in statement.transactions),
    ]


def xlsx(statements, signed=False, texts=False, date1904=False):
    """One sheet per statement; `texts` writes amounts and days as texts, as some banks do."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "date_1904": date1904})
    days = book.add_format({"num_format": "dd.mm.yyyy"})
    for statement in statements:
        sheet = book.add_worksheet()
        for number, cells in enumerate(rows(statement, signed)):
            for column, value in enumerate(cells):
                if value in (None, ""):
                    continue
                if texts or isinstance(value, str):
                    sheet.write_string(number, column, shown(value))
                elif hasattr(value, "year"):
                    sheet.write_datetime(number, column, value, days)
                else:
                    sheet.write_number(number, column, value)
    book.close()
    return buffer.getvalue()


def xls(statements, signed=False):
    book = xlwt.Workbook()
    days = xlwt.easyxf(num_format_str="DD.MM.YYYY")
    for index, statement in enumerate(statements):
        sheet = book.add_sheet(f"Sheet{index}")
        for number, cells in enumerate(rows(statement, signed)):
            for column, value in enumerate(cells):
                if value in (None, ""):
                    continue
                if hasattr(value, "year"):
                    sheet.write(number, column, value, days)
                else:
                    sheet.write(number, column, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def spreadsheetml(statements, signed=False):
    out = ['<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"']
    out.append(' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">')
    for statement in statements:
        out.append('<Worksheet ss:Name="Выписка"><Table>')
        for cells in rows(statement, signed):
            out.append("<Row>" + "".join(map(_cell, range(1, 99), cells)) + "</Row>\n")
        out.append("</Table></Worksheet>")
    return "".join([*out, "</Workbook>"]).encode()


def _cell(column, value):
    """Empty cells are not written: the next one says where it stands."""
    if value in (None, ""):
        return ""
    if isinstance(value, str):
        kind, text = "String", escape(value)
    elif hasattr(value, "year"):
        kind, text = "DateTime", f"{value}T00:00:00.000"
    else:
        kind, text = "Number", str(value)
    return f'<Cell ss:Index="{column}"><Data ss:Type="{kind}">{text}</Data></Cell>'


def html(statement, signed=False):
    out = ["<html><head><meta charset='utf-8'><title>x</title></head><body><table>"]
    for number, cells in enumerate(rows(statement, signed)):
        if number == len(head(statement)):
            out.append("</table><table border=1>")
        out.append("<tr>" + "".join(f"<td>{escape(shown(value))}</td>" for value in cells) + "</tr>\n")
    return "".join([*out, "</table></body></html>"]).encode()


__all__ = ["FIELDS", "html", "spreadsheetml", "xls", "xlsx"]
