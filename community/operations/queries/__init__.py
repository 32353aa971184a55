"""What the operator looks at, and everything that is stored about one member."""
