"""How good a reading is: text, boxes, tables and single facts, compared with the truth.

Every part counts into a `Tally`; tallies add up over documents, and `Tally.summary` turns counts into rates.
"""
