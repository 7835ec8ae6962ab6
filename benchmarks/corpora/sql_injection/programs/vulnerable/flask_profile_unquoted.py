# expect: fix
from flask import Blueprint, abort, current_app, render_template, request

bp = Blueprint("profile", __name__)


@bp.get("/profile")
def profile():
    user_id = request.args["id"]
    cursor = current_app.db.cursor()
    cursor.execute("SELECT name, bio FROM users WHERE id = " + user_id)
    user = cursor.fetchone()
    if user is None:
        abort(404)
    return render_template("profile.html", name=user[0], bio=user[1])
