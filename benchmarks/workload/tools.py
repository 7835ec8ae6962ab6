"""The tools that the scripts of the workload call. Pure, quick, deterministic; nothing here may look at a clock.

They are written as a person who gives tools to an assistant writes them: plain values, an error where a key is unknown.
"""

from __future__ import annotations

import zlib
from typing import Literal, TypedDict

__all__ = ["TOOLS"]


class User(TypedDict):
    """A customer."""

    id: int
    name: str
    email: str
    country: str
    currency: str
    tier: str
    manager: int | None


class Listed(TypedDict):
    """A customer in a list."""

    id: int
    name: str


class UserPage(TypedDict):
    """Five customers; the number of the next page, if there is one."""

    users: list[Listed]
    next: int | None


class Order(TypedDict):
    """One line of somebody's orders."""

    id: str
    sku: str
    quantity: int
    status: str
    placed: str


class Receipt(TypedDict):
    """What `send` has done."""

    to: str
    length: int
    status: str


class Hit(TypedDict):
    """A document that was found."""

    id: str
    title: str
    score: int


class Weather(TypedDict):
    """What a city's weather is."""

    city: str
    celsius: float
    humidity: int


class Ticket(TypedDict):
    """A ticket that was opened."""

    id: str
    title: str
    priority: str


class Event(TypedDict):
    """One event of the log."""

    id: int
    kind: str
    user: int
    amount: float


class EventPage(TypedDict):
    """Ten events; the cursor of the next ones, if there are any."""

    items: list[Event]
    next: int | None


_NAMES = (
    "Ada",
    "Grace",
    "Linus",
    "Barbara",
    "Edsger",
    "Frances",
    "Ken",
    "Margaret",
    "Dennis",
    "Radia",
    "Niklaus",
    "Hedy",
)
_COUNTRIES = (("NO", "NOK"), ("US", "USD"), ("DE", "EUR"), ("JP", "JPY"), ("GB", "GBP"))
_TIERS = ("free", "pro", "team")
_PRICES = {
    "A-100": 19.99,
    "A-200": 5.25,
    "B-100": 149.0,
    "B-300": 89.5,
    "C-010": 2.75,
    "C-020": 12.0,
    "D-500": 999.0,
    "E-042": 42.0,
}
_SKUS = tuple(_PRICES)
_RATES = {"USD": 1.0, "EUR": 0.92, "GBP": 0.79, "NOK": 10.6, "JPY": 151.2}
_STATUSES = ("paid", "shipped", "returned", "pending")
_WEATHER = {
    "Oslo": (-3.5, 81),
    "Lima": (19.0, 77),
    "Tokyo": (14.5, 60),
    "Cairo": (28.0, 35),
    "Paris": (9.0, 74),
    "Delhi": (25.5, 48),
    "Quito": (15.0, 70),
    "Perth": (22.5, 52),
}
_DOCS = {
    "billing": (
        "Billing and invoices",
        "Invoices are sent on the first day of the month.\nRefunds take 5 days.\nTax is 25%.",
    ),
    "login": (
        "How to log in",
        "Use your email address.\nAfter 5 wrong passwords the account is locked for 30 minutes.",
    ),
    "export": ("Export your data", "Data can be exported as CSV or JSON.\nLarge exports take up to 2 hours."),
    "limits": (
        "Rate limits",
        "Free: 60 requests per minute.\nPro: 600 requests per minute.\nTeam: 6000 requests per minute.",
    ),
    "refunds": ("Refunds and returns", "Returns are free within 30 days.\nRefunds go to the card that paid."),
    "shipping": ("Shipping times", "Europe: 3 days.\nUnited States: 5 days.\nJapan: 8 days."),
    "security": (
        "Security of your account",
        "Turn on two factors.\nKeys expire after 90 days.\nReport problems by email.",
    ),
    "api": ("API of orders", "GET /orders lists orders.\nPOST /orders makes one.\nDELETE /orders/ID cancels it."),
}
_EVENTS = 23
_KINDS = ("login", "purchase", "refund", "logout")


async def fetch_user(id: int) -> User:
    """A customer by number, 1 to 12.

    Args:
        id: the customer's number.
    """
    if not 1 <= id <= len(_NAMES):
        raise LookupError(f"no user {id!r}")
    name = _NAMES[id - 1]
    country, currency = _COUNTRIES[id % len(_COUNTRIES)]
    return User(
        id=id,
        name=name,
        email=f"{name.lower()}@example.com",
        country=country,
        currency=currency,
        tier=_TIERS[id % len(_TIERS)],
        manager=id // 2 or None,
    )


