"""Whatever is published is an item, whatever stands under one is a post; tags and old addresses belong here."""
