package mansio.serve.inbound;

import mansio.codec.message.HeaderField;
import mansio.codec.message.ParsedMessage;
import mansio.codec.text.Address;
import mansio.serve.inbound.Transaction.RoutedRecipient;
import mansio.state.directory.ReturnPaths;
import mansio.state.directory.Route;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Circles of aliases over several servers. What is forwarded for an address carries that address's
 * mark; a message that comes to the address with it was here before. A circle of others is stopped
 * by the number of Received fields.
 */
final class Loops {
    private static final String FIELD = "Mansio-Forwarded";

    /** Marks that one message gets from us; a circle through more is found a turn later. */
    private static final int MAX_MARKS = 20;

    /** Fields that are compared; who writes more cheats only himself. */
    private static final int MAX_COMPARED = 200;

    private Loops() {}

    /** The fields to put in front of the message; empty when nothing of it is forwarded. */
    static byte[] marks(ReturnPaths paths, List<RoutedRecipient> recipients) throws IOException {
        StringBuilder fields = new StringBuilder();
        int marks = 0;
        for (RoutedRecipient recipient : recipients) {
            if (isForwarded(recipient) && marks++ < MAX_MARKS) {
                String mark = paths.loopMark(recipient.forwardPath());
                fields.append(FIELD).append(": ").append(mark).append("\r\n");
            }
        }
        return fields.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Recipients that the message was forwarded for before.
     *
     * @param message as it came
     */
    static Set<Address> found(
            ReturnPaths paths, List<RoutedRecipient> recipients, ParsedMessage message) {
        List<HeaderField> fields = message.header().all(FIELD);
        Set<Address> found = new HashSet<>();
        for (HeaderField field : fields.subList(0, Math.min(MAX_COMPARED, fields.size()))) {
            for (RoutedRecipient recipient : recipients) {
                if (isForwarded(recipient)
                        && paths.isLoopMark(field.unfolded().strip(), recipient.forwardPath())) {
                    found.add(recipient.forwardPath());
                }
            }
        }
        return found;
    }

    private static boolean isForwarded(RoutedRecipient recipient) {
        return recipient.route() instanceof Route.Ours(List<Route.Target> _, List<Route.Forward> to)
                && !to.isEmpty();
    }
}
