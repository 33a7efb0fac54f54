"""The desk's rules, pure: work orders, deadlines, calendars, numbers, categories, scores. Instants are arguments."""
