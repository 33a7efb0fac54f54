"""Questions to outside systems (billing, CRM) while a caller waits: bounded in time, size and number, never raising.

`sources.py` reads `lookups.yaml`, `guard.py` says which addresses may be asked, `client.py` asks one source,
`engine.py` is what flows and screen pops use (ports.Lookups).
"""
