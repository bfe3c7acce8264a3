/** What was asked about isn't in the history: an answer about nothing would look like one about something. */
export class NotInHistory extends RangeError {
  override readonly name = 'NotInHistory';
  readonly code = 'not-found';
}
