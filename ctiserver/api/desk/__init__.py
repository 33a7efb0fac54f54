"""The desk over HTTP: work orders, customers, knowledge, bulletins, notices, inspection."""
