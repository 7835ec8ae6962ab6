# expect: fix
import sqlite3

from flask import Flask, g, jsonify, request

app = Flask(__name__)


def get_db():
    if "db" not in g:
        g.db = sqlite3.connect("library.db")
    return g.db


@app.route("/search")
def search():
    q = request.args.get("q", "")
    rows = get_db().execute(f"SELECT id, title FROM books WHERE title LIKE '%{q}%'").fetchall()
    return jsonify([{"id": i, "title": t} for i, t in rows])
