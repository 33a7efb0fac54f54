"""The node types of the flow language: one file each, one entry here. Everything else follows from the classes."""

from ctiserver.ivr.nodes.base import Node
from ctiserver.ivr.nodes.branch import Branch
from ctiserver.ivr.nodes.collect import Collect
from ctiserver.ivr.nodes.goto import Goto, Return
from ctiserver.ivr.nodes.hang_up import HangUpNode
from ctiserver.ivr.nodes.hours import Hours
from ctiserver.ivr.nodes.menu import Menu
from ctiserver.ivr.nodes.queue import Queue
from ctiserver.ivr.nodes.say import Say
from ctiserver.ivr.nodes.set_language import SetLanguage
from ctiserver.ivr.nodes.set_variables import SetVariables

NODE_TYPES: dict[str, type[Node]] = {
    node_type.type_name: node_type
    for node_type in (Say, Menu, Collect, Hours, Branch, SetVariables, SetLanguage, Queue, Goto, Return, HangUpNode)
}
