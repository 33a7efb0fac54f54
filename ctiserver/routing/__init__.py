"""What operations staff may set for routing, read, checked and handed to the engine. Pure: API and daemon use the same.

options.py   which options exist, their types, units and defaults
config.py    the directory as `acd.RoutingConfig`
check.py     what is wrong with a directory, field by field, and what can be used of it
"""
