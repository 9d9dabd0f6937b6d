# SPDX-License-Identifier: MIT
"""Holds the JSON schema to kinds.def, the samples, the writer and the reader.

usage: check-schema.py SCHEMA KINDS_DEF LINES_TSV WRITE_LINES SAMPLE...
"""
import json
import re
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    print("1..0 # SKIP no python3-jsonschema")
    sys.exit(0)

schema_path, kinds_path, lines_path, write_lines, *samples = sys.argv[1:]
schema = json.load(open(schema_path, encoding="utf-8"))
kinds = open(kinds_path, encoding="utf-8").read()
validator = jsonschema.Draft7Validator(schema)
definitions = schema["definitions"]
event = definitions["event"]
n_tests = 0


def tell(name, wrong):
    global n_tests
    n_tests += 1
    print(f"{'not ok' if wrong else 'ok'} {n_tests} - {name}")
    for line in wrong[:10]:
        print(f"#   {line}")


def rows(macro):
    """The name and the next column of each row of a macro."""
    found = re.findall(rf'^{macro} \(\w+,\s+"([^"]*)"(?:,\s*(\w+))?', kinds, re.M)
    assert found, macro
    return found


def names(macro):
    return [name for name, _ in rows(macro)]


def needing(*required):
    """The events that the schema asks for one of these alternatives, or for all of one."""
    for rule in event["allOf"]:
        if rule["then"] == (
            {"required": [required[0]]}
            if len(required) == 1
            else {"anyOf": [{"required": [key]} for key in required]}
        ):
            return rule["if"]["properties"]["ev"]["enum"]
    return []


def differ(what, ours, theirs):
    return [] if sorted(ours) == sorted(theirs) else [f"{what}: {ours} and {theirs}"]


def check_kinds():
    keys, declared = event["properties"], definitions["object"]["properties"]
    wrong = differ("ev", keys["ev"]["enum"], names("LS_EVENT"))
    wrong += differ("mode", keys["mode"]["enum"], names("LS_MODE"))
    wrong += differ("how", keys["how"]["enum"], names("LS_HOW"))
    wrong += differ("order", keys["order"]["enum"], names("LS_ORDER"))
    wrong += differ("kind", declared["kind"]["enum"], names("LS_OBJECT"))
    wrong += differ("type", declared["type"]["enum"], names("LS_VALUE"))
    target = lambda which: [name for name, at in rows("LS_EVENT") if at == which]
    wrong += differ("with obj", needing("obj"), target("OBJECT"))
    wrong += differ("with thread", needing("thread", "err"), target("THREAD"))
    wrong += differ("with either", needing("obj", "thread"), target("EITHER"))
    tell("enums are those of kinds.def", wrong)


def check_valid(name, lines):
    wrong = []
    for number, line in enumerate(lines, 1):
        error = next(validator.iter_errors(json.loads(line)), None)
        if error:
            wrong.append(f"line {number}: {error.message}: {line[:200]}")
    tell(name, wrong)


def check_verdicts():
    """Good lines of lines.tsv are valid; wrong ones and those of unknown kinds are not."""
    wrong = []
    for row in open(lines_path, encoding="utf-8"):
        if row.startswith("#"):
            continue
        outcome, _, line = row.rstrip("\n").split("\t")
        # To JSON Schema 1.0 and 1e2 are integers, and a wide one is as good as the same float.
        if outcome == "not-json" or re.search(r":(1\.0|1e2|1e999)\b|(val|old)\":-?\d{19}", line):
            continue
        if validator.is_valid(json.loads(line)) != (outcome == "ok"):
            wrong.append(f"{outcome}: {line}")
    tell("it agrees with the reader", wrong)


jsonschema.Draft7Validator.check_schema(schema)
check_kinds()
check_verdicts()
for sample in samples:
    check_valid(sample.rsplit("/", 1)[-1], open(sample, encoding="utf-8"))
written = subprocess.run([write_lines, "1", "500"], stdout=subprocess.PIPE, check=True)
check_valid("what the writer writes", written.stdout.decode().strip().split("\n"))
print(f"1..{n_tests}")
