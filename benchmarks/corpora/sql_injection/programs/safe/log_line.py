# expect: safe
import logging

logger = logging.getLogger(__name__)


def choose(connection, name):
    logger.info(f"SELECT requested from cities WHERE name = '{name}'")
    rows = connection.execute("SELECT mayor FROM cities WHERE name = ?", (name,)).fetchall()
    if not rows:
        logger.warning("select found nothing from cities where name = '%s'" % name)
    return [mayor for mayor, in rows]
