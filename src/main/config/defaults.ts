/** Where an embedded fabric listens unless told otherwise; the CLI looks for one there. */
export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_PORT = 7420;
export const DEFAULT_URL = `http://${DEFAULT_HOST}:${DEFAULT_PORT}`;
export const DEFAULT_TENANT = 'default';
export const DEFAULT_DATA = 'marie-data';
/** The port of the broker that `marie up --dev-kafka` starts. */
export const DEV_KAFKA_PORT = 9092;
