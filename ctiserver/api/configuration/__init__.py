"""Setting up the centre: queues, skills, teams, people and the words they choose from.

Objects are put whole. Who changes one sends the `version` that was read; a 409 shows what stands there by now and who
was faster. A change is in force when it is answered: the daemon has read the directory again.
"""
