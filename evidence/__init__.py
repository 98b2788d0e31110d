"""Sources, findings, statements, conditions and their curation."""
