package mansio.serve.imapserver;

import mansio.state.mailbox.Flags;
import mansio.state.mailbox.SystemFlag;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** From flags as the wire has them to those of the mailbox room. */
final class MessageFlags {
    private MessageFlags() {}

    /** Empty when a keyword is too long, or there are too many for one message. */
    static Optional<Flags> of(List<String> names) {
        Set<SystemFlag> system = EnumSet.noneOf(SystemFlag.class);
        List<String> keywords = new ArrayList<>();
        for (String name : names) {
            Optional<SystemFlag> flag = SystemFlag.ofImapName(name);
            if (flag.isPresent()) {
                system.add(flag.get());
            } else if (Flags.isKeyword(name)) {
                keywords.add(name);
            } else {
                return Optional.empty();
            }
        }
        return keywords.size() > Flags.MAX_KEYWORDS
                ? Optional.empty()
                : Optional.of(Flags.of(system, keywords));
    }

    /** True when the message has the flag of that name. */
    static boolean has(Flags flags, String name) {
        Optional<SystemFlag> system = SystemFlag.ofImapName(name);
        return system.isPresent() ? flags.has(system.get()) : flags.hasKeyword(name);
    }
}
