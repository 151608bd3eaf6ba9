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
