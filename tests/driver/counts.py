"""What a suite's output says: how many tests passed, failed (with their text) and were skipped (with their reasons)."""
import collections
import pathlib
import re
import xml.etree.ElementTree as ElementTree


class Counts:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.failures = []  # (name, text)
        self.skip_reasons = collections.Counter()

    def fail(self, name, text):
        self.failed += 1
        self.failures.append((name, text))

    def skip(self, reason):
        self.skipped += 1
        self.skip_reasons[reason or "no reason given"] += 1

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.failures += other.failures
        self.skip_reasons.update(other.skip_reasons)


TAP_RESULT = re.compile(r"^(ok|not ok)\b\s*(\d+)?\s*-?\s*(.*?)(?:\s+#\s*skip\b[:\s]*(.*))?$", re.IGNORECASE)
TAP_PLAN = re.compile(r"^1\.\.(\d+)(?:\s*#\s*skip\b[:\s]*(.*))?", re.IGNORECASE)


def read_tap(part, status, text):
    """TAP 12: a `not ok` fails with the comment lines below it; results that were announced and did not come fail too, and so does
    announcing none without a reason."""
    counts, planned, seen, name, notes = Counts(), None, 0, None, []

    def close():
        if name is not None:
            counts.fail(f"{part.title}: {name}", "\n".join(notes))

    for line in text.splitlines():
        plan = TAP_PLAN.match(line)
        result = TAP_RESULT.match(line)
        if plan:
            planned = int(plan.group(1))
            if planned == 0 and plan.group(2):
                counts.skip(plan.group(2))
            elif planned == 0:  # a file without a test, or a link that became a file
                counts.fail(f"{part.title} has tests", text)
        elif result:
            close()
            name, notes = None, []
            seen += 1
            if result.group(4) is not None:
                counts.skip(result.group(4))
            elif result.group(1).lower() == "ok":
                counts.passed += 1
            else:
                name = result.group(3)
        else:
            notes.append(line)
    close()
    ending = f"exit status {status}\n" + "\n".join(text.splitlines()[-15:])
    if planned is None:
        counts.fail(f"{part.title} announces its tests", ending)
    elif seen < planned:
        for _ in range(planned - seen):
            counts.fail(f"{part.title} runs to its end ({seen} of {planned})", ending)
    elif status != 0 and counts.failed == 0:
        counts.fail(f"{part.title} ends with status 0", ending)
    return counts


def read_junit(part, status, text):
    """The file that `ctest --output-junit` or GoogleTest's `--gtest_output=xml` wrote."""
    counts = Counts()
    ending = f"exit status {status}\n" + "\n".join(text.splitlines()[-15:])
    path = pathlib.Path(part.result_file)
    try:
        cases = list(ElementTree.parse(path).iter("testcase"))
    except (OSError, ElementTree.ParseError) as error:
        counts.fail(f"{part.title} writes its results", f"{error}\n{ending}")
        return counts
    finally:
        path.unlink(missing_ok=True)
    for case in cases:
        group, test = case.get("classname") or "", case.get("name")
        name = f"{part.title}: {test if group == test else f'{group}.{test}'}"  # ctest writes the name twice
        failure, skipped = case.find("failure"), case.find("skipped")
        output = case.findtext("system-out") or ""
        if skipped is not None or case.get("result") == "skipped":
            counts.skip(skip_reason(output, skipped))
        elif failure is not None or case.get("status") == "fail":
            counts.fail(name, output or (failure.text if failure is not None else "") or "")
        else:
            counts.passed += 1
    if not cases:
        counts.fail(f"{part.title} has tests", ending)
    elif status != 0 and counts.failed == 0:
        counts.fail(f"{part.title} ends with status 0", ending)
    return counts


def skip_reason(output, element):
    """GoogleTest prints `FILE:LINE: Skipped` and the reason on the next line; its XML has the same in <skipped message>."""
    text = output or (element.get("message") if element is not None else "") or ""
    lines = [line.strip() for line in text.splitlines()]
    for number, line in enumerate(lines[:-1]):
        if line.endswith(": Skipped"):
            return lines[number + 1]
    return next((line for line in reversed(lines) if line and not line.startswith("[")), "")
