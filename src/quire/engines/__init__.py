"""Page image → lines and words. Engines know nothing of files, jobs or HTTP."""
