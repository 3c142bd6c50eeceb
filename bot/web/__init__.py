"""The web: public chat API, chat page, health. Knows HTTP and the desk, and nothing of what a procedure asks."""
