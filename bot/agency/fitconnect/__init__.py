"""The way to an agency through FIT-Connect: announce, attachments, submit, event log. The sender's side only."""
