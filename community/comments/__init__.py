"""Comments under items that tell something by themselves: an article, a story. Their rooms give them the item."""
