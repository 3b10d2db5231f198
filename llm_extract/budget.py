"""What may be spent, and what was: tokens and dollars, counted as answers come in."""

from __future__ import annotations

import logging

from llm_extract.errors import LimitError, SettingError
from llm_extract.prices import Price
from llm_extract.schema import Usage

__all__ = ["Budget"]

_log = logging.getLogger(__name__)


class Budget:
    """Counts what is spent and refuses the next request once a limit is reached.

    Requests under way when that happens still end, so that the limits are overshot by those at most.

    Args:
        max_tokens: Most tokens, of prompts and answers together; None: no limit.
        max_cost: Most US dollars; None: no limit.
        price: What tokens cost; None: not known.

    Raises:
        SettingError: There is a limit in dollars and no price.

    Example:
        >>> budget = Budget(max_tokens=100)
        >>> budget.charge(Usage(requests=1, prompt_tokens=90, completion_tokens=20))
        >>> budget.is_spent
        True
    """

    def __init__(self, *, max_tokens: int | None = None, max_cost: float | None = None, price: Price | None = None) -> None:
        if max_cost is not None and price is None:
            raise SettingError(
                "There is a limit to the cost, but no price is known for this model.", remedy="Give its price (--prices FILE)."
            )
        self.max_tokens = max_tokens
        self.max_cost = max_cost
        self.price = price
        self._is_estimated = False
        self.spent = Usage()
        """What was sent and received since this was made."""
        self.earlier = Usage()
        """What earlier runs for the same work spent; it counts against the limits too."""

    @property
    def cost(self) -> float | None:
        """What `spent` costs, in US dollars; None where no price is known."""
        return self.price.cost(self.spent) if self.price else None

    @property
    def is_spent(self) -> bool:
        """Whether a limit is reached."""
        return self._reached() is not None

    def charge(self, usage: Usage) -> None:
        """Count a request."""
        self.spent += usage

    def note_estimate(self) -> None:
        """Say, once, that tokens are estimated."""
        if not self._is_estimated:
            _log.warning("The server does not say how many tokens an answer takes: they are estimated from its length.")
        self._is_estimated = True

    def check(self) -> None:
        """Allow the next request.

        Raises:
            LimitError: A limit is reached.
        """
        if (reached := self._reached()) is not None:
            raise LimitError(reached, remedy="What is finished is kept: the same command with a higher limit goes on from there.")

    def _reached(self) -> str | None:
        used = self.spent + self.earlier
        tokens = used.prompt_tokens + used.completion_tokens
        before = ", those of earlier runs into this output included" if self.earlier.requests else ""
        if self.max_tokens is not None and tokens >= self.max_tokens:
            return f"The {self.max_tokens:,} tokens allowed are used up ({tokens:,}{before})."
        cost = self.price.cost(used) if self.price else 0.0
        if self.max_cost is not None and self.price and (cost >= self.max_cost):
            return f"The ${self.max_cost:,.2f} allowed are used up (${cost:,.4f}{before})."
        return None
