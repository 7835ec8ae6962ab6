# expect: fix
import pymysql


def query(connection: pymysql.connections.Connection, sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def hotels_near(connection, town: str, max_price: str) -> list[tuple]:
    return query(
        connection,
        "SELECT name, price FROM hotels WHERE town = '{town}' AND price <= {max_price}".format(
            town=town, max_price=max_price
        ),
    )
