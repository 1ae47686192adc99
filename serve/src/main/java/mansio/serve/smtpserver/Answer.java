package mansio.serve.smtpserver;

import mansio.codec.smtp.Reply;

import java.util.List;

/**
 * What a command's handler gives to the loop: what to say, and what to do then.
 *
 * @param replies one, but for LMTP after a message one for each recipient, and none before a chunk
 */
record Answer(List<Reply> replies, Next next) {
    /** What the loop does after it has spoken. */
    enum Next {
        /** Read the next command. */
        COMMAND,
        /** Read a message to its final dot. */
        CONTENT,
        /** Read the chunk that was announced. */
        CHUNK,
        /** Read the client's answer to a challenge. */
        AUTH_RESPONSE,
        /** Take the server's side of a TLS handshake. */
        TLS_HANDSHAKE,
        /** End the session. */
        CLOSE,
        /** End the session, while the client may still be sending. */
        HANG_UP
    }

    static Answer of(Reply reply) {
        return new Answer(List.of(reply), Next.COMMAND);
    }

    static Answer of(List<Reply> replies) {
        return new Answer(replies, Next.COMMAND);
    }

    static Answer then(Next next, Reply reply) {
        return new Answer(List.of(reply), next);
    }

    static Answer silently(Next next) {
        return new Answer(List.of(), next);
    }

    static Answer close(Reply reply) {
        return new Answer(List.of(reply), Next.CLOSE);
    }

    static Answer hangUp(Reply reply) {
        return new Answer(List.of(reply), Next.HANG_UP);
    }
}
