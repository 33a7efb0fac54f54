"""Customers, work orders, knowledge and notices in Postgres."""
