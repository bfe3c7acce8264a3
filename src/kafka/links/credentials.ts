/** How a client proves who it is. */
import type { AuthenticationProviderArgs, Mechanism } from 'kafkajs';
import oauthBearer from 'kafkajs/src/broker/saslAuthenticator/oauthBearer.js';
import plain from 'kafkajs/src/broker/saslAuthenticator/plain.js';
import scram256 from 'kafkajs/src/broker/saslAuthenticator/scram256.js';
import scram512 from 'kafkajs/src/broker/saslAuthenticator/scram512.js';

/** What a client has to prove who it is. */
export type KafkaCredentials =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: string;
    }
  | { readonly mechanism: 'oauthbearer'; readonly token: () => Promise<string> };

type Provider = Mechanism['authenticationProvider'];

const BY_PASSWORD = { plain, 'scram-sha-256': scram256, 'scram-sha-512': scram512 };

/** Credentials in the client's form. */
export function saslOf(credentials: KafkaCredentials | undefined): Mechanism | undefined {
  if (credentials === undefined) return undefined;
  return { mechanism: credentials.mechanism, authenticationProvider: withOwnErrors(providerOf(credentials)) };
}

function providerOf(credentials: KafkaCredentials): Provider {
  if (credentials.mechanism !== 'oauthbearer') {
    const provider = BY_PASSWORD[credentials.mechanism];
    // The password is read here, once: where that fails, the client would take it for an answer of the broker.
    return (asked) => provider({ ...credentials })(asked);
  }
  const { token } = credentials;
  return oauthBearer({ oauthBearerProvider: async () => ({ value: await token() }) });
}

/**
 * The client says of every request that fails on the way that the proof was refused, of one that the broker never
 * answered, too, since it went away. Here a request fails with what it failed with.
 */
function withOwnErrors(provider: Provider): Provider {
  return (asked) => {
    let failure: unknown;
    const saslAuthenticate: AuthenticationProviderArgs['saslAuthenticate'] = async (request) => {
      try {
        return await asked.saslAuthenticate(request);
      } catch (error) {
        failure = error;
        throw error;
      }
    };
    const authenticator = provider({ ...asked, saslAuthenticate });
    return {
      async authenticate() {
        try {
          await authenticator.authenticate();
        } catch (error) {
          throw failure ?? error;
        }
      },
    };
  };
}
