"""The walls of DESIGN §3, as rules that run: who may import whom, and how long a file or function may be."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = (
    "intake",
    "eligibility",
    "claim_submission",
    "clearinghouse",
    "remittance",
    "denial_triage",
    "appeals",
    "patient_collections",
)
ROOMS = ("__init__.py", "__main__.py", "service.py", "handlers.py", "store.py", "metrics.py", "README.md", "domain")
PURE = {"pydantic", "pydantic_core", "orjson"} | set(sys.stdlib_module_names)
IMPURE_STDLIB = {"socket", "subprocess", "random", "secrets", "asyncio", "threading", "time", "os", "urllib", "http"}
MAX_FILE, MAX_FUNCTION = 400, 50


def sources(*tops: str) -> Iterator[Path]:
    for top in tops:
        yield from sorted((ROOT / top).rglob("*.py"))


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def offenders(path: Path, allowed: tuple[str, ...], libraries: set[str]) -> set[str]:
    def fine(name: str) -> bool:
        own = any(name == prefix or name.startswith(prefix + ".") for prefix in allowed)
        return own or name.split(".")[0] in libraries

    return {name for name in imports(path) if not fine(name)}


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_the_same_rooms(service: str) -> None:
    missing = [room for room in ROOMS if not (ROOT / "services" / service / room).exists()]
    assert not missing, f"services/{service} lacks {missing}"


@pytest.mark.parametrize("service", SERVICES)
def test_the_domain_imports_nothing_but_contracts(service: str) -> None:
    bad = {
        str(path.relative_to(ROOT)): found
        for path in sources(f"services/{service}/domain")
        if (found := offenders(path, ("schemas", f"services.{service}.domain"), PURE - IMPURE_STDLIB))
    }
    assert not bad, f"a decision may import schemas and the standard library only: {bad}"


@pytest.mark.parametrize("service", SERVICES)
def test_handlers_import_domain_contracts_and_verdicts(service: str) -> None:
    path = ROOT / "services" / service / "handlers.py"
    allowed = (
        "schemas",
        f"services.{service}.domain",
        f"services.{service}.handlers",
        "services.chassis.verdicts",
        "services.chassis.identity",
        "services",
    )
    found = {name for name in offenders(path, allowed[:-1], PURE - IMPURE_STDLIB) if name != "services"}
    assert not found, f"handlers are pure translators; {path.relative_to(ROOT)} imports {found}"


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_knows_another(service: str) -> None:
    others = tuple(f"services.{other}" for other in SERVICES if other != service)
    bad = {
        str(path.relative_to(ROOT)): found
        for path in sources(f"services/{service}")
        if (found := {name for name in imports(path) if name.startswith(others)})
    }
    assert not bad, f"services meet on topics only: {bad}"


def test_contracts_import_no_service() -> None:
    bad = {
        str(path.relative_to(ROOT)): found
        for path in sources("schemas")
        if (found := {name for name in imports(path) if name.split(".")[0] in ("services", "deploy")})
    }
    assert not bad


def test_nothing_in_production_knows_the_simulation() -> None:
    allowed = ROOT / "services" / "cli"
    bad = {
        str(path.relative_to(ROOT)): found
        for path in sources("services", "schemas")
        if not path.is_relative_to(allowed) and (found := {n for n in imports(path) if n.startswith("deploy")})
    }
    assert not bad, f"services and schemas cannot tell a simulation from life: {bad}"


def test_files_and_functions_fit_a_reader() -> None:
    long = []
    for path in sources("services", "schemas", "deploy", "tests"):
        text = path.read_text("utf-8")
        if (lines := text.count("\n")) > MAX_FILE:
            long.append(f"{path.relative_to(ROOT)}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size > MAX_FUNCTION:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {size} lines")
    assert not long, long
