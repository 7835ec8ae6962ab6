const floats = Float32Array.from([1.5, 2.25, -3.75]);
const bytes = new Uint8Array(floats.buffer);
const ints = new Int16Array([32767, 1]);
ints[0] += 1;
const view = new DataView(new ArrayBuffer(8));
view.setUint32(0, 0xdeadbeef);
view.setInt16(4, -2, true);
({ bytes: bytes.length, wrapped: ints[0], hex: view.getUint32(0).toString(16), little: view.getUint8(4), sum: floats.reduce((a, b) => a + b, 0) });
