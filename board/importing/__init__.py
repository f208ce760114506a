"""Understanding a spreadsheet of actions: cells in, records and problems by row out. Pure: no file, list or clock."""
