"""Kinds of answers: how each is read from words, checked, shown and written as JSON."""
