"""Product pages with what parents say of the product: stars, words, photos, helpful votes."""
