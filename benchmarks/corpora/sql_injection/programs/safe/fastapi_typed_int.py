# expect: safe
from fastapi import APIRouter

from .database import database

router = APIRouter()


@router.get("/orders/{order_id}")
async def order(order_id: int, page: int = 1):
    rows = await database.fetch_all(
        "SELECT sku FROM lines WHERE order_id = :order LIMIT 20 OFFSET :skip",
        {"order": order_id, "skip": 20 * (page - 1)},
    )
    return {"title": f"select lines from order {order_id}", "rows": rows}
