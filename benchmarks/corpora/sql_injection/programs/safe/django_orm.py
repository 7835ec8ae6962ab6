# expect: safe
from django.db.models import Q
from django.http import JsonResponse

from .models import Book


def search(request):
    q = request.GET.get("q", "")
    books = Book.objects.filter(Q(title__icontains=q) | Q(author__name__startswith=q)).order_by("title")[:20]
    return JsonResponse({"books": [f"select {book.title} from {book.author}" for book in books]})
