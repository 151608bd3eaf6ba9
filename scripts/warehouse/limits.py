"""What a file may cost before it is refused, or a line of it rejected; docs/settings.md lists them.

Published files keep far below: English Prescribing Data has 27 columns and lines of 600 bytes.
"""

# Columns of a header.
MAX_COLUMNS = 2_000
# Bytes of a line, without its line end; a longer one is a reject.
MAX_LINE_BYTES = 1 << 20
# Characters of a rejected line that the lake keeps.
MAX_REJECT_CHARACTERS = 10_000
# Lines among which the header is sought.
HEADER_LINES = 30
# Bytes unpacked from an archive's byte, once more than UNPACKED_FREELY came out of it.
MAX_UNPACKING_RATIO = 1_000
UNPACKED_FREELY = 1 << 30
# Entries of an archive.
MAX_ENTRIES = 10_000
# Characters of a value that a message quotes.
MAX_QUOTED = 60

# First year that a period, or a date from which one is inferred, may lie in; the last is next year.
# Every dummy date lies before it.
FIRST_YEAR = 1990
# A file of which more than this share of rows or lines is unusable is refused whole.
REFUSED_SHARE = 0.5
# Files of fewer rows may say one record key in most of them.
FEW_ROWS = 10
