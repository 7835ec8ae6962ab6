from enum import IntFlag


class Right(IntFlag):
    NONE = 0
    READ = 1
    WRITE = 2
    ADMIN = 4


ROLES = {
    "guest": Right.READ,
    "author": Right.READ | Right.WRITE,
    "owner": Right.READ | Right.WRITE | Right.ADMIN,
}


class User:
    def __init__(self, name, roles):
        self.name = name
        self.roles = roles

    def rights(self):
        granted = Right.NONE
        for role in self.roles:
            granted |= ROLES[role]
        return granted

    def can(self, right):
        return right in self.rights()


users = [User("Ola", ["guest"]), User("Per", ["guest", "author"]), User("Siv", ["owner"])]
for user in users:
    allowed = [right.name.lower() for right in (Right.READ, Right.WRITE, Right.ADMIN) if user.can(right)]
    print(user.name + " may " + ", ".join(allowed), int(user.rights()))
print(User("Nix", []).can(Right.READ))