async def list_users(page: int = 1) -> UserPage:
    """Customers, five to a page.

    Args:
        page: its number, from 1.
    """
    first = (page - 1) * 5
    users = [Listed(id=first + index + 1, name=name) for index, name in enumerate(_NAMES[first : first + 5])]
    return UserPage(users=users, next=page + 1 if first + 5 < len(_NAMES) else None)


async def list_orders(user: int) -> list[Order]:
    """A customer's orders, oldest first by number.

    Args:
        user: the customer's number.
    """
    return [
        Order(
            id=f"o{user}-{index}",
            sku=_SKUS[(user * 3 + index * 5) % len(_SKUS)],
            quantity=1 + (user + index) % 4,
            status=_STATUSES[(user * index + index) % len(_STATUSES)],
            placed=f"2026-{1 + (user + index) % 12:02d}-{1 + (user * 5 + index * 3) % 28:02d}",
        )
        for index in range(user * 7 % 5)
    ]


async def price(sku: str) -> float:
    """Price of an article in US dollars.

    Args:
        sku: such as "A-100".
    """
    if sku not in _PRICES:
        raise LookupError(f"no article {sku!r}")
    return _PRICES[sku]


async def stock(sku: str) -> int:
    """How many of an article are in stock.

    Args:
        sku: such as "A-100".
    """
    if sku not in _PRICES:
        raise LookupError(f"no article {sku!r}")
    return zlib.crc32(sku.encode()) % 40


async def convert(amount: float, currency: str) -> float:
    """US dollars in another currency, rounded to cents.

    Args:
        amount: US dollars.
        currency: EUR, GBP, NOK, JPY or USD.
    """
    if currency not in _RATES:
        raise ValueError(f"unknown currency {currency!r}")
    return round(amount * _RATES[currency], 2)


async def send(to: str, text: str) -> Receipt:
    """Send a message.

    Args:
        to: an email address.
        text: the message.
    """
    if "@" not in to:
        raise ValueError(f"{to!r} is no email address")
    return Receipt(to=to, length=len(text), status="sent")


async def search_docs(query: str, limit: int = 3) -> list[Hit]:
    """Documents that have words of the query, best first.

    Args:
        query: words.
        limit: how many at most.
    """
    words = query.lower().split()
    hits = [
        Hit(id=key, title=title, score=sum(f"{title} {text}".lower().count(word) for word in words))
        for key, (title, text) in _DOCS.items()
    ]
    found = sorted((hit for hit in hits if hit["score"]), key=lambda hit: (-hit["score"], hit["id"]))
    return found[:limit]


async def read_doc(id: str) -> str:
    """The text of a document.

    Args:
        id: as `search_docs` tells it.
    """
    if id not in _DOCS:
        raise LookupError(f"no document {id!r}")
    return _DOCS[id][1]


async def weather(city: str) -> Weather:
    """What the weather is.

    Args:
        city: its name in English.
    """
    if city not in _WEATHER:
        raise LookupError(f"no weather for {city!r}")
    celsius, humidity = _WEATHER[city]
    return Weather(city=city, celsius=celsius, humidity=humidity)


async def create_ticket(title: str, priority: Literal["low", "normal", "high"] = "normal") -> Ticket:
    """Open a ticket.

    Args:
        title: what it is about.
        priority: how urgent it is.
    """
    return Ticket(id=f"T{zlib.crc32(title.encode()) % 9000 + 1000}", title=title, priority=priority)


async def events(cursor: int = 0) -> EventPage:
    """The log, ten events at a time.

    Args:
        cursor: where to go on; 0 is the beginning.
    """
    last = min(cursor + 10, _EVENTS)
    items = [
        Event(id=number, kind=_KINDS[number * 3 % 4], user=1 + number * 5 % 12, amount=number * 37 % 50 + 0.5)
        for number in range(cursor, last)
    ]
    return EventPage(items=items, next=last if last < _EVENTS else None)


TOOLS = (
    fetch_user, list_users, list_orders, price, stock, convert, send, search_docs, read_doc, weather, create_ticket,
    events,
)  # fmt: skip
"""All of them."""
