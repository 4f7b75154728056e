"""What reports count, worked out in SQL.

Read `record` first: it opens the database for one report and lays out the attributions that it is about; the other
modules count them and give plain values out. `evidence` finds what is behind a figure.
"""
