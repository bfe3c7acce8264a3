/** Fields of policies' keys by their names, and what a job has in one as readers get it. */
import { EVIDENCE_FIELD_NAMES, EvidenceField } from '../../catalogue/generated/codes.js';
import { kebab } from '../../catalogue/kebab.js';
import { NEVER } from '../../kernel/policy/edf.js';
import { NO_DEADLINE } from '../../kernel/policy/sla-buckets.js';

/** Name of a number of codes.json evidenceFields, as people read it. */
export function fieldName(field: number): string {
  return kebab(EVIDENCE_FIELD_NAMES.get(field) ?? 'none');
}

/** A value in a field; null where the DAG has no deadline: policies count with a number that no deadline has. */
export function fieldValue(field: number, value: number): number | null {
  if (field === EvidenceField.deadlineAt) return value === NEVER ? null : value;
  if (field === EvidenceField.slaBucket) return value === NO_DEADLINE ? null : value;
  return value;
}
