"""Looks at Asterisk and the daemon as somebody from outside does, in a process of its own, and has them restarted.

It shares neither process, connection nor client code with what it watches: what hangs can't tell that it hangs.
"""
