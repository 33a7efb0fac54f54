"""What callers left behind, as people work on it: messages, faxes, callbacks, answers."""
