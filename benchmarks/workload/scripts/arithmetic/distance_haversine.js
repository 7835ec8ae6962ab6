function haversine(lat1, lon1, lat2, lon2) {
  const R = 6371;
  const toRad = deg => deg * Math.PI / 180;
  const dLat = toRad(lat2 - lat1);
  const dLon = toRad(lon2 - lon1);
  const a = Math.sin(dLat / 2) ** 2 + Math.cos(toRad(lat1)) * Math.cos(toRad(lat2)) * Math.sin(dLon / 2) ** 2;
  return R * 2 * Math.atan2(Math.sqrt(a), Math.sqrt(1 - a));
}

const cities = { oslo: [59.91, 10.75], paris: [48.86, 2.35], tokyo: [35.68, 139.69] };
const names = Object.keys(cities);
const out = {};
for (let i = 0; i < names.length; i++) {
  for (let j = i + 1; j < names.length; j++) {
    out[names[i] + '-' + names[j]] = Math.round(haversine(...cities[names[i]], ...cities[names[j]]));
  }
}
out
