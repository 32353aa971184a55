"""One touchpoint is one contact between a person and the brand: recorded here, never changed, and read by
projections in order. Everything derived can be rebuilt from this record."""
