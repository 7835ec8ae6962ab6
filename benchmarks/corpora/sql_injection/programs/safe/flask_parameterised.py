# expect: safe
import sqlite3

from flask import Flask, jsonify, request

app = Flask(__name__)


@app.route("/search")
def search():
    q = request.args.get("q", "")
    app.logger.info("select from books where title like %s", q)
    with sqlite3.connect("library.db") as db:
        rows = db.execute("SELECT id, title FROM books WHERE title LIKE ?", (f"%{q}%",)).fetchall()
    return jsonify(message=f"select * from results where q = '{q}'", rows=rows)
