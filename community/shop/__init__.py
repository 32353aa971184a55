"""Products, and who bought them: the catalogue, customers, orders. Product pages stand in reviews/."""
