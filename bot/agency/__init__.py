"""Ways to the agency."""
