from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_extract.budget import Budget
from llm_extract.errors import LimitError, SettingError
from llm_extract.prices import Price
from llm_extract.schema import Usage

PRICE = Price(input=1000, output=2000)


class TestCheck:
    def test_without_a_limit_nothing_is_refused(self) -> None:
        budget = Budget()
        budget.charge(Usage(requests=1, prompt_tokens=10**12))
        budget.check()
        assert not budget.is_spent

    def test_tokens_of_prompts_and_answers_count_together(self) -> None:
        budget = Budget(max_tokens=100)
        budget.charge(Usage(requests=1, prompt_tokens=60, completion_tokens=39))
        budget.check()
        budget.charge(Usage(completion_tokens=1))
        with pytest.raises(LimitError, match=r"The 100 tokens allowed are used up \(100\)\. What is finished is kept"):
            budget.check()

    def test_dollars_count_by_the_price(self) -> None:
        budget = Budget(max_cost=0.05, price=PRICE)
        budget.charge(Usage(requests=1, prompt_tokens=29, completion_tokens=10))
        budget.check()
        assert budget.cost == pytest.approx(0.049)
        budget.charge(Usage(prompt_tokens=1))
        with pytest.raises(LimitError, match=r"The \$0\.05 allowed are used up \(\$0\.0500\)"):
            budget.check()

    @pytest.mark.parametrize("limits", [{"max_tokens": 0}, {"max_cost": 0.0, "price": PRICE}])
    def test_a_limit_of_nothing_refuses_the_first_request(self, limits: dict[str, int]) -> None:
        with pytest.raises(LimitError):
            Budget(**limits).check()  # type: ignore[arg-type]

    def test_what_earlier_runs_spent_counts_and_is_told_apart(self) -> None:
        budget = Budget(max_tokens=100)
        budget.earlier = Usage(requests=4, prompt_tokens=90)
        budget.check()
        budget.charge(Usage(requests=1, prompt_tokens=10))
        with pytest.raises(LimitError, match="those of earlier runs into this output included"):
            budget.check()
        assert budget.spent == Usage(requests=1, prompt_tokens=10)

    def test_what_costs_nothing_is_never_too_much(self) -> None:
        budget = Budget(max_cost=0.01, price=Price(0, 0))
        budget.charge(Usage(requests=1, prompt_tokens=10**9))
        budget.check()

    @given(st.lists(st.integers(0, 50), max_size=40), st.integers(0, 300))
    def test_it_is_overshot_by_one_request_at_most_where_one_is_in_flight(self, costs: list[int], limit: int) -> None:
        budget = Budget(max_tokens=limit)
        for cost in costs:
            if budget.is_spent:
                break
            assert budget.spent.prompt_tokens < limit
            budget.charge(Usage(requests=1, prompt_tokens=cost))
        assert budget.spent.prompt_tokens <= max(limit - 1, 0) + max(costs, default=0)


def test_a_limit_in_dollars_needs_a_price() -> None:
    with pytest.raises(SettingError, match=r"no price is known for this model\. Give its price \(--prices FILE\)"):
        Budget(max_cost=1.0)
    assert Budget(max_tokens=1).cost is None
