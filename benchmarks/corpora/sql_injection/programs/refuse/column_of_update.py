# expect: refuse
def set_field(connection, user_id, field, value):
    """Change one field of a profile; the value is a parameter, the field's name is not."""
    connection.execute("UPDATE profiles SET %s = ? WHERE id = ?" % field, (value, user_id))
    connection.commit()
