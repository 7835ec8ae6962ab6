const bytes = new TextEncoder().encode('naïve café ☕');
const hex = Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('');
const back = new TextDecoder().decode(bytes);
({ length: bytes.length, hex: hex.slice(0, 12), back })
