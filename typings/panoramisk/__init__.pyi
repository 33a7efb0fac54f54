"""Just what ctiserver.asterisk.ami_protocol uses."""

from .manager import Manager as Manager
from .message import Message as Message
