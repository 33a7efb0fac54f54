"""The node types of the flow language: one file each, one entry here. Everything else follows from the classes."""

from ctiserver.ivr.nodes.base import Node
from ctiserver.ivr.nodes.branch import Branch
from ctiserver.ivr.nodes.callback import Callback
from ctiserver.ivr.nodes.collect import Collect
from ctiserver.ivr.nodes.conference import Conference
from ctiserver.ivr.nodes.create_work_order import CreateWorkOrderNode
from ctiserver.ivr.nodes.fax import Fax
from ctiserver.ivr.nodes.goto import Goto, Return
from ctiserver.ivr.nodes.hang_up import HangUpNode
from ctiserver.ivr.nodes.hours import Hours
from ctiserver.ivr.nodes.lookup import Lookup
from ctiserver.ivr.nodes.menu import Menu
from ctiserver.ivr.nodes.queue import Queue
from ctiserver.ivr.nodes.recording import Record, Voicemail
from ctiserver.ivr.nodes.say import Play, Say
from ctiserver.ivr.nodes.send_sms import SendSmsNode
from ctiserver.ivr.nodes.set_language import SetLanguage
from ctiserver.ivr.nodes.set_variables import SetVariables
from ctiserver.ivr.nodes.survey import Survey
from ctiserver.ivr.nodes.transfer import Transfer

NODE_TYPES: dict[str, type[Node]] = {
    node_type.type_name: node_type
    for node_type in (
        *(Say, Play, Menu, Collect, Hours, Branch, SetVariables, SetLanguage, Lookup, Queue, Transfer, Voicemail),
        *(Callback, Survey, Record, Fax, SendSmsNode, CreateWorkOrderNode, Conference, Goto, Return, HangUpNode),
    )
}
