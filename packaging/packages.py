# What a published folder was put together from, for packaging/sbom and packaging/notices.
import json, os, pathlib, re, sys

CACHE = pathlib.Path(os.environ.get("NUGET_PACKAGES") or pathlib.Path.home() / ".nuget/packages")
# Licences that what ships may have; a new one is a decision, not an accident.
ALLOWED = {"MIT", "Apache-2.0", "BSD-3-Clause", "PostgreSQL", "LGPL-3.0-or-later", "LicenseRef-public-domain"}


def shipped(published):
    """(package, version, entry of deps.json) of everything that is not ours, sorted."""
    libraries = json.loads((published / "Likeness.Cli.deps.json").read_text())["libraries"]
    for name, about in sorted(libraries.items()):
        if about["type"] != "project":
            package, _, number = name.partition("/")
            yield package.removeprefix("runtimepack."), number, about


def folder_of(package, number):
    return CACHE / package.lower() / number


def specification(package, number):
    return (folder_of(package, number) / f"{package.lower()}.nuspec").read_text(encoding="utf-8-sig")


def licence(package, number):
    """The SPDX expression a package names; ends the program when it names none or one that is not allowed."""
    found = re.search(r'<license type="(expression|file)">(.*?)</license>', specification(package, number))
    expression = found.group(2).strip() if found else None
    if found and found.group(1) == "file":
        text = (folder_of(package, number) / expression).read_text(encoding="utf-8-sig")
        expression = "LicenseRef-public-domain" if text.strip().startswith("SQLite is Public Domain") else f"the text of {expression}"
    if expression not in ALLOWED:
        sys.exit(f"packaging: the licence of {package} {number} is {expression}, which is not on the list in packaging/packages.py.")
    return expression


def debian(status):
    """(name, version, architecture) of every package in a dpkg status file."""
    for entry in pathlib.Path(status).read_text().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in entry.splitlines() if re.match(r"[A-Z][A-Za-z-]*: ", line))
        if fields.get("Package"):
            yield fields["Package"], fields["Version"], fields["Architecture"]
