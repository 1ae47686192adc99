package mansio.serve.imapserver;

import mansio.codec.imap.Command;
import mansio.codec.imap.Reply;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Map;

/** ID: RFC 2971. What a client says of itself is for the log only. */
final class Id {
    private static final Logger LOG = LoggerFactory.getLogger(Id.class);

    private Id() {}

    static Reply handle(Call call, Command.Id command) throws IOException {
        for (Command.Id.Field field : command.fields()) {
            if (field.name().equalsIgnoreCase("name")) {
                LOG.debug("client name={}", field.value().orElse(""));
            }
        }
        call.out().id(Map.of("name", "Mansio"));
        return Replies.COMPLETED;
    }
}
