# expect: fix
from django.db import connection
from django.http import JsonResponse
from django.views.decorators.http import require_GET


@require_GET
def stock(request, warehouse):
    sku = request.GET.get("sku")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT quantity FROM stock WHERE warehouse = '{warehouse}' AND sku = '{sku}'")
        row = cursor.fetchone()
    return JsonResponse({"sku": sku, "quantity": row[0] if row else 0})
