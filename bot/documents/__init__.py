"""Papers: the copy of a submission, and its signed receipt."""
