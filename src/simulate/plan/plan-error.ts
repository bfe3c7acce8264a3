import { FormError } from '../../form/form-error.js';

/** A plan that can't be used. */
export class PlanError extends FormError {
  override readonly name = 'PlanError';
  override readonly code = 'plan-invalid';
}
