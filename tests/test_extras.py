from __future__ import annotations

import pytest

from llm_extract.errors import MissingExtraError
from llm_extract.extras import need


def test_a_package_that_is_there_is_no_error_and_is_not_imported() -> None:
    need("json", "Files", extra="export")


def test_a_package_that_is_not_there_is_named_with_what_to_do() -> None:
    with pytest.raises(MissingExtraError, match=r"Files need no_such_package, .* pip install 'llm-extract\[export\]'"):
        need("no_such_package", "Files", extra="export")
