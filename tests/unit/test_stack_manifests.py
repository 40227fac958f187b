"""compose.yaml and k8s/ run every service of topics.yaml, each locked down and watched."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.local.fleet import service_names
from deploy.local.kafka import VERSION

ROOT = Path(__file__).parents[2]
OVERLAYS = ("single", "production")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text()))


@pytest.mark.parametrize("service", service_names())
def test_compose_runs_the_service_locked_down_and_after_its_surroundings(compose: dict[str, Any], service: str) -> None:
    process = compose["services"][service.replace("_", "-")]
    assert process["command"] == [f"services.{service}"]
    assert process["read_only"] is True
    assert process["cap_drop"] == ["ALL"]
    assert not process["user"].startswith("0")
    assert set(process["depends_on"]) == {"kafka", "mongo", "prepare"}


def test_compose_runs_the_broker_that_everything_was_tried_on(compose: dict[str, Any]) -> None:
    assert compose["services"]["kafka"]["image"] == f"apache/kafka:{VERSION}"
    assert compose["services"]["kafka"]["environment"]["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
    kafka = list(yaml.safe_load_all((ROOT / "k8s" / "base" / "kafka.yaml").read_text()))
    assert [part["spec"]["kafka"]["version"] for part in kafka if part["kind"] == "Kafka"] == [VERSION]
    assert {part["apiVersion"] for part in kafka} == {"kafka.strimzi.io/v1"}  # what the operators of this version know


def test_every_kustomization_names_files_that_are_there() -> None:
    for path in (ROOT / "k8s").rglob("kustomization.yaml"):
        content = yaml.safe_load(path.read_text())
        for entry in content.get("resources", []) + content.get("components", []):
            assert (path.parent / entry).exists(), f"{path}: {entry}"


@pytest.fixture(scope="module", params=OVERLAYS)
def built(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    if shutil.which("kustomize"):
        command = ["kustomize", "build"]
    elif shutil.which("kubectl"):
        command = ["kubectl", "kustomize"]
    else:
        pytest.skip("neither kustomize nor kubectl is on this machine")
    folder = ROOT / "k8s" / "overlays" / request.param
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def test_an_overlay_runs_every_service_once_as_a_static_member(built: list[dict[str, Any]]) -> None:
    sets = {part["metadata"]["name"]: part["spec"] for part in built if part["kind"] == "StatefulSet"}
    assert set(sets) == {name.replace("_", "-") for name in service_names()} | {"ticker"}
    for name in service_names():
        spec = sets[name.replace("_", "-")]
        container = spec["template"]["spec"]["containers"][0]
        assert container["args"] == [f"services.{name}"]
        assert "OVERTURN_WORKER" in [variable["name"] for variable in container["env"]]
        assert spec["selector"]["matchLabels"].items() <= spec["template"]["metadata"]["labels"].items()
    assert sets["ticker"]["replicas"] == 1


def test_every_pod_is_locked_down(built: list[dict[str, Any]]) -> None:
    pods = [part["spec"]["template"]["spec"] for part in built if part["kind"] in ("StatefulSet", "Job")]
    assert len(pods) == len(service_names()) + 2
    for pod in pods:
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"]["limits"]["memory"]


def test_only_the_clearinghouse_sees_the_payers_doors(built: list[dict[str, Any]]) -> None:
    holders = [
        part["metadata"]["name"]
        for part in built
        if part["kind"] == "StatefulSet"
        and any(volume.get("persistentVolumeClaim") for volume in part["spec"]["template"]["spec"]["volumes"])
    ]
    assert holders == ["clearinghouse"]


def test_a_budget_counts_only_pods_that_can_be_scaled(built: list[dict[str, Any]]) -> None:
    """A selected pod of a Job would stop every eviction: the controller cannot tell how many there should be."""
    labels = {
        p["kind"]: p["spec"]["template"]["metadata"]["labels"] for p in built if p["kind"] in ("StatefulSet", "Job")
    }
    for budget in (part["spec"]["selector"] for part in built if part["kind"] == "PodDisruptionBudget"):
        assert selects(budget, labels["StatefulSet"])
        assert not selects(budget, labels["Job"])


def selects(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    """Whether a label selector with NotIn expressions matches."""
    expressions = selector.get("matchExpressions", [])
    assert {expression["operator"] for expression in expressions} <= {"NotIn"}
    return selector["matchLabels"].items() <= labels.items() and all(
        labels.get(expression["key"]) not in expression["values"] for expression in expressions
    )
