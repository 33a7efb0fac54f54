"""Reports, their exports, and what belongs to them."""
