# expect: refuse
from flask import Flask, jsonify, request

from .database import connect

app = Flask(__name__)


@app.get("/players")
def players():
    column = request.args.get("sort", "name")
    direction = request.args.get("direction", "ASC")
    rows = connect().execute("SELECT name, points FROM players ORDER BY {} {}".format(column, direction))
    return jsonify(rows.fetchall())
