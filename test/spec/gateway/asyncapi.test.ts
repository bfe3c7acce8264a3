import avsc from 'avsc';
import { expect, it } from 'vitest';
import { CODE_NAMES } from '../../../src/catalogue/generated/codes.js';
import { asyncApi } from '../../../src/gateway/asyncapi.js';
import { TURN_CONTENT_TYPE } from '../../../src/journal/kafka/record.js';

interface Document {
  readonly defaultContentType: string;
  readonly channels: Record<string, { address: string; messages: Record<string, { $ref: string }> }>;
  readonly operations: Record<string, { action: string; channel: { $ref: string } }>;
  readonly components: {
    messages: Record<string, { contentType?: string; payload: { schemaFormat?: string; schema: object } }>;
  };
}

const document = JSON.parse(JSON.stringify(asyncApi('main', '1.0.0'))) as Document;

it('has every input and event on one topic, and every topic in one direction', () => {
  const carried = Object.values(document.channels).flatMap(({ messages }) => Object.keys(messages));
  expect(carried.toSorted()).toEqual([...CODE_NAMES.values(), 'Turn', 'TurnTimings', 'Dispatch'].toSorted());
  expect(document.channels['submissions']?.address).toBe('marie.main.submissions');
  expect(document.operations['sendSubmissions']).toEqual({
    action: 'send',
    channel: { $ref: '#/channels/submissions' },
  });
  expect(Object.keys(document.operations)).toHaveLength(Object.keys(document.channels).length);
  for (const { messages } of Object.values(document.channels)) {
    for (const { $ref } of Object.values(messages)) {
      expect(document.components.messages).toHaveProperty($ref.split('/').at(-1)!);
    }
  }
});

it('says what is binary, and has what is JSON: the dispatch itself beside its event, and times with fractions', () => {
  expect(Object.keys(document.channels['dispatches']!.messages)).toEqual(
    expect.arrayContaining(['JobDispatched', 'Dispatch']),
  );
  const { properties } = document.components.messages['TurnTimings']!.payload as unknown as {
    properties: Record<string, { type: string }>;
  };
  const types = Object.entries(properties).map(([name, { type }]) => `${name}: ${type}`);
  expect(types).toEqual([
    'turn: integer',
    'takenAt: number',
    'planned: number',
    'appended: number',
    'published: number',
    'planMs: number',
  ]);
  expect(document.defaultContentType).toBe('application/avro');
  expect(document.components.messages['Turn']?.contentType).toBe(TURN_CONTENT_TYPE);
});

it('has schemas that an Avro library takes, each for itself', () => {
  for (const [name, { payload }] of Object.entries(document.components.messages)) {
    if (name === 'TurnTimings' || name === 'Dispatch') continue;
    expect(avsc.Type.forSchema(payload.schema as never).name).toBe(`marie.v1.${name}`);
  }
});
