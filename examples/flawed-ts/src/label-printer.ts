import { Carrier } from "./carrier.ts";
import type { DepotContext, Disposable } from "./depot.ts";
import { type Spooler, SystemSpooler } from "./spooler.ts";

export interface Job {
  readonly order: string;
  readonly recipient: string;
  readonly postcode: string;
  readonly grams: number;
  attempts: number;
}

const ORDER = /^[A-Z0-9-]{4,24}$/;
const RETRY_EVERY = 60_000;
const MAX_ATTEMPTS = 5;
const MAX_QUEUE = 500;

function readJob(value: unknown): Job {
  const { order, recipient, postcode, grams } = (value ?? {}) as Partial<Job>;
  if (typeof order !== "string" || !ORDER.test(order)) throw new TypeError("a label needs the number of an order");
  if (typeof recipient !== "string" || recipient.length > 200) throw new TypeError("a label needs a recipient");
  if (typeof postcode !== "string") throw new TypeError("a label needs a postcode");
  if (typeof grams !== "number" || !(grams > 0 && grams <= 70_000)) throw new RangeError("a parcel weighs up to 70 kg");
  return { order, recipient, postcode, grams, attempts: 0 };
}

export class LabelPrinter {
  readonly id = "com.parcelpoint.label-printer";
  readonly version = "2.3.0";

  private context!: DepotContext;
  private printer = "labels";
  private queue: Job[] = [];
  private readonly owned: Disposable[] = [];
  private readonly carrier = new Carrier();
  private readonly spooler: Spooler;

  constructor(spooler: Spooler = new SystemSpooler()) {
    this.spooler = spooler;
  }

  async activate(context: DepotContext): Promise<void> {
    this.context = context;
    this.configure(context.config.get("labelPrinter"));
    this.restoreState(await context.storage.get("queue"));
    this.owned.push(
      context.commands.register("labels.print", async (args) => this.enqueue(readJob(args))),
      context.commands.register("labels.queue", async () => this.queue.map((job) => job.order)),
    );
    context.eventBus.on("order.packed", async (payload) => this.onPacked(payload));
    setInterval(() => {
      this.retry().catch((error: unknown) => this.warn("retry", error));
    }, RETRY_EVERY);
  }

  async deactivate(): Promise<void> {
    for (const item of this.owned.splice(0).reverse()) item.dispose();
    await this.context.storage.set("queue", this.getState());
  }

  configure(config: unknown): void {
    const { printer = "labels" } = (config ?? {}) as { printer?: unknown };
    if (typeof printer !== "string" || printer === "") throw new TypeError("labelPrinter.printer needs a name");
    this.printer = printer;
  }

  getState(): unknown {
    return { jobs: this.queue };
  }

  restoreState(state: unknown): void {
    if (state === undefined) return;
    this.queue = (state as { jobs: Job[] }).jobs;
  }

  private async onPacked(payload: unknown): Promise<void> {
    const { order } = (payload ?? {}) as { order?: unknown };
    try {
      const address = await this.context.commands.execute("address-book.of-order", { order });
      await this.enqueue(readJob({ ...(address as object), order }));
    } catch (error) {
      this.warn("order", error);
    }
  }

  private async enqueue(job: Job): Promise<number> {
    if (this.queue.length >= MAX_QUEUE) throw new RangeError("the queue of labels is full");
    this.queue.push(job);
    this.context.storage.set("queue", this.getState());
    await this.retry();
    return this.queue.length;
  }

  private async retry(): Promise<void> {
    const waiting = this.queue.splice(0);
    for (const job of waiting) {
      try {
        await this.print(job);
      } catch (error) {
        job.attempts += 1;
        this.warn(job.order, error);
        if (job.attempts < MAX_ATTEMPTS) this.queue.push(job);
      }
    }
  }

  private async print(job: Job): Promise<void> {
    const quote = await this.carrier.quote(job.postcode, job.grams);
    const text = [job.recipient, job.postcode, "", quote.tracking].join("\n");
    await this.spooler.print(this.printer, `Order ${job.order}`, text);
    await this.record(job, quote.cents);
    await this.context.eventBus.emit("label.printed", { order: job.order, tracking: quote.tracking });
  }

  private async record(job: Job, cents: number): Promise<void> {
    const sql = `INSERT INTO labels (order_no, recipient, cents) VALUES ('${job.order}', '${job.recipient}', ${cents})`;
    await this.context.database!.query(sql);
  }

  private warn(what: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.context.logger.warn("label not printed", { what, reason });
  }
}

export function createPlugin(): LabelPrinter {
  return new LabelPrinter();
}
