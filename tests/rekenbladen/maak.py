"""Makes the workbooks of the tests, once: `python3 tests/rekenbladen/maak.py` (needs the PyPI package openpyxl)."""

import datetime as dt
import os

from openpyxl import Workbook

FOLDER = os.path.dirname(os.path.abspath(__file__))


def questionnaire():
    book = Workbook()
    book.active.title = "Toelichting"
    book.active["A1"] = "Ingevuld door het bureau"
    sheet = book.create_sheet("Antwoorden")
    sheet["B1"] = "Antwoorden eerste kwartaal"
    header = ["Nr", "Ingevuld op", "Datum", "Cijfer", "Respons", "Duur", "Kosten", "Geholpen", "Kanaal"]
    rows = [
        [1001, dt.datetime(2026, 1, 5, 9, 30), dt.date(2026, 1, 5), 7.5, 0.782, dt.timedelta(hours=26, minutes=3), 4.5, True, "Balie "],
        [1002, dt.datetime(2026, 3, 29, 9, 0, 0, 250000), dt.date(2026, 3, 29), None, 0.07, dt.timedelta(seconds=90), 12, False, 14],
        [],
        ["1003", "2026-02-01 08:00", "2026-02-01", "8", "45,5 %", "0:01:30", "4,50", "nee", None],
    ]
    for column, name in enumerate(header, start=2):
        sheet.cell(row=3, column=column, value=name)
    for number, row in enumerate(rows, start=4):
        for column, value in enumerate(row, start=2):
            cell = sheet.cell(row=number, column=column, value=value)
            if header[column - 2] == "Respons":
                cell.number_format = "0.0%"
            if header[column - 2] == "Duur" and not isinstance(value, str):
                cell.number_format = "[h]:mm:ss"
    book.save(os.path.join(FOLDER, "enquete.xlsx"))


def one_sheet():
    book = Workbook()
    book.active.append(["nr", "bedrag"])
    book.active.append([1, 2.5])
    book.active.append([2, "=1/0"])
    book.active["B3"].data_type = "e"
    book.active["B3"].value = "#DIV/0!"
    book.create_sheet("leeg")
    book.save(os.path.join(FOLDER, "kosten.xlsx"))


if __name__ == "__main__":
    questionnaire()
    one_sheet()
