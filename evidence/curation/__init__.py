"""Curation: what a step of publication changes, the editor of a draft, its try-out, files and reviews."""
