"""Key figures of a call centre: formulas, intervals of local time, conventions of booking. Pure."""
