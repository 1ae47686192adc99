package mansio.serve.imapserver;

import mansio.codec.imap.Command;
import mansio.codec.imap.Reply;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** ENABLE: RFC 9051 section 6.3.1, RFC 5161. */
final class Enable {
    private Enable() {}

    static Reply handle(Call call, Command.Enable command) throws IOException {
        SessionState session = call.session();
        if (session.selected().isPresent()) {
            return Replies.ENABLE_BEFORE_SELECT;
        }
        Enabled enabled = session.enabled();
        List<String> names = new ArrayList<>();
        for (String capability : command.capabilities()) {
            switch (capability) {
                case "IMAP4REV2" -> {
                    enabled.enableRev2();
                    names.add("IMAP4rev2");
                }
                case "UTF8=ACCEPT" -> {
                    enabled.enableUtf8();
                    names.add(capability);
                }
                case "CONDSTORE" -> {
                    enabled.enableCondStore();
                    names.add(capability);
                }
                case "QRESYNC" -> {
                    enabled.enableQresync();
                    names.add(capability);
                }
                default -> {} // RFC 5161 section 3.1: unknown ones are ignored.
            }
        }
        call.out().form(session.form());
        call.out().enabled(names);
        return Replies.COMPLETED;
    }
}
