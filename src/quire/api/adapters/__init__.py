"""The APIs of other OCR services, for clients that speak them already: each translates, and does nothing else."""
