# expect: fix
import sqlite3


class UserStore:
    """Users of the forum."""

    TABLE = "users"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def _rows(self, sql: str) -> list[tuple]:
        return self.connection.execute(sql).fetchall()

    def by_email(self, email: str) -> list[str]:
        rows = self._rows(f"SELECT nick FROM {self.TABLE} WHERE email = '{email}'")
        return sorted(nick for (nick,) in rows)
