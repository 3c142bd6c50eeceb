"""Evidence: looks into files that strangers sent, rebuilds them, and keeps sealed bytes on a disk."""
