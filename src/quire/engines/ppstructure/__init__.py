"""PP-StructureV3: a pipeline of many models that reads text, tables, formulas and seals, and orders them."""
