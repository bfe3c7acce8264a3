/** The brokers of an option: host:port, several with commas between. */
export function brokersOf(text: string): { brokers: string[] } {
  return { brokers: text.split(',').map((broker) => broker.trim()) };
}
