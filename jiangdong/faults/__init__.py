"""`make faults`: programs of a running portal are killed under load, and nothing promised may be lost.

A portal of its own starts in a temporary folder (`portal`) with a small district (`district`). Clients claim,
fulfil and confirm (`load`) while its programs are killed one at a time and then all at once (`kills`). In the
end what was answered is compared with what is kept (`checks`).
"""
