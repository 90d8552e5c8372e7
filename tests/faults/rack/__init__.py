"""The torture rack: the real server, two real PostgreSQL and twenty real tills, and somebody who wants to spend twice.

`driver` runs in a till's process, `fleet` starts, kills and clones those processes, `databases` and `premises` are the
server with its standby, `adversary` plays a schedule from a seed, `truth` counts what was handed over and judges.
Run it with `make rack SCHEDULES=n FIRST=k`; docs/faults.md says what is tried and what must be found.
"""
