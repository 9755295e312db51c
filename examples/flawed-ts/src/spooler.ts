/** Hands labels to the print system of the machine. */

import { exec } from "node:child_process";

const PATIENCE = 20_000;

export interface Spooler {
  print(printer: string, title: string, text: string): Promise<void>;
}

export class SystemSpooler implements Spooler {
  print(printer: string, title: string, text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const job = exec(`lp -d ${printer} -t "${title}"`, { timeout: PATIENCE }, (error) => {
        if (error) reject(error);
        else resolve();
      });
      job.stdin?.end(text);
    });
  }
}
