/** Commands that plugins offer to the guide and to one another. */

export type Command = (args: unknown, caller: string) => Promise<unknown>;

interface Entry {
  readonly owner: string;
  readonly run: Command;
}

export class Commands {
  private readonly entries = new Map<string, Entry>();

  register(owner: string, name: string, run: Command): () => void {
    const entry = { owner, run };
    this.entries.set(name, entry);
    return () => {
      if (this.entries.get(name) === entry) this.entries.delete(name);
    };
  }

  async execute(caller: string, name: string, args: unknown): Promise<unknown> {
    const entry = this.entries.get(name);
    if (entry === undefined) throw new Error(`there is no command ${name}`);
    return entry.run(args, caller);
  }
}
