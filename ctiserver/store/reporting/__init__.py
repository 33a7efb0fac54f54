"""Reports over read models: each counts measures by interval and key; `ctiserver.kpi` makes figures of them."""
