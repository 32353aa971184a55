"""What every room stands on and no request is needed for: database, time, text, jobs, limits, audit, mail."""
