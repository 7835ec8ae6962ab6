def travel_times(roads, start):
    """Shortest time to each place, -1 where no road leads."""
    times = {start: 0}
    open_places = [start]
    closed = []
    while open_places:
        place = min(open_places, key=lambda each: times[each])
        open_places.remove(place)
        closed.append(place)
        for other, minutes in roads[place]:
            if other in closed:
                continue
            if other not in times or times[place] + minutes < times[other]:
                times[other] = times[place] + minutes
            if other not in open_places:
                open_places.append(other)
    return [times.get(place, -1) for place in range(len(roads))]
