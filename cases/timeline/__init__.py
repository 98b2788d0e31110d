"""The picture of a patient's history on one axis, laid out without database, request or HTML.

`content` is what is drawn, `layout` turns it into `shapes` with coordinates, `build` reads it from the record.
"""
