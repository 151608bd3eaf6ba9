"""Synthetic national extracts in the formats of the feeds: nothing in them is about real care.

Organisation codes are real, so that successions and areas work as they do in earnest; activity,
quality and spending are drawn at random, and no figure computed from them describes the
organisation whose code it bears. One module a feed family; what shapes the data stands at the top
of each.
"""
