# expect: fix
import mysql.connector
from flask import Flask, redirect, request

app = Flask(__name__)
pool = mysql.connector.connect(user="shop", database="shop")


@app.post("/subscribe")
def subscribe():
    email = request.form["email"].strip()
    source = request.form.get("source", "web")
    cursor = pool.cursor()
    cursor.execute("INSERT INTO subscribers (email, source) VALUES ('%s', '%s')" % (email, source))
    pool.commit()
    return redirect("/thanks")
