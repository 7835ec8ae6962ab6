// expect: fix
import { QueryTypes, Sequelize } from "sequelize";
import type { Request, Response } from "express";

const sequelize = new Sequelize(process.env.DATABASE_URL as string);

export async function listEvents(req: Request, res: Response): Promise<void> {
  const town = String(req.query.town ?? "");
  const events = await sequelize.query(`SELECT id, name FROM events WHERE town = '${town}' AND cancelled = 0`, {
    type: QueryTypes.SELECT,
  });
  res.send(events);
}
