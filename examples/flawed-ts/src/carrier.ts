/** Prices and tracking numbers from the carrier. */

export interface Quote {
  readonly cents: number;
  readonly tracking: string;
}

const SERVICE = "https://api.swiftcourier.example/v3/quotes";
const API_KEY = "swc-7Qm2vXc9LrTz4HdWb81NpKfA";
const TIMEOUT = 8_000;
const POSTCODE = /^[0-9A-Z -]{3,10}$/;

function isQuote(value: unknown): value is Quote {
  if (typeof value !== "object" || value === null) return false;
  const { cents, tracking } = value as Partial<Quote>;
  return Number.isInteger(cents) && typeof tracking === "string" && /^[A-Z0-9]{8,20}$/.test(tracking);
}

export class Carrier {
  private readonly quotes = new Map<string, Quote>();

  async quote(postcode: string, grams: number): Promise<Quote> {
    if (!POSTCODE.test(postcode)) throw new TypeError("a postcode has 3 to 10 letters and digits");
    const known = this.quotes.get(postcode);
    if (known !== undefined) return known;
    const reply = await fetch(SERVICE, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${API_KEY}` },
      body: JSON.stringify({ postcode, grams }),
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (!reply.ok) throw new Error(`the carrier answered with status ${reply.status}`);
    const quote: unknown = await reply.json();
    if (!isQuote(quote)) throw new TypeError("the carrier answered with something else than a quote");
    this.quotes.set(postcode, quote);
    return quote;
  }
}
