package mansio.net.smtpclient;

import java.time.Duration;

/**
 * How long each wait may take: RFC 5321 section 4.5.3.2. All are positive.
 *
 * @param connect until the TCP connection stands
 * @param handshake of TLS
 * @param greeting until the 220 has come
 * @param command each reply to EHLO, STARTTLS, AUTH, MAIL, RCPT, RSET
 * @param dataStart the reply to DATA
 * @param dataBlock until a block of content (16 KiB, or a chunk of BDAT) has left
 * @param content until all content has left
 * @param dataEnd the reply to the message. Long, because a server that gets it and is not waited
 *     for makes a duplicate (RFC 1047)
 * @param farewell QUIT and its reply; also what is read of a server that hangs up on us
 */
public record Timeouts(
        Duration connect,
        Duration handshake,
        Duration greeting,
        Duration command,
        Duration dataStart,
        Duration dataBlock,
        Duration content,
        Duration dataEnd,
        Duration farewell) {
    /** What the RFC asks for. */
    public static final Timeouts RFC_5321 =
            new Timeouts(
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(3),
                    Duration.ofHours(2),
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(5));
}
