"""How lists are made of numbers: nothing here knows a database or a page, so that any log of reads can be tried."""
