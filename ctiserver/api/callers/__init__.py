"""What callers left behind: messages, faxes, callbacks, answers of surveys."""
