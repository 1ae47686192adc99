package mansio.serve.inbound;

import mansio.codec.text.LocalPart;

/**
 * An address of each domain of ours that answers with what was found about a message.
 *
 * @param localPart in any case
 * @param perSender answers to one sender within an hour
 * @param perHour answers to all within an hour
 */
public record ReflectorSettings(LocalPart localPart, int perSender, int perHour) {
    public ReflectorSettings {
        if (perSender < 1 || perHour < 1) throw new IllegalArgumentException("no answers");
    }
}
