"""What all tests share: cassettes as `llm_extract.replay` makes them, no network but loopback, asyncio."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from llm_extract import replay

ROOT = Path(__file__).parent.parent


def pytest_configure(config: pytest.Config) -> None:
    """Block the network: a test that needs more than loopback is no test of ours."""
    config.option.block_network = True
    config.option.allowed_hosts = r"127\.0\.0\.1,localhost,::1"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run async tests on asyncio, which the client is written for."""
    return "asyncio"


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's keys, endpoints and proxies out of the tests."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def own_logging() -> Iterator[None]:
    """Let no test change for the next ones what the library logs, as the command line does with `--quiet`."""
    logger = logging.getLogger("llm_extract")
    level, handlers, propagates = logger.level, logger.handlers[:], logger.propagate
    yield
    logger.setLevel(level)
    logger.handlers[:], logger.propagate = handlers, propagates


@pytest.fixture
def seeds() -> Path:
    """The folder of the seed articles."""
    return ROOT / "seeds"


@pytest.fixture
def vcr_config() -> dict[str, object]:
    """Record and replay as the library does."""
    return replay.vcr_settings()


@pytest.fixture(scope="module")
def vcr_cassette_dir(request: pytest.FixtureRequest) -> str:
    """`cassettes/<test module>/`, at the top level."""
    return str(ROOT / "cassettes" / request.path.stem)


@pytest.fixture(autouse=True)
def all_played(vcr: replay.Cassette | None, record_mode: str) -> Iterator[None]:
    """A cassette with answers that nobody asked for fails its test."""
    yield
    if vcr is not None and record_mode == "none":
        assert replay.unplayed(vcr) == []


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one for all tests: Playwright can be started once at a time."""
    from playwright.sync_api import sync_playwright

    executable = shutil.which("chromium")
    assert executable, "These tests need Chromium, installed as `chromium`."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
