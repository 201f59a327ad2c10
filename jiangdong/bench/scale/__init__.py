"""The same portal with ever more wishes: what people and the clock wait for must not grow with the table.

`scratch` makes a database of its own, `filling` fills it with COPY, `pages` and `chores` say what is measured, `cpu`
how: the processor time of the portal's workers and of the database's backends for them.
"""
