// expect: fix
import { Pool, QueryResult } from "pg";

interface Patient {
  id: number;
  surname: string;
}

export class PatientRepository {
  constructor(private readonly pool: Pool) {}

  async bySurname(surname: string): Promise<Patient[]> {
    const result: QueryResult<Patient> = await this.pool.query(
      `SELECT id, surname FROM patients WHERE surname = '${surname}'`,
    );
    return result.rows;
  }

  async remove(id: string): Promise<number> {
    const { rowCount } = await this.pool.query("DELETE FROM patients WHERE id = " + id);
    return rowCount ?? 0;
  }
}
