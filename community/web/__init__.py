"""What every view shares: access marks, forms, answers, limits, headers, the page cache, static files."""
