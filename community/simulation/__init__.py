"""A large, plausible community for measuring, made from a seed: the same seed gives the same site."""
