from datetime import datetime, timedelta, timezone

stamps = ["2026-03-01T09:15:00", "2026-03-01T17:45:30", "2026-03-02T08:00:00"]
times = [datetime.fromisoformat(s).replace(tzinfo=timezone.utc) for s in stamps]
gaps = [(b - a).total_seconds() / 3600 for a, b in zip(times, times[1:])]
formatted = [t.strftime("%d/%m/%Y %H:%M") for t in times]
later = (times[0] + timedelta(days=45, hours=3)).isoformat()
parsed = datetime.strptime("25 Dec 2026", "%d %b %Y")
{"gaps": [round(g, 4) for g in gaps], "formatted": formatted, "later": later, "weekday": parsed.strftime("%A")}
