"""An independent reading of the rule book in plain Python, for comparison with the warehouse.

It shares no code with the models, macros and scripts, only the seeds of reference facts. Rule
numbers in docstrings and comments are those of section 5 of the rule book (the exact rules the
numbers follow). Covered are all twenty indicators, with the rules that gate them.
"""
