# expect: safe
from flask import Blueprint, current_app, jsonify

bp = Blueprint("users", __name__)


@bp.get("/users/<int:user_id>/posts")
def posts(user_id: int):
    """The route's converter gives an int or no call at all."""
    cursor = current_app.db.cursor()
    cursor.execute("SELECT title FROM posts WHERE author = %d ORDER BY id" % user_id)
    return jsonify([title for title, in cursor.fetchall()])
