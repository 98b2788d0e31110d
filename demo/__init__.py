"""The demonstration's data: published cases, invented cases around them, and what enters them."""
