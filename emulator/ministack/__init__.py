"""MiniStack in this process: pinned, repaired from outside, and closed to callers without a key."""
