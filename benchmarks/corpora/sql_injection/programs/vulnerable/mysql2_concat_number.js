// expect: fix
import mysql from "mysql2/promise";

const connection = await mysql.createConnection(process.env.DB_URL);

export async function loadOrder(orderId) {
  const [rows] = await connection.execute("SELECT * FROM orders WHERE id = " + orderId);
  if (rows.length === 0) {
    throw new Error("no order " + orderId);
  }
  return rows[0];
}
