# metrics.py FILE: is it Prometheus text (format 0.0.4), named as its users name things? Every family has one HELP and one
# TYPE before its samples, stands once and in one piece; counters end in _total and are not negative; times are in
# seconds; labels are from short lists, so that nobody can stand in them.
import re
import sys

LABELS = {"class": {"2xx", "3xx", "4xx", "5xx", "501"}, "verdict": {"valid", "rejected", "undetermined"}, "result": {"done", "refused"}, "version": None}
text = open(sys.argv[1], encoding="utf-8").read()
assert text.endswith("\n"), "no newline at the end"
families, samples, now = {}, set(), None
for line in text[:-1].split("\n"):
    if line.startswith("# HELP "):
        name = line.split(" ")[2]
        assert name not in families, f"{name} stands twice"
        assert re.fullmatch(r"qualverifyd_[a-z_]+", name), name
        assert line.endswith("."), f"{name}: no sentence"
        families[name], now = None, name
    elif line.startswith("# TYPE "):
        _, _, name, kind = line.split(" ")
        assert name == now and families[name] is None, f"{name}: TYPE without HELP"
        assert kind in ("counter", "gauge"), kind
        assert name.endswith("_total") == (kind == "counter"), f"{name} is a {kind}"
        assert not re.search(r"_(ms|minutes|hours|days|milliseconds)\b", name), name
        families[name] = kind
    else:
        found = re.fullmatch(r"([a-z_]+)(?:\{([a-z]+)=\"([0-9A-Za-z.]+)\"\})? (-?[0-9]+)", line)
        assert found, f"no sample: {line}"
        name, label, value, number = found.groups()
        assert name == now and families[name], f"{name}: not under its TYPE"
        assert (name, label, value) not in samples, f"{line} stands twice"
        samples.add((name, label, value))
        assert families[name] == "gauge" or int(number) >= 0, line
        assert label is None or (label in LABELS and (LABELS[label] is None or value in LABELS[label])), line
for name in families:
    assert any(s[0] == name for s in samples), f"{name} has no sample"
print(f"   {len(families)} families, {len(samples)} samples")
