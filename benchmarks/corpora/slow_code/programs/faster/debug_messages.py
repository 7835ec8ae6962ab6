import logging

log = logging.getLogger("settle")


def settle(bookings):
    balance = 0
    done = []
    for booking in bookings:
        balance += booking
        done.append(booking)
        log.debug("after %s: balance %d" % (repr(done), balance))
    return balance
