"""MiniStack inside this process: pinned, mended from outside, and closed to everybody without a key."""
