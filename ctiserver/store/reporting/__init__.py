"""Reports over read models: each counts measures by interval and key; `ctiserver.kpi` makes figures of them.

Queries make intervals and keys in a subquery that ends with `OFFSET bigint '0'` and group outside of it. Without that
Postgres guesses that there are as many groups as instants, and sorts a year's million rows to group them; with it,
hundreds, which it hashes, in several processes at once. (A plain 0 would give the first only: it is not yet a constant
where the second is decided.)
"""
