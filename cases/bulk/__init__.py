"""Patients, courses, irAEs and laboratory results as spreadsheets: read in bulk, and written in the same format."""
