"""The append-only trail of reads, events, exports and sign-ins."""
