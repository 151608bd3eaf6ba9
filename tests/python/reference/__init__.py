"""An independent reading of the rule book in plain Python, for comparison with the warehouse.

It shares no code with the models, macros and scripts, only the seeds of reference facts. Rule
numbers in docstrings and comments are those of section 5 of the rule book (the exact rules the
numbers follow). Covered are the clinical indicators BCBV01, 02 and 03, prescribing BCBV07 and 17
and sickness absence BCBV08, with the gate rules A11, A13, W01, W02 and MIN.
"""
