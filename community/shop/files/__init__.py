"""Files that shops export, read without a database: catalogues and orders."""
