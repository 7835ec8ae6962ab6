import statistics

samples = [12.1, 13.4, 11.8, 15.2, 14.9, 12.7, 13.3, 19.9]
{
    "mean": round(statistics.mean(samples), 3),
    "median": statistics.median(samples),
    "stdev": round(statistics.stdev(samples), 4),
    "quartiles": [round(q, 3) for q in statistics.quantiles(samples, n=4)],
}
