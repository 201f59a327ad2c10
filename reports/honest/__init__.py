"""Figures too good: checks that find what goes remarkably smoothly, for a supervisor to look at.

`checks` says what is looked for and in which words; `queries` finds it, one statement a check; `agencies` is the one
check about agencies. Nothing follows from a finding by itself, and no person is named in one.
"""
