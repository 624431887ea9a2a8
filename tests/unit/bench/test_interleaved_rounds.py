"""Things are measured in turns, so that none has the machine's best minutes for itself."""

from bench.interleaved_rounds import in_turns


def test_things_are_measured_round_after_round() -> None:
    seen: list[str] = []

    def measure(name: str) -> dict[str, float]:
        seen.append(name)
        return {"number": len(seen)}

    found = in_turns({name: lambda name=name: measure(name) for name in ("a", "b")}, rounds=3)  # type: ignore[misc]

    assert seen == ["b", "a", "a", "b", "b", "a"]
    assert found == {"a": {"number": [2, 3, 6]}, "b": {"number": [1, 4, 5]}}
