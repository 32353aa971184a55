"""Questions and complaints to customer service: cases with their conversation."""
