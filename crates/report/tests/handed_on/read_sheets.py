# Reads a spreadsheet with openpyxl and prints what it holds, a line for each
# sheet: name, rows, columns, formulas, links, frozen at, filtered, checked.
import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1])
for sheet in book.worksheets:
    cells = [cell for row in sheet.iter_rows() for cell in row]
    formulas = sum(cell.data_type == "f" for cell in cells)
    links = sum(cell.hyperlink is not None for cell in cells)
    print(
        sheet.title,
        sheet.max_row,
        sheet.max_column,
        formulas,
        links,
        sheet.freeze_panes,
        sheet.auto_filter.ref,
        len(sheet.data_validations.dataValidation),
        sep="\t",
    )
