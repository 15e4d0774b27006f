"""Everything that decides: plain values in, plain values out, with no I/O, clock, database or third-party mail and PDF library."""
