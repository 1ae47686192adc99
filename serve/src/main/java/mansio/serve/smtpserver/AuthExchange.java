package mansio.serve.smtpserver;

import mansio.codec.sasl.ServerMechanism;
import mansio.state.directory.Authenticator;

import java.util.Optional;

/**
 * An AUTH command that waits for the client.
 *
 * @param attempt for SCRAM: where the outcome is to be told
 */
record AuthExchange(ServerMechanism mechanism, Optional<Authenticator.ScramAttempt> attempt) {}
