"""A procedure as data: its format, the strict reader, expressions, the compiled interview, lints and drawings. Pure."""
