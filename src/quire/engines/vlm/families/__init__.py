"""Families of vision-language models, one file each."""
