// What was typed into the popup. It outlives the form: an agent that ends and comes back takes nothing away.

export class Typed {
  code = $state('');
  /** The last code that AWS has answered. It is not sent again. */
  spent = $state('');
  /** Lifetime in seconds that was chosen. */
  lifetime = $state<number>();
}
