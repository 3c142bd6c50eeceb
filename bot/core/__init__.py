"""What happens: facts, the fold, the tables, deciding and saying. Pure: no clock, no I/O, no randomness."""
