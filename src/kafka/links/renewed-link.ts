import { KafkaFault } from '../fault.js';
import type { KafkaConnection } from './connection.js';
import { Link, type LinkOptions } from './link.js';

/** A link that is made when it is needed, and anew after it was dropped, until it is closed. */
export class RenewedLink {
  #link: Link | null = null;
  #isClosed = false;

  constructor(
    private readonly connection: KafkaConnection,
    private readonly options: LinkOptions,
  ) {}

  /** The link to use now. Throws `KafkaFault` once this is closed. */
  open(): Link {
    if (this.#isClosed) throw new KafkaFault('kafka-unavailable', 'its connections were closed', false);
    this.#link ??= new Link(this.connection, this.options);
    return this.#link;
  }

  /** Cuts the connections of a link, of the newest one unless another is named; the next use makes new ones. */
  drop(link: Link | null = this.#link): void {
    link?.drop();
    if (this.#link === link) this.#link = null;
  }

  /** Cuts the connections for good. */
  close(): void {
    this.#isClosed = true;
    this.drop();
  }
}
