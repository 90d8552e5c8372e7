"""Every named step at which a till, a server or its database work is ended with -9, each with a queue of its own.

`points` is the table and how each is come to, `scene` the till with its queue and what must hold afterwards, `kills`
how a till is run to die. Run it with `make crashes ROUNDS=n`; the suite takes every point once.
"""
