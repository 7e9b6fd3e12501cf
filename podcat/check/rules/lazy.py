"""What is worked out when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class lazy(Generic[T]):  # noqa: N801  (a decorator)
    """As functools.cached_property, which in Python 3.11 has one lock for all objects of a class.

    With 64 threads in front of that lock a link cost five times the work. An object here is
    never shared between threads.
    """

    def __init__(self, work: Callable[[Any], T]) -> None:
        self._work, self._name = work, work.__name__
        self.__doc__ = work.__doc__

    def __get__(self, owner: Any, _: type[Any] | None = None) -> T:
        """Works it out; from then on the object has it as an attribute of its own."""
        found = owner.__dict__[self._name] = self._work(owner)
        return found
