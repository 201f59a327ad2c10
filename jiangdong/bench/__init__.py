"""What a request costs, as a ratio to the barest view of the same rows in the same server.

Machines differ and drift; the CPU time of one worker process, shared out over the requests of one
round, and compared with a bare view served by the same process in the same minute, does not.
"""
