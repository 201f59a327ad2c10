"""What an operator wants to know and do while the portal runs: probes, metrics, one page, and the keys in use.

`figures` asks, `lines` judges and says what to do, `page` and `metrics` show, `probes` answers machines, and
`sealed` knows every sealed text.
"""
