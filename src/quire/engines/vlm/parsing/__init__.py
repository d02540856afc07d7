"""A model's text → blocks, tables, figures and lines of a page.

Every parser is total: whatever a model says, it raises nothing and takes time in proportion to the text's length.
"""
