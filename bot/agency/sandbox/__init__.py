"""The agency's whole side as a server, for trying and for tests: nothing that arrives here reaches an agency."""
