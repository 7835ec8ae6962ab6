# expect: safe
BASE = "SELECT name FROM staff "
ACTIVE = "WHERE left_on IS NULL "
ORDER = "ORDER BY name"


def staff(connection, everyone=False):
    sql = BASE + ("" if everyone else ACTIVE) + ORDER
    return [row[0] for row in connection.execute(sql)]
