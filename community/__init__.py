"""Community: the content and community site of a parenting brand. One package for each room."""
